"""Make the demo model from nothing: text, tokenizer, weights. `python trainer/demo/build.py` writes trainer/demo/model/.

A Llama of 1.6 M parameters that chats in very simple English. It is trained here, on one CPU core, on text that
`corpus.py` makes, so that Tuneboard's quick start needs no download, no account and no GPU.
The same seed gives the same text and the same order; the weights may differ in the last bits between machines.
"""

import argparse
import hashlib
import json
import math
import random
import shutil
import time
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

import corpus
import lessons

HERE = Path(__file__).parent
PAD, BOS, END = "<|pad|>", "<|bos|>", "<|end|>"
SPECIAL = [PAD, BOS, END, "<|system|>", "<|user|>", "<|assistant|>"]

VOCABULARY = 2000
CONTEXT = 512
TOKENS_PER_STEP = 1024
SHORT_WINDOW = 256  # most of the training; the last part uses windows of CONTEXT tokens
PEAK_LEARNING_RATE = 3e-3
WARMUP_STEPS = 100
HELD_OUT_PERCENT = 2


def main():
    args = arguments()
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)

    lessons.write(HERE / "data", seed=args.seed)
    if args.data_only:
        return
    tokenizer = train_tokenizer(args.seed)
    held_out = held_out_ids(tokenizer, args.seed)
    model = new_model(tokenizer)
    print(f"{model.num_parameters():,} parameters, {len(tokenizer)} pieces, {sum(map(len, held_out)):,} held-out tokens", flush=True)

    seconds = pretrain(model, training_stream(tokenizer, args.seed), held_out, args.steps)
    save(model, tokenizer, args.out)

    shipped = LlamaForCausalLM.from_pretrained(args.out, dtype=torch.float32)
    report = {"parameters": model.num_parameters(), "pieces": len(tokenizer), "steps": args.steps, "tokens": args.steps * TOKENS_PER_STEP,
              "seconds": round(seconds), "threads": args.threads, "seed": args.seed, "heldOutTokens": sum(map(len, held_out)),
              "heldOutLoss": round(held_out_loss(shipped, held_out), 4), "heldOutAnswerLoss": round(held_out_answer_loss(shipped, tokenizer, args.seed), 4),
              "bytes": sum(f.stat().st_size for f in args.out.iterdir())}
    print(json.dumps(report, indent=2))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "model")
    parser.add_argument("--steps", type=int, default=3200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data-only", action="store_true", help="write trainer/demo/data/ and stop")
    return parser.parse_args()


# ---------------------------------------------------------------- text

def documents(seed):
    """An endless stream of (kind, text or messages): about seven chats to one plain text."""
    rng = random.Random(seed)
    while True:
        yield corpus.prose(rng) if rng.random() < 0.12 else corpus.chat(rng)


def is_held_out(document):
    """Decided by the text itself, so that no held-out document, however often the dice repeat it, is ever trained on."""
    return int(hashlib.sha256(json.dumps(document).encode()).hexdigest(), 16) % 100 < HELD_OUT_PERCENT


def encode(tokenizer, document):
    if isinstance(document, str):
        return tokenizer(BOS + document + END).input_ids
    return tokenizer.apply_chat_template(document, tokenize=True, return_dict=True)["input_ids"]


def training_stream(tokenizer, seed):
    for document in documents(seed):
        if not is_held_out(document):
            yield encode(tokenizer, document)


def held_out_documents(seed, limit=600):
    unique = {}
    for document in documents(seed + 1):
        if is_held_out(document):
            unique[json.dumps(document)] = document
        if len(unique) == limit:
            return list(unique.values())


def held_out_ids(tokenizer, seed):
    return [encode(tokenizer, document) for document in held_out_documents(seed)]


def windows(stream, length, count):
    """Documents one after another, cut into rows of `length`; every row begins with a document."""
    rows = []
    for _ in range(count):
        row = []
        while len(row) < length:
            row += next(stream)
        rows.append(row[:length])
    return torch.tensor(rows)


# ---------------------------------------------------------------- tokenizer

def train_tokenizer(seed, sample=30_000):
    """Byte-level BPE: any text can be written with it. Digits stand alone, so that sums have a shape to learn."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"\d"), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    stream = documents(seed)
    texts = (plain_text(next(stream)) for _ in range(sample))
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=PAD, bos_token=BOS, eos_token=END, extra_special_tokens=SPECIAL[3:], model_max_length=CONTEXT,
        padding_side="left", clean_up_tokenization_spaces=False, chat_template=(HERE / "chat_template.jinja").read_text().strip())


def plain_text(document):
    return document if isinstance(document, str) else "\n".join(message["content"] for message in document)


# ---------------------------------------------------------------- model

def new_model(tokenizer):
    return LlamaForCausalLM(LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=160, intermediate_size=432, num_hidden_layers=4, num_attention_heads=5, num_key_value_heads=5,
        max_position_embeddings=CONTEXT, tie_word_embeddings=True, initializer_range=0.04,
        pad_token_id=tokenizer.pad_token_id, bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id))


def pretrain(model, stream, held_out, steps):
    matrices = [p for p in model.parameters() if p.dim() == 2]
    gains = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.05}, {"params": gains, "weight_decay": 0.0}],
                                  lr=PEAK_LEARNING_RATE, betas=(0.9, 0.97), fused=True)
    model.train()
    started = time.perf_counter()
    for step in range(steps):
        length = SHORT_WINDOW if step < 0.85 * steps else CONTEXT
        batch = windows(stream, length, TOKENS_PER_STEP // length)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps)
        loss = model(batch, labels=batch, use_cache=False).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if step % 50 == 0 or step == steps - 1:
            print(f"step {step:5d}  loss {loss.item():.4f}  {time.perf_counter() - started:6.0f} s", flush=True)
        if step % 500 == 499:
            print(f"step {step:5d}  held-out loss {held_out_loss(model, held_out):.4f}", flush=True)
    return time.perf_counter() - started


def learning_rate(step, steps):
    if step < WARMUP_STEPS:
        return PEAK_LEARNING_RATE * (step + 1) / WARMUP_STEPS
    progress = (step - WARMUP_STEPS) / max(1, steps - WARMUP_STEPS)
    return PEAK_LEARNING_RATE * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))


@torch.no_grad()
def held_out_loss(model, rows, labels=None):
    """Mean over all tokens, each document alone in its window."""
    model.eval()
    total, count = 0.0, 0
    for row, label in zip(rows, labels or rows):
        logits = model(torch.tensor([row])).logits[0, :-1]
        target = torch.tensor(label)[1:]
        total += torch.nn.functional.cross_entropy(logits, target, reduction="sum").item()
        count += int((target != -100).sum())
    model.train()
    return total / count


def held_out_answer_loss(model, tokenizer, seed):
    """The same, counting only what the assistant says: questions are dice, answers can be known."""
    rows, labels = [], []
    for document in held_out_documents(seed):
        if isinstance(document, str):
            continue
        encoded = tokenizer.apply_chat_template(document, tokenize=True, return_dict=True, return_assistant_tokens_mask=True)
        rows.append(encoded["input_ids"])
        labels.append([i if said else -100 for i, said in zip(encoded["input_ids"], encoded["assistant_masks"])])
    return held_out_loss(model, rows, labels)


def save(model, tokenizer, out):
    shutil.rmtree(out, ignore_errors=True)
    # Greedy by default: so small a model has nothing to win by dice.
    model.generation_config = GenerationConfig(
        do_sample=False, max_new_tokens=96, pad_token_id=tokenizer.pad_token_id, bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id)
    model.to(torch.bfloat16).save_pretrained(out)
    tokenizer.save_pretrained(out)
    for file in out.iterdir():
        file.chmod(0o644)  # safetensors writes files that only their owner may read


if __name__ == "__main__":
    main()
