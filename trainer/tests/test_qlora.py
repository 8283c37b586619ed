"""QLoRA on a CPU: trained over rounded weights for real, judged between the steps, resumed, merged into what it was trained on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from trainer import quantise
from trainer.merge import plan_merge, run_merge
from trainer.recipes.chat import load_rounded

SOURCE = Path(__file__).parents[1] / "src"
IDS = torch.arange(20, 60).view(1, -1)
NF4 = {"type": "nf4", "doubleQuant": True, "computeDtype": "auto"}
KINDS = [NF4, {**NF4, "type": "fp4", "doubleQuant": False}, {**NF4, "type": "int8"}]


def answers(model) -> torch.Tensor:
    with torch.no_grad():
        return model.eval()(IDS).logits.float()


def make(make_run, name: str = "run", quantization: dict | None = None, **changes):
    settings = {"epochs": 2, "learningRate": 2e-2, "saveEverySteps": 3, "evalFraction": 0.25, "evalEverySteps": 1}
    return make_run(name, method="qlora", quantization=quantization or NF4, **(settings | changes))


def rounded_answers(base: Path, folder: Path) -> torch.Tensor:
    settings = quantise.settings_of(json.loads((folder / quantise.FILE).read_text()))
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, **quantise.loading(settings, "float32", "cpu"))
    return answers(PeftModel.from_pretrained(quantise.keep_as_rounded(model), folder))


@pytest.mark.parametrize("quantization", KINDS, ids=lambda told: told["type"])
def test_it_learns_between_judgements_resumes_and_merges_into_the_rounded_base(make_run, tiny_model, tmp_path, quantization):
    whole, again = make(make_run, "whole", quantization), make(make_run, "again", quantization)
    assert whole.start() == 0, whole.events()[-1]
    losses = whole.losses()
    assert sum(losses[step] for step in (4, 5, 6)) < sum(losses[step] for step in (1, 2, 3))
    folder = whole.folder / "checkpoints" / "checkpoint-6"
    told = json.loads((folder / quantise.FILE).read_text())
    assert told["type"] == quantization["type"] and len(told["modules"]) == 14 and not any("lm_head" in name for name in told["modules"])
    # Counted as if nothing were packed.
    plan = whole.events("plan")[0]["plan"]
    assert plan["totalParameters"] == sum(value.numel() for value in load_file(tiny_model / "model.safetensors").values())
    # Merged: what it answered with rounded weights, not what the original weights would.
    trained = rounded_answers(tiny_model, folder)
    out = tmp_path / "merged"
    out.mkdir()
    run_merge(plan_merge(tiny_model, folder, "auto"), out, 10**9, lambda _: None)
    scale = trained.abs().max()
    error = (answers(AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32)) - trained).abs().max() / scale
    original = answers(PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(tiny_model, dtype=torch.float32), folder))
    assert error < (0.05 if quantization["type"] == "int8" else 1e-4)
    assert quantization["type"] == "int8" or error < (original - trained).abs().max() / scale / 20
    assert "quantization_config" not in json.loads((out / "config.json").read_text())
    assert again.start() == 0 and again.start(attempt=2, resume_from="checkpoint-3") == 0, again.events()[-1]
    assert again.losses() == pytest.approx(losses, abs=1e-5)


def test_judging_between_the_steps_changes_no_step(make_run):
    """On processors with AVX512-BF16 the first forward in eval mode would repack the weights, and every later gradient be wrong."""
    judged, plain = make(make_run, "judged"), make(make_run, "plain", evalEverySteps=None)
    assert judged.start() == 0 and plain.start() == 0
    assert judged.losses() == plain.losses()


def test_dora_and_saved_modules_learn_over_rounded_weights(make_run):
    run = make(make_run, lora={"dora": True, "modulesToSave": ["lm_head"], "plusRatio": 4})
    assert run.start() == 0, run.events()[-1]
    saved = load_file(run.folder / "checkpoints" / "checkpoint-6" / "adapter_model.safetensors")
    assert any("magnitude" in name for name in saved) and any(name.endswith("lm_head.weight") for name in saved)
    assert {value.dtype for value in saved.values()} == {torch.float32}


def test_chat_takes_the_weights_that_were_trained_on(make_run, tiny_model):
    run = make(make_run)
    assert run.start() == 0
    from trainer.models import find_device
    from trainer.spec_types import ModelInput

    folder = run.folder / "checkpoints" / "checkpoint-6"
    source = ModelInput.model_validate(
        {"label": "t", "path": str(tiny_model), "repo": None, "revision": None, "adapterPath": str(folder), "trustRemoteCode": False}
    )
    model = load_rounded(tiny_model, folder, quantise.read(folder), "float32", find_device("cpu"), source)
    first = answers(model)
    assert (first - rounded_answers(tiny_model, folder)).abs().max() < 1e-5
    assert torch.equal(answers(model), first)


def test_a_plain_run_does_not_go_on_with_an_adapter_of_rounded_weights(make_run):
    first = make(make_run, "first")
    assert first.start() == 0
    other = make_run("other")
    other.job["startFrom"] = {"runId": "run_0123456789ab", "checkpoint": "checkpoint-6", "how": "continue"}
    other.start_from = first.folder / "checkpoints" / "checkpoint-6"
    assert other.start() == 1
    assert "was trained on weights rounded to nf4" in other.events()[-1]["message"]


def test_a_worker_of_its_own_rounds_and_one_that_does_not_round_leaves_the_package_alone(make_run):
    """In a process of their own, because here everything was imported before the worker could hide what it does not need."""
    rounds, plain = make(make_run, "rounds"), make_run("plain", maxSteps=1)
    for run, imported in ((rounds, "True"), (plain, "False")):
        run.prepare()
        script = f"import sys; from trainer.__main__ import main; code = main([{str(run.folder)!r}, '1']); print(code, sys.modules.get('bitsandbytes') is not None)"
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])}
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
        assert done.stdout.split()[-2:] == ["0", imported], (run.events()[-1], done.stderr[-500:])
