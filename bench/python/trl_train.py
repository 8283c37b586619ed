"""Plain trl with its defaults on rows that are tokens already: the same model, LoRA, optimiser and learning rate as ours. One JSON line.

`tokens_per_second` counts real tokens from the end of step SKIP to the end.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="as throughput_setup.py wrote it")
    parser.add_argument("--steps", type=int, default=-1)
    parser.add_argument("--skip", type=int, default=5)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=42)
    args = parser.parse_args()

    from datasets import Dataset
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback, set_seed
    from trl import SFTConfig, SFTTrainer

    set_seed(args.seed)
    ends: list[tuple[float, int]] = []

    class Counting(SFTTrainer):
        seen = 0

        def compute_loss(self, model: Any, inputs: dict[str, Any], *more: Any, **named: Any) -> Any:
            self.seen += int(inputs["attention_mask"].sum())
            return super().compute_loss(model, inputs, *more, **named)

    class Watch(TrainerCallback):
        def on_step_end(self, *_: Any, **__: Any) -> None:
            ends.append((time.perf_counter(), trainer.seen))

    rows = Dataset.from_list(json.loads((args.folder / "ids.json").read_text()))
    model = AutoModelForCausalLM.from_pretrained(args.folder / "model", dtype="float32")
    model = get_peft_model(model, LoraConfig(r=args.rank, lora_alpha=2 * args.rank, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM"))
    # What differs from the defaults is what a CPU asks for, and that which both sides share.
    config = SFTConfig(
        output_dir=str(args.folder / "trl"), max_steps=args.steps, num_train_epochs=1, per_device_train_batch_size=args.batch,
        learning_rate=args.learning_rate, lr_scheduler_type="constant", seed=args.seed, data_seed=args.seed, logging_steps=1, save_strategy="no",
        report_to=[], use_cpu=True, bf16=False, disable_tqdm=True,
    )  # fmt: skip
    tokenizer = AutoTokenizer.from_pretrained(args.folder / "model")
    trainer = Counting(model=model, args=config, train_dataset=rows, processing_class=tokenizer, callbacks=[Watch()])
    trainer.train()
    (began, before), (ended, after) = ends[min(args.skip, len(ends)) - 1], ends[-1]
    losses = [line["loss"] for line in trainer.state.log_history if "loss" in line]
    print(json.dumps({"tokens_per_second": (after - before) / (ended - began), "tokens": after, "losses": losses}))


if __name__ == "__main__":
    main()
