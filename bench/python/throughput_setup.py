"""Model and rows for train-throughput: a random Llama 256x4 with 32,000 pieces, and rows as both sides train them. One JSON line.

OUT/model, OUT/rows.jsonl (canonical rows, for our worker), OUT/ids.json (the same rows as our encoder cuts them, for trl).
"""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

from trainer import models
from trainer.data.render import ChatEncoder

DEMO = Path(__file__).resolve().parents[2] / "trainer" / "demo" / "model"
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}"
    "{% else %}{{ message['content'] + eos_token }}{% endif %}{% endfor %}"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="alpaca_en_demo.json")
    parser.add_argument("--tokenizer", type=Path, help="a SentencePiece model; the demo's tokenizer where it is not there")
    parser.add_argument("--rows", type=int, default=320)
    parser.add_argument("--cutoff", type=int, default=256)
    args = parser.parse_args()

    tokenizer = load_tokenizer(args.tokenizer, args.out)
    write_model(tokenizer, args.out / "model")
    rows = [messages_of(row) for row in json.loads(args.data.read_text())[: args.rows]]
    lines = [json.dumps({"index": index, "messages": messages, "problem": None}) for index, messages in enumerate(rows)]
    (args.out / "rows.jsonl").write_text("\n".join(lines) + "\n")
    # As the worker finds it: a SentencePiece tokenizer that was saved cuts some texts otherwise than before.
    encoder = ChatEncoder(models.load_tokenizer(args.out / "model"))
    encoded = [encoder.encode(messages, args.cutoff) for messages in rows]
    (args.out / "ids.json").write_text(json.dumps([{"input_ids": one.input_ids, "labels": one.labels} for one in encoded]))
    tokens, trained = sum(len(one.input_ids) for one in encoded), sum(one.trained_tokens for one in encoded)
    print(json.dumps({"rows": len(rows), "tokens": tokens, "trained": trained, "vocabulary": len(tokenizer)}))


def load_tokenizer(file: Path | None, out: Path) -> Any:
    folder = DEMO
    if file is not None and file.is_file():
        folder = out / "tokenizer"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder / "tokenizer.model")
        names = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<unk>"}
        (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "LlamaTokenizer", "add_bos_token": True, "legacy": True, **names}))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def write_model(tokenizer: Any, folder: Path) -> None:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=max(32_000, len(tokenizer)), hidden_size=256, intermediate_size=688, num_hidden_layers=4, num_attention_heads=4,
        num_key_value_heads=4, max_position_embeddings=2048, tie_word_embeddings=False, bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def messages_of(row: dict[str, str]) -> list[dict[str, str]]:
    question = row["instruction"] + ("\n" + row["input"] if row["input"] else "")
    return [{"role": "user", "content": question}, {"role": "assistant", "content": row["output"]}]


if __name__ == "__main__":
    main()
