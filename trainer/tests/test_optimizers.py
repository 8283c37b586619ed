"""Every optimizer that runs with what is installed trains, with the arguments it was given, and goes on exactly after a resume."""

import json
from typing import get_args

import pytest

from trainer.machine import missing_package
from trainer.spec_settings import Optimizer

RUNNABLE = [name for name in get_args(Optimizer) if missing_package(name) is None]
RATES = {"sgd": 0.5, "adagrad": 0.02, "muon": 0.02}
OWN = {
    "adamw_torch": {"adamBeta1": 0.8, "adamBeta2": 0.95, "adamEpsilon": 1e-6},
    "sgd": {"momentum": 0.9, "nesterov": True},
    "rmsprop": {"smoothing": 0.9, "momentum": 0.5, "centered": True, "stabiliser": 1e-7},
    "adagrad": {"rateDecay": 0.01, "stabiliser": 1e-9},
    "adafactor": {"clipThreshold": 0.5, "decayRate": -0.7, "adafactorBeta1": 0.9},
    "muon": {"momentum": 0.9, "muonIterations": 3, "adamBeta2": 0.95},
}


def resolved(run) -> dict:
    return json.loads((run.folder / "a1" / "resolved.json").read_text())


@pytest.mark.parametrize("optimizer", RUNNABLE)
def test_it_trains_with_its_own_arguments_and_resumes_exactly(make_run, optimizer):
    settings = {"optimizer": optimizer, "learningRate": RATES.get(optimizer, 5e-3), "weightDecay": 0.01, "saveEverySteps": 4, "method": "full"}
    whole, halves = (make_run(name, **settings, **OWN.get(optimizer, {})) for name in ("whole", "halves"))
    assert whole.start() == 0 and halves.start() == 0
    losses = whole.losses()
    assert sorted(losses) == list(range(1, 9)) and losses[8] < losses[1] - 0.05
    assert halves.start(attempt=2, resume_from="checkpoint-4") == 0
    assert halves.losses() == losses


def test_every_optimizer_of_the_installed_library_is_known_and_no_other():
    from transformers.training_args import OptimizerNames

    assert set(get_args(Optimizer)) == {str(one.value) for one in OptimizerNames} | {"muon"}


def test_what_was_made_is_told(make_run):
    run = make_run(optimizer="rmsprop", **OWN["rmsprop"], epochs=1)
    assert run.start() == 0
    made = resolved(run)["optimizer"]
    assert made["class"].endswith("RMSprop")
    assert {"alpha": 0.9, "momentum": 0.5, "centered": True, "eps": 1e-7}.items() <= made["groups"][0].items()


def test_muon_takes_the_hidden_matrices_and_adamw_the_rest(make_run):
    run = make_run(optimizer="muon", method="full", epochs=1, weightDecay=0.1)
    assert run.start() == 0
    hidden, *rest = resolved(run)["optimizer"]["groups"]
    assert hidden["ns_steps"] == 5 and hidden["weight_decay"] == 0.1
    assert all("betas" in group for group in rest)
    weights = hidden["weights"] + sum(group["weights"] for group in rest)
    assert hidden["weights"] == 2 * (4 * 32 * 32 + 3 * 32 * 64) and weights == run.events("plan")[0]["plan"]["trainableParameters"]


def test_muon_is_refused_where_no_hidden_matrix_learns():
    import torch

    from trainer.failures import Failure
    from trainer.optimizers import make_muon

    class Settings:
        learning_rate, weight_decay = 0.1, 0.0

    with pytest.raises(Failure, match="hidden matrices"):
        make_muon(torch.nn.Sequential(torch.nn.Embedding(3, 4), torch.nn.LayerNorm(4)), Settings(), set())


def test_an_optimizer_whose_package_is_missing_is_refused_before_anything_is_loaded(make_run):
    absent = next(name for name in get_args(Optimizer) if missing_package(name) is not None)
    run = make_run(optimizer=absent)
    assert run.start() == 1
    failed = run.events()[-1]
    assert failed["code"] == "spec_invalid" and absent in failed["message"] and missing_package(absent) in failed["message"]
    assert "loading_model" not in [event["name"] for event in run.events("phase")]
