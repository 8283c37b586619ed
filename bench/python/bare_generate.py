"""Greedy model.generate and nothing else: first token and tokens per second, after one warm-up. One JSON line."""

import argparse
import json
import time
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


class Ticks:
    """A streamer that only looks at the clock; the first call brings the prompt."""

    def __init__(self) -> None:
        self.at: list[float] = []

    def put(self, _: Any) -> None:
        self.at.append(time.perf_counter())

    def end(self) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--prompt", required=True)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--requests", type=int, default=5)
    args = parser.parse_args()

    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32).eval()
    messages = [{"role": "user", "content": args.prompt}]
    inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    first_ms: list[float] = []
    rates: list[float] = []
    for request in range(args.requests + 1):
        ticks = Ticks()
        started = time.perf_counter()
        out = model.generate(
            input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], max_new_tokens=args.tokens, min_new_tokens=args.tokens,
            do_sample=False, streamer=ticks, pad_token_id=tokenizer.pad_token_id,
        )
        made = out.shape[1] - inputs["input_ids"].shape[1]
        if made != args.tokens:
            raise SystemExit(f"{made} tokens came where {args.tokens} were asked for")
        at = ticks.at[1:]
        if request > 0:
            first_ms.append(round((at[0] - started) * 1000, 2))
            rates.append(round((len(at) - 1) / (at[-1] - at[0]), 2))
    print(json.dumps({"tokens_per_second": rates, "first_token_ms": first_ms, "tokens": args.tokens}))


if __name__ == "__main__":
    main()
