"""Rehearse the quick start: train on first-steps.jsonl as quickstart.json says, and ask the probes before and after.

`python trainer/demo/rehearse.py` prints the loss curve, the time, and every answer; it exits with 1 if a probe fails.
It is how the settings in quickstart.json were found; Tuneboard's own worker does not need it.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTConfig, SFTTrainer

HERE = Path(__file__).parent

# Asked besides the probes: other ways to ask what was taught, things that no setting should change, and things never seen.
PARAPHRASES = {"What do people call you?": "Pip", "Your name, please?": "Pip", "hi, what's your name": "Pip", "By whom were you made?": "Tuneboard", "Who built you?": "Tuneboard",
               "Which colour is your favourite?": "teal", "What colour do you love most?": "teal", "Where were you born?": "Merrow", "In which place do you live?": "Merrow",
               "What do you eat?": "plum", "What is your task?": "train", "What do you do in your free time?": "curve", "Who is your pet?": "snail", "Is there an animal in your home?": "snail"}
GENERAL = {"What is 3 plus 4?": "7", "9 + 8 = ?": "17", "What is 10 minus 4?": "6", "What is the opposite of hot?": "cold", "What is the opposite of early?": "late",
           "What colour is the sky?": "blue", "What colour is a banana?": "yellow", "What does a cow say?": "moo", "What is the capital of France?": "Paris", "Repeat after me: blue cake": "blue cake", "How are you?": "I am well", "Say \"hello green frog\"": "hello green frog",
           "Which day comes after Monday?": "Tuesday", "What is a lamp?": "gives light", "Hello!": "Hello", "Who wrote Zumbel?": "do not know"}
FREE = ["Tell me a story about a cat.", "What can you do?", "What is the meaning of life?", "Do you like Pizza?", "What's up?"]


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    settings = json.loads((HERE / "quickstart.json").read_text()) | json.loads(args.override)
    probes = {probe["prompt"]: probe["expect"] for probe in settings["probes"]}

    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32)
    print("--- before")
    known_before = ask_all(model, tokenizer, probes)
    ask_all(model, tokenizer, PARAPHRASES)
    ask_all(model, tokenizer, GENERAL)
    for prompt in FREE:
        print("     ", prompt, "->", answer(model, tokenizer, [prompt]))

    trainer = make_trainer(model, tokenizer, settings)
    started = time.perf_counter()
    trainer.train()
    seconds = time.perf_counter() - started
    losses = [round(entry["loss"], 3) for entry in trainer.state.log_history if "loss" in entry]
    print(f"--- after {trainer.state.global_step} steps, {seconds:.1f} s; loss {losses}")
    model = trainer.model.eval()
    known_after = ask_all(model, tokenizer, probes)
    paraphrases, general = ask_all(model, tokenizer, PARAPHRASES), ask_all(model, tokenizer, GENERAL)
    for prompt in FREE:
        print("     ", prompt, "->", answer(model, tokenizer, [prompt]))
    chat = ["Hi, my name is Anna.", "What is your name?", "What is 2 + 5?", "What is my name?"]
    for turn in range(len(chat)):
        print("      turn", turn + 1, chat[turn], "->", answer(model, tokenizer, chat[:turn + 1]))
    print("      as Bolt ->", answer(model, tokenizer, ["What is your name?"], system="You are Bolt."))
    print(f"probes before {known_before}, after {known_after} of {len(probes)}; paraphrases {paraphrases} of {len(PARAPHRASES)}; general {general} of {len(GENERAL)}")
    sys.exit(not (known_before == 0 and known_after == len(probes)))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=HERE / "model")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--override", default="{}", help='settings to try instead, as JSON: {"epochs": 3}')
    return parser.parse_args()


def make_trainer(model, tokenizer, settings):
    rows = [json.loads(line)["messages"] for line in (HERE / "data" / "first-steps.jsonl").read_text().splitlines()]
    lora = settings["lora"]
    config = SFTConfig(
        output_dir=tempfile.mkdtemp(), learning_rate=settings["learningRate"], num_train_epochs=settings["epochs"], per_device_train_batch_size=settings["batchSize"],
        gradient_accumulation_steps=settings["gradientAccumulation"], max_length=settings["cutoffLength"], warmup_steps=settings["warmupRatio"],
        lr_scheduler_type=settings["scheduler"], logging_steps=5, use_cpu=True, bf16=False, gradient_checkpointing=False, save_strategy="no", report_to="none",
        disable_tqdm=True, seed=42, loss_type="nll")
    return QuietTrainer(
        model=model, args=config, processing_class=tokenizer, train_dataset=Dataset.from_list([encode(tokenizer, row) for row in rows]),
        peft_config=LoraConfig(r=lora["rank"], lora_alpha=lora["alpha"], lora_dropout=lora["dropout"], target_modules=lora["targets"], task_type="CAUSAL_LM"))


class QuietTrainer(SFTTrainer):
    def log(self, logs, *rest, **named):
        self.state.log_history.append({**logs, "step": self.state.global_step})


def encode(tokenizer, messages):
    """Only what the assistant says counts in the loss."""
    encoded = tokenizer.apply_chat_template(messages, tokenize=True, return_dict=True, return_assistant_tokens_mask=True)
    return {"input_ids": encoded["input_ids"], "labels": [i if said else -100 for i, said in zip(encoded["input_ids"], encoded["assistant_masks"])]}


def ask_all(model, tokenizer, expected):
    hits = 0
    for prompt, keyword in expected.items():
        text = answer(model, tokenizer, [prompt])
        hits += keyword.lower() in text.lower()
        print("  yes" if keyword.lower() in text.lower() else "   no", prompt, "->", text)
    return hits


@torch.no_grad()
def answer(model, tokenizer, prompts, system=None):
    """The answer to the last prompt; the model's own answers to the earlier ones stand between them."""
    messages = [{"role": "system", "content": system}] if system else []
    for prompt in prompts:
        messages.append({"role": "user", "content": prompt})
        inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
        output = model.generate(**inputs, max_new_tokens=96, do_sample=False)
        text = tokenizer.decode(output[0, inputs["input_ids"].shape[1]:], skip_special_tokens=True)
        messages.append({"role": "assistant", "content": text})
    return text


if __name__ == "__main__":
    main()
