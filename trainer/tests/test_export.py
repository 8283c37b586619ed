"""The export worker as a process: what it leaves, what it tells, and that half an export is never left."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from tiny import make_adapter, make_tiny_llama
from transformers import AutoModelForCausalLM, AutoTokenizer
from worker import Worker

from trainer import checkpoints
from trainer.models import fingerprint


@pytest.fixture
def start(tmp_path: Path):
    started: list[Worker] = []

    def start(base: Path, adapter: Path | None, **job: Any) -> Worker:
        fields = {"runId": "run_0000000000bb", "checkpoint": "checkpoint-3", "form": "merged", "dtype": "auto", "maxShardBytes": 1_000_000_000}
        inputs = {"model": model_input(base, adapter), "outputPath": str(tmp_path / "run" / "artifacts" / "model")}
        started.append(Worker(tmp_path / "run", kind="export", job=fields | job, inputs=inputs))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()


def model_input(base: Path, adapter: Path | None) -> dict[str, Any]:
    adapter_path = str(adapter) if adapter else None
    return {"label": "tiny", "path": str(base), "repo": None, "revision": None, "adapterPath": adapter_path, "trustRemoteCode": False}


def test_the_merged_folder_answers_as_the_adapter_on_the_base(tmp_path: Path, start) -> None:
    base = make_tiny_llama(tmp_path / "base", shard_bytes=100_000)
    adapter = make_adapter(tmp_path / "checkpoint-3", base, target_modules="all-linear")
    tokenizer = AutoTokenizer.from_pretrained(base)
    tokenizer.chat_template = tokenizer.chat_template + "{# as trained #}"
    tokenizer.save_pretrained(adapter)
    checkpoints.write_mark(adapter, step=3, tokens=1, seconds=1.0, seq=0, base_fingerprint=fingerprint(base))
    worker = start(base, adapter)
    assert worker.end() == 0, worker.events
    out = worker.run_dir / "artifacts" / "model"

    merged = AutoModelForCausalLM.from_pretrained(out)
    on_base = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), adapter)
    assert answer(merged, out) == answer(on_base, base)
    assert AutoTokenizer.from_pretrained(out).chat_template.endswith("{# as trained #}")
    assert (out / "generation_config.json").is_file()
    assert json.loads((out / "COMPLETE.json").read_text())["baseFingerprint"] == fingerprint(base)

    phases = [event["name"] for event in worker.of_type("phase")]
    assert phases == ["importing", "loading_model", "merging", "verifying"]
    last = worker.of_type("progress")[-1]
    assert last["done"] == last["total"] > 0
    artifact = worker.of_type("artifact")[0]
    assert artifact["path"] == "artifacts/model"
    for file in artifact["files"]:
        data = (out / file["name"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest()), file["name"]
    assert {file["name"] for file in artifact["files"]} | {"COMPLETE.json"} == {path.name for path in out.iterdir()}
    assert artifact["bytes"] == sum(file["bytes"] for file in artifact["files"])
    assert worker.events[-1]["type"] == "finished"


def answer(model: Any, folder: Path) -> list[int]:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    inputs = tokenizer.apply_chat_template([{"role": "user", "content": "你好"}], add_generation_prompt=True, return_tensors="pt", return_dict=True)
    return model.generate(**inputs, max_new_tokens=24, do_sample=False)[0].tolist()


def test_a_fully_trained_checkpoint_is_converted_and_cut_into_shards(tmp_path: Path, start) -> None:
    base = make_tiny_llama(tmp_path / "checkpoint-3", hidden_size=128, num_hidden_layers=8)
    checkpoints.write_mark(base, step=3, tokens=1, seconds=1.0, seq=0, base_fingerprint="of-the-base")
    worker = start(base, None, dtype="bfloat16", maxShardBytes=1_000_000)
    assert worker.end() == 0, worker.events
    out = worker.run_dir / "artifacts" / "model"
    assert len(list(out.glob("model-*.safetensors"))) > 1
    assert json.loads((out / "COMPLETE.json").read_text())["baseFingerprint"] == "of-the-base"
    loaded = AutoModelForCausalLM.from_pretrained(out)
    assert loaded.dtype == torch.bfloat16
    for name, value in AutoModelForCausalLM.from_pretrained(base).state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value.to(torch.bfloat16)), name


def test_the_adapter_form_is_loaded_by_peft(tmp_path: Path, start) -> None:
    base = make_tiny_llama(tmp_path / "base")
    adapter = make_adapter(tmp_path / "adapter", base)
    worker = start(base, adapter, form="adapter")
    assert worker.end() == 0, worker.events
    out = worker.run_dir / "artifacts" / "model"
    loaded = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), out)
    expected = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), adapter)
    assert answer(loaded, base) == answer(expected, base)
    assert {"tokenizer.json", "README.md", "COMPLETE.json"} <= {path.name for path in out.iterdir()}


def test_a_stop_leaves_nothing_behind(tmp_path: Path, start) -> None:
    base = make_tiny_llama(tmp_path / "base", hidden_size=512, intermediate_size=2048, num_hidden_layers=6)
    worker = start(base, make_adapter(tmp_path / "adapter", base, target_modules="all-linear"), dtype="bfloat16")
    worker.wait_for("progress")
    worker.ask("stop")
    assert worker.end() == 0
    assert worker.events[-1]["outcome"] == "stopped"
    assert worker.of_type("ack")[0]["outcome"] == "done"
    assert list((worker.run_dir / "artifacts").iterdir()) == []


@pytest.mark.parametrize("breakage", ["other_base", "torn", "no_adapter", "output_exists"])
def test_what_cannot_be_exported_is_refused_with_a_reason(tmp_path: Path, start, breakage: str) -> None:
    base = make_tiny_llama(tmp_path / "base")
    adapter: Path | None = make_adapter(tmp_path / "adapter", base)
    form = "merged"
    wanted = {
        "other_base": ("checkpoint_invalid", "trained on other weights"),
        "torn": ("checkpoint_invalid", "adapter_model.safetensors"),
        "no_adapter": ("spec_invalid", "has no adapter"),
        "output_exists": ("spec_invalid", "exists already"),
    }[breakage]
    if breakage == "other_base":
        checkpoints.write_mark(adapter, step=3, tokens=1, seconds=1.0, seq=0, base_fingerprint="another")
    if breakage == "torn":
        checkpoints.write_mark(adapter, step=3, tokens=1, seconds=1.0, seq=0, base_fingerprint=fingerprint(base))
        with open(adapter / "adapter_model.safetensors", "ab") as file:
            file.write(b"x")
    if breakage == "no_adapter":
        adapter, form = None, "adapter"
    if breakage == "output_exists":
        (tmp_path / "run" / "artifacts" / "model").mkdir(parents=True)
    worker = start(base, adapter, form=form)
    assert worker.end() == 1
    failed = worker.events[-1]
    assert (failed["type"], failed["code"]) == ("failed", wanted[0])
    assert wanted[1] in failed["message"]
    assert failed["remedy"]
    assert not list((worker.run_dir / "artifacts").glob("*.partial"))


def test_a_disk_too_small_is_told_in_numbers_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from trainer.failures import Failure
    from trainer.recipes import export

    monkeypatch.setattr(export.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1_500_000_000})())
    with pytest.raises(Failure, match=r"needs 2\.00 GB, and 1\.50 GB are free") as caught:
        export.check_space(tmp_path / "model.partial", 2_000_000_000)
    assert caught.value.code == "disk_full"
