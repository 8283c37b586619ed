"""The plain way to merge: load all, merge_and_unload, save. Times and peak memory as one JSON line."""

import argparse
import json
import resource
import time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--adapter", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()

    started = time.perf_counter()
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    imported = time.perf_counter()
    model = AutoModelForCausalLM.from_pretrained(args.base, dtype="auto")
    merged = PeftModel.from_pretrained(model, args.adapter).merge_and_unload()
    ready = time.perf_counter()
    merged.save_pretrained(args.out, max_shard_size="5GB")
    AutoTokenizer.from_pretrained(args.base).save_pretrained(args.out)
    ended = time.perf_counter()
    times = {"import_seconds": imported - started, "merge_seconds": ready - imported, "save_seconds": ended - ready, "seconds": ended - started}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({name: round(value, 3) for name, value in times.items()} | {"peak_rss_bytes": peak}))


if __name__ == "__main__":
    main()
