"""What each stage adds to the frame of recipes/train.py: one module a stage, imported when its run begins.

A module has
- `Config` and `Trainer`: trl's, the latter with `Followed` in front;
- `load_model(folder, dtype, trust_remote_code)`: the base with the head that the stage needs;
- `encode(tokenizer, folder, parts, validation, job, events, control)`: EncodedData;
- `arguments(job)`: what its Config takes beside the arguments that all stages share.
"""
