"""Finding and loading weights: what is refused, and that the fingerprint is the one the server computes."""

import hashlib
import json
import shutil
import struct
from pathlib import Path

import pytest

from trainer import models
from trainer.data.sentences import SENTENCES
from trainer.failures import RULES, Failure, explain
from trainer.spec_settings import LoraSettings
from trainer.spec_types import ModelInput

LLAMA2 = Path("/work/shared/data/tokenizers/llama2.model")


def given(path: Path) -> ModelInput:
    fields = {"label": "tiny", "path": str(path), "repo": None, "revision": None, "adapterPath": None, "trustRemoteCode": False}
    return ModelInput.model_validate(fields)


def test_the_fingerprint_is_config_then_each_header_by_name(tiny_model, tmp_path):
    folder = Path(shutil.copytree(tiny_model, tmp_path / "model"))
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "a.safetensors").write_bytes(weights)
    header = weights[: 8 + struct.unpack("<Q", weights[:8])[0]]
    expected = hashlib.sha256((folder / "config.json").read_bytes() + header + header).hexdigest()
    assert models.fingerprint(folder) == expected
    # Other weights of the same shape count as the same base: reading all of them would take minutes for a large model.
    (folder / "a.safetensors").write_bytes(weights[:-4] + b"\x00\x00\x80\x3f")
    assert models.fingerprint(folder) == expected


def test_pickle_weights_are_refused_with_the_reason(tiny_model, tmp_path):
    folder = Path(shutil.copytree(tiny_model, tmp_path / "model"))
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(Failure, match=r"no \.safetensors") as failure:
        models.find_folder(given(folder))
    assert failure.value.code == "model_invalid" and "can run code" in failure.value.remedy


def test_a_folder_that_has_gone_is_named(tmp_path):
    with pytest.raises(Failure, match="gone") as failure:
        models.find_folder(given(tmp_path / "gone"))
    assert failure.value.code == "model_not_found"


@pytest.mark.parametrize(("pad", "expected"), [("<pad>", "<pad>"), (None, "<pad>"), ("<|end|>", "<pad>")])
def test_padding_is_told_from_the_end_wherever_a_token_is_free(make_tokenizer, pad, expected):
    tokenizer = make_tokenizer()
    tokenizer.pad_token = pad
    models.choose_pad_token(tokenizer)
    assert tokenizer.pad_token == expected != tokenizer.eos_token


@pytest.mark.skipif(not LLAMA2.exists(), reason="the shared SentencePiece model is not on this machine")
def test_a_folder_with_a_bare_sentencepiece_model_loads(tiny_model, tmp_path):
    shutil.copy(LLAMA2, tmp_path / "tokenizer.model")
    config = json.loads((tiny_model / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": None}))
    tokenizer = models.load_tokenizer(tmp_path)
    assert tokenizer.is_fast and tokenizer.decode(tokenizer("Hello there")["input_ids"], skip_special_tokens=True) == "Hello there"
    assert tokenizer.pad_token != tokenizer.eos_token


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"), "out_of_memory"),
        (MemoryError(), "out_of_memory"),
        (OSError(28, "No space left on device"), "disk_full"),
        (ModuleNotFoundError("No module named 'bitsandbytes'"), "package_missing"),
        (ValueError("The repository x contains custom code ... set the option `trust_remote_code=True`"), "model_invalid"),
        (OSError("We couldn't connect to 'https://huggingface.co' to load the files"), "model_not_found"),
        (RuntimeError("size mismatch for base_model.model.lora_A.weight: copying"), "checkpoint_invalid"),
        (Exception("Error while deserializing header: incomplete metadata"), "model_invalid"),
        (IndexError("index out of range in self"), "model_invalid"),
        (ZeroDivisionError("division by zero"), "unknown"),
    ],
)
def test_known_errors_are_told_in_a_sentence_with_a_remedy(error, code):
    failure = explain(error)
    assert failure.code == code and failure.message and failure.remedy


def test_the_cause_of_an_error_counts_too_and_a_missing_package_is_named():
    try:
        try:
            raise ModuleNotFoundError("No module named 'flash_attn'")
        except ModuleNotFoundError as cause:
            raise RuntimeError("Failed to import the model") from cause
    except RuntimeError as error:
        assert explain(error).message == "The Python package “flash_attn” is not installed."
    assert all(SENTENCES[code].endswith(".") for rule in RULES for code in (rule.message, rule.remedy))


@pytest.mark.parametrize(("parameters", "cores", "threads"), [(1_000_000, 64, 1), (9_000_000, 64, 2), (500_000_000, 8, 8)])
def test_threads_follow_the_size_of_the_model_and_the_cores(monkeypatch, parameters, cores, threads):
    import torch

    set_to = [cores]
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(torch, "get_num_threads", lambda: set_to[-1])
    monkeypatch.setattr(torch, "set_num_threads", set_to.append)
    model = torch.nn.Linear(1000, parameters // 1000, bias=False, device="meta")
    assert models.choose_threads(model) == threads
    monkeypatch.setenv("OMP_NUM_THREADS", str(cores))
    set_to.append(cores)
    assert models.choose_threads(model) == cores
