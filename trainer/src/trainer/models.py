"""Weights and tokenizers: found, checked, loaded. Safetensors only; remote code only where the spec allows it."""

import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.failures import Failure
from trainer.spec_types import ModelInput

# Names under which models keep a token for padding without calling it so in their configuration.
PAD_TOKENS = ("<|finetune_right_pad_id|>", "<pad>", "[PAD]", "<|padding|>", "<|pad|>", "<|endoftext|>", "<unk>", "[UNK]")
# What a thread must have to do before it pays: the demo model's steps take 75 ms with one thread and 111 ms with two.
PARAMETERS_PER_THREAD = 4_000_000
TOKENIZER_FILES = ("*.json", "*.jinja", "*.model", "*.txt", "*.tiktoken")


@dataclass(frozen=True)
class Device:
    """`name` as torch says it, `label` as people know it."""

    name: str
    label: str
    bf16: bool


def find_device(wanted: str) -> Device:
    import torch

    if wanted == "auto" and torch.cuda.is_available():
        # Of processes that train together each has a GPU of its own.
        name = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
        return Device(name, torch.cuda.get_device_name(name), torch.cuda.is_bf16_supported(including_emulation=False))
    if wanted == "auto" and torch.backends.mps.is_available():
        return Device("mps", "Apple GPU", False)
    return Device("cpu", cpu_name(), False)


def find_precision(wanted: str, device: Device) -> str:
    """`auto`: bfloat16 where a GPU can, float32 everywhere else."""
    if wanted == "auto":
        return "bfloat16" if device.bf16 else "float32"
    if wanted in ("bfloat16", "pure_bfloat16") and device.name.startswith("cuda") and not device.bf16:
        raise Failure("spec_invalid", f"training.precision: {device.label} has no bfloat16.", "Choose float32, float16 or auto.")
    return wanted


def find_folder(model: ModelInput) -> Path:
    """The model's folder on this machine; a hub model is fetched first, weights in safetensors only."""
    if model.path is None:
        return fetch(model)
    folder = Path(model.path)
    if not (folder / "config.json").is_file():
        raise Failure(
            "model_not_found",
            f"{model.label}: {folder} has no config.json.",
            "Check that the folder still exists and holds a model; add it again if it has moved.",
        )
    if not any(folder.glob("*.safetensors")):
        raise Failure(
            "model_invalid",
            f"{model.label}: {folder} has no .safetensors file.",
            "Convert the weights to safetensors; pickle files (.bin, .pt) are not loaded, because they can run code.",
        )
    return folder


def fetch(model: ModelInput) -> Path:
    from huggingface_hub import snapshot_download

    if model.repo is None:
        raise Failure("spec_invalid", "model: neither a folder nor a hub name is given.", "Choose a model.")
    patterns = [*TOKENIZER_FILES, "*.safetensors", *(["*.py"] if model.trust_remote_code else [])]
    return Path(snapshot_download(model.repo, revision=model.revision, allow_patterns=patterns))


def fingerprint(folder: Path) -> str:
    """Tells one base from another without reading the weights: config.json, then each safetensors header (length and JSON)."""
    digest = hashlib.sha256((folder / "config.json").read_bytes())
    for path in sorted(folder.glob("*.safetensors")):
        with open(path, "rb") as file:
            length = file.read(8)
            digest.update(length)
            digest.update(file.read(struct.unpack("<Q", length)[0]))
    return digest.hexdigest()


def load_tokenizer(folder: Path, trust_remote_code: bool = False) -> Any:
    """A folder with nothing but a SentencePiece tokenizer.model loads too; config.json says of which kind it is."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=trust_remote_code, local_files_only=True)
    tokenizer.padding_side = "right"
    choose_pad_token(tokenizer)
    return tokenizer


def choose_pad_token(tokenizer: Any) -> None:
    """Padding that equals the end token would make every end look like padding, so another known token is preferred."""
    if tokenizer.pad_token_id is not None and tokenizer.pad_token_id != tokenizer.eos_token_id:
        return
    vocabulary = tokenizer.get_vocab()
    free = [token for token in PAD_TOKENS if token in vocabulary and token not in (tokenizer.eos_token, tokenizer.bos_token)]
    tokenizer.pad_token = free[0] if free else tokenizer.eos_token
    if tokenizer.pad_token is None:
        raise Failure(
            "model_invalid", "The tokenizer knows no end token and no padding token.", "Add eos_token to tokenizer_config.json."
        )


def load_base(folder: Path, dtype: str, trust_remote_code: bool = False, **loading: Any) -> Any:
    """`dtype` is a torch name such as float32, or auto for the type that the files have. On the CPU; move it where it is needed.

    `loading` says how the weights are rounded, and where."""
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=dtype, use_safetensors=True, trust_remote_code=trust_remote_code, local_files_only=True, **loading
    )


def choose_threads(model: Any, spare: int = 0) -> int:
    """By the size of the model and the cores of the machine, never by the load of the moment: sums depend on the number of threads.

    `spare` cores stay free for others, such as the stream that carries an answer away.
    """
    import torch

    if "OMP_NUM_THREADS" not in os.environ:
        wanted = sum(parameter.numel() for parameter in model.parameters()) // PARAMETERS_PER_THREAD
        share = torch.get_num_threads() // int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
        torch.set_num_threads(max(1, min(wanted, share - spare)))
    return torch.get_num_threads()


def load_adapter(base: Any, folder: Path) -> Any:
    """A base with a saved adapter on top, for chat and merge."""
    from peft import PeftModel

    if not (folder / "adapter_model.safetensors").is_file():
        raise Failure("checkpoint_invalid", f"{folder} has no adapter_model.safetensors.", "Choose another checkpoint.")
    return PeftModel.from_pretrained(base, folder, is_trainable=False)


def cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    if names:
        return names[0]
    import platform

    return platform.processor() or platform.machine()
