"""The plain trl script that one would write by hand: the same rows, the same LoRA, no server and no events. One JSON line.

`seconds_to_first_step` counts from the start of the process, as the operating system knows it, to the end of the first step.
"""

import time

ENTERED = time.time()

import argparse
import json
import os
from pathlib import Path
from typing import Any


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--rows", required=True, help="rows.jsonl as trainer.prepare writes it: one object with messages a line")
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--out", default="/tmp/tuneboard-bare-train")
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--alpha", type=float, default=32)
    parser.add_argument("--targets", default="q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,down_proj")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--accumulation", type=int, default=1)
    parser.add_argument("--cutoff", type=int, default=256)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=42)
    args = parser.parse_args()
    started = process_start()

    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
    from trl import SFTConfig, SFTTrainer

    ends: list[float] = []

    class Watch(TrainerCallback):
        def on_step_end(self, *_: Any, **__: Any) -> None:
            ends.append(time.time())

    tokenizer = AutoTokenizer.from_pretrained(args.model)
    with open(args.rows) as file:
        rows = [json.loads(line) for line in file]
    conversations = [messages_of(row) for row in rows if row["messages"] is not None]
    data = Dataset.from_list([encode(tokenizer, messages) for messages in conversations])
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype="float32")
    config = SFTConfig(
        output_dir=args.out, max_steps=args.steps, per_device_train_batch_size=args.batch, gradient_accumulation_steps=args.accumulation,
        learning_rate=args.learning_rate, max_length=args.cutoff, logging_steps=1, save_strategy="no", report_to=[], seed=args.seed,
        use_cpu=True, bf16=False, gradient_checkpointing=False, disable_tqdm=True,
    )
    lora = LoraConfig(r=args.rank, lora_alpha=args.alpha, target_modules=args.targets.split(","), task_type="CAUSAL_LM")
    trainer = SFTTrainer(model=model, args=config, train_dataset=data, processing_class=tokenizer, peft_config=lora, callbacks=[Watch()])
    trainer.train()
    rate = (len(ends) - 1) / (ends[-1] - ends[0]) if len(ends) > 1 else None
    print(json.dumps({"seconds_to_first_step": round(ends[0] - started, 3), "steps_per_second": rate, "rows": len(data)}))


def messages_of(row: dict[str, Any]) -> list[dict[str, str]]:
    return [{"role": message["role"], "content": message["content"]} for message in row["messages"]]


def encode(tokenizer: Any, messages: list[dict[str, str]]) -> dict[str, list[int]]:
    """Loss on the last answer: the shortest honest way that works with any template."""
    whole = tokenizer.apply_chat_template(messages, return_dict=True)["input_ids"]
    prompt = tokenizer.apply_chat_template(messages[:-1], add_generation_prompt=True, return_dict=True)["input_ids"]
    return {"input_ids": whole, "labels": [-100] * len(prompt) + whole[len(prompt) :]}


def process_start() -> float:
    """Linux tells when the process began, before Python itself was up; elsewhere the first line of this file must do."""
    try:
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        uptime = float(Path("/proc/uptime").read_text().split()[0])
    except OSError:
        return ENTERED
    return time.time() - (uptime - ticks / os.sysconf("SC_CLK_TCK"))


if __name__ == "__main__":
    main()
