"""Small real things to test with: a tokenizer trained in the test, a random Llama, a run directory as the server makes it."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", TOKENIZERS_PARALLELISM="false", OMP_NUM_THREADS="1")

TEMPLATES = Path(__file__).parent / "fixtures" / "templates"
SPECIAL = ["<|end|>", "<pad>", "<s>", "<|user|>", "<|assistant|>", "<|system|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"]
SPECIAL += ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<tool_call>"]
SENTENCES = ["Hello, who are you?", "I am Pip, a small model.", "What is 3 plus 4?", "3 plus 4 is 7.", "Be kind and brief.", "The sky is blue today."]


@pytest.fixture(scope="session")
def make_tokenizer():
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    raw.train_from_iterator(SENTENCES * 3, trainers.BpeTrainer(vocab_size=400, special_tokens=SPECIAL, initial_alphabet=alphabet))
    text = raw.to_str()

    def make(template: str | None = "demo", eos: str = "<|end|>") -> Any:
        tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(text), eos_token=eos, pad_token="<pad>", bos_token="<s>")
        tokenizer.add_special_tokens({"extra_special_tokens": SPECIAL})
        tokenizer.chat_template = None if template is None else (TEMPLATES / f"{template}.jinja").read_text()
        return tokenizer

    return make


@pytest.fixture(scope="session")
def make_model(make_tokenizer):
    """Writes a random Llama of about 60,000 weights, always the same one."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    def make(folder: Path, template: str | None = "demo", **changes: Any) -> Path:
        tokenizer = make_tokenizer(template)
        torch.manual_seed(7)
        sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 2}
        ids = {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id, "bos_token_id": tokenizer.bos_token_id}
        fields = {"vocab_size": len(tokenizer), "max_position_embeddings": 256, "tie_word_embeddings": False} | sizes | ids | changes
        LlamaForCausalLM(LlamaConfig(**fields)).save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def tiny_model(make_model, tmp_path_factory) -> Path:
    return make_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte, where this machine lets us make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("a file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


LORA = {"rank": 4, "alpha": 8, "dropout": 0, "targets": ["q_proj", "v_proj", "up_proj"]}
TRAINING = {
    "learningRate": 5e-3, "epochs": 2, "maxSteps": None, "batchSize": 4, "gradientAccumulation": 1, "cutoffLength": 128,
    "scheduler": "cosine", "warmupRatio": 0.1, "weightDecay": 0, "maxGradNorm": 1, "gradientCheckpointing": False, "precision": "auto",
    "logEverySteps": 1, "saveEverySteps": None, "saveLimit": None, "evalEverySteps": None, "seed": 42,
}  # fmt: skip


EMPTY_ROW = {"messages": None, "text": None, "tools": None, "rejected": None, "ranked": None, "label": None, "problem": None, "warnings": []}


class Run:
    """A run directory; `start` runs one attempt in this process and returns its exit code."""

    def __init__(self, folder: Path, model: Path, rows: list[list[dict]], job: dict):
        self.folder = folder
        self.model = model
        self.job = job
        folder.mkdir(parents=True, exist_ok=True)
        self.rows_path = self.write_set("rows", rows)
        self.sets, self.validation = [self.rows_path], []
        self.start_from: Path | None = None

    def write_set(self, name: str, rows: list[list[dict] | dict]) -> Path:
        """Rows as a check writes them: conversations, or more of the fields of a canonical row."""
        path = self.folder / f"{name}.jsonl"
        fields = [row if isinstance(row, dict) else {"messages": row} for row in rows]
        lines = [json.dumps({"index": index} | EMPTY_ROW | row, separators=(",", ":")) for index, row in enumerate(fields)]
        path.write_text("\n".join(lines) + "\n")
        return path

    def prepare(self, attempt: int = 1, resume_from: str | None = None) -> Path:
        spec = {
            "specVersion": 2, "runId": "run_0123456789ab", "attempt": attempt, "token": "t" * 32, "device": "cpu", "kind": "train",
            "job": self.job,
            "inputs": {
                "model": {
                    "label": "tiny", "path": str(self.model), "repo": None, "revision": None, "adapterPath": None, "trustRemoteCode": False,
                },
                "datasets": [dataset_input(path) for path in self.sets],
                "validation": [dataset_input(path) for path in self.validation],
                "startFrom": None if self.start_from is None else str(self.start_from),
                "resumeFrom": None if resume_from is None else str(self.folder / "checkpoints" / resume_from),
            },
        }  # fmt: skip
        attempt_dir = self.folder / f"a{attempt}"
        attempt_dir.mkdir(exist_ok=True)
        (attempt_dir / "spec.json").write_text(json.dumps(spec))
        return attempt_dir

    def start(self, attempt: int = 1, resume_from: str | None = None) -> int:
        from trainer.__main__ import main

        self.prepare(attempt, resume_from)
        return main([str(self.folder), str(attempt)])

    def ask(self, verb: str, attempt: int = 1) -> None:
        with open(self.folder / f"a{attempt}" / "control.jsonl", "a") as file:
            file.write(json.dumps({"id": f"c-{verb}", "t": 0, "verb": verb}) + "\n")

    def events(self, type: str | None = None) -> list[dict]:
        lines = (self.folder / "events.jsonl").read_text().splitlines()
        return [event for event in map(json.loads, lines) if type in (None, event["type"])]

    def losses(self, name: str = "loss") -> dict[int, Any]:
        return {event["step"]: event["values"][name] for event in self.events("metric") if name in event["values"]}


def dataset_input(path: Path) -> dict:
    content = path.read_bytes()
    return {"label": path.stem, "rowsPath": str(path), "usableRows": content.count(b"\n"), "sha256": hashlib.sha256(content).hexdigest()}


def conversation(question: str, answer: str) -> list[dict]:
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


def one_set(fraction: float) -> dict:
    held_out = {"type": "none"} if fraction == 0 else {"type": "fraction", "fraction": fraction, "stratified": True}
    return {"sets": [{"datasetId": "ds_0123456789ab", "weight": 1, "maxRows": None}], "mix": "concatenate", "validation": held_out}


@pytest.fixture
def make_run(tmp_path, tiny_model):
    def make(name: str = "run", rows: list | None = None, model: Path | None = None, method: str = "lora", lora: dict | None = None, stage: str = "sft", own: dict | None = None, **changes: Any) -> Run:
        """`own` are the settings of a stage that has some; what is not said stands at its default."""
        eval_fraction, parts = changes.pop("evalFraction", 0), {part: changes.pop(part) for part in ("quantization", "freeze") if part in changes}
        job = {
            "kind": "train", "stage": stage, "name": name, "modelId": "mod_0123456789ab", "data": one_set(eval_fraction), "method": method, "lora": ({**LORA, **(lora or {})}) if method in ("lora", "qlora") else None,
            "training": {**TRAINING, **changes}, **parts,
            **({} if stage == "sft" else {stage: own or {}}),
        }  # fmt: skip
        default = [conversation(SENTENCES[i % 6], SENTENCES[(i * 5 + 1) % 6]) for i in range(16)]
        return Run(tmp_path / name, model or tiny_model, rows or default, job)

    return make
