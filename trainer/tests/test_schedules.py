"""Every scheduler trains with its arguments and resumes exactly; the rates that the plan draws are those of the installed library."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from trainer.schedule import FOLLOWING, count_warmup_steps, scheduler_arguments
from trainer.spec_settings import Scheduler, TrainingSettings

FIXTURE = Path(__file__).parents[2] / "lib" / "domain" / "fixtures" / "transformers-schedules.json"
OWN: dict[str, list[dict[str, Any]]] = {
    "cosine": [{}, {"cycles": 1.5}],
    "cosine_with_restarts": [{}, {"cycles": 3}],
    "cosine_with_min_lr": [{"minRateShare": 0.1}, {"minRateShare": 0.25, "cycles": 1}],
    "cosine_warmup_with_min_lr": [{}, {"warmupStartShare": 0.2}],
    "polynomial": [{}, {"power": 2, "endRate": 1e-6}],
    "inverse_sqrt": [{}, {"timescale": 7}],
    "warmup_stable_decay": [
        {}, {"decaySteps": 9, "decayShape": "linear", "warmupShape": "cosine", "decayEndShare": 0.1},
        {"decaySteps": 5, "stableSteps": 11, "decayShape": "1-sqrt", "warmupShape": "1-sqrt"},
        {"decaySteps": 8, "cycles": 1.5},
    ],
}  # fmt: skip
FOLLOWING_OWN = {"rateFactor": 0.5, "ratePatience": 0, "rateThreshold": 100.0, "rateCooldown": 0}


def cases() -> list[dict[str, Any]]:
    sizes = [{"learningRate": 5e-4, "totalSteps": 60, "warmupRatio": 0.1}, {"learningRate": 2e-4, "totalSteps": 37, "warmupRatio": 0}, {"learningRate": 3e-3, "totalSteps": 23, "warmupSteps": 5}]
    steady = [name for name in get_args(Scheduler) if name not in FOLLOWING]
    small = {"learningRate": 1e-3, "totalSteps": 1, "warmupRatio": 0.03}
    return [{"scheduler": name, **size, **own} for name in steady for own in OWN.get(name, [{}]) for size in [*sizes, small]]


def settings_of(make_run, case: dict[str, Any]) -> TrainingSettings:
    known = {name: value for name, value in case.items() if name != "totalSteps"}
    return TrainingSettings.model_validate(make_run("settings", **known).job["training"])


def rates(settings: TrainingSettings, total: int) -> list[float]:
    """As the installed library sets them: the rate with which step 1, 2, … is made, and the one after the last."""
    import torch
    from transformers import get_scheduler

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=settings.learning_rate)
    scheduler = get_scheduler(
        settings.scheduler, optimizer, count_warmup_steps(settings, total), total, scheduler_arguments(settings, total) or None
    )
    found = [optimizer.param_groups[0]["lr"]]
    for _ in range(total):
        optimizer.step()
        scheduler.step()
        found.append(optimizer.param_groups[0]["lr"])
    return found


def test_the_fixture_of_the_plan_is_what_the_installed_library_computes(make_run):
    """`TUNEBOARD_WRITE_FIXTURES=1` writes it anew."""
    import os

    made = [{**case, "rates": rates(settings_of(make_run, case), case["totalSteps"])} for case in cases()]
    if os.environ.get("TUNEBOARD_WRITE_FIXTURES"):
        FIXTURE.write_text("[\n" + ",\n".join("  " + json.dumps(one) for one in made) + "\n]\n")
    assert json.loads(FIXTURE.read_text()) == made


@pytest.mark.parametrize("scheduler", get_args(Scheduler))
def test_it_trains_with_the_rates_of_the_plan_and_resumes_exactly(make_run, scheduler):
    own = FOLLOWING_OWN if scheduler in FOLLOWING else OWN.get(scheduler, [{}])[-1]
    changes = {"scheduler": scheduler, "evalFraction": 0.2, "evalEverySteps": 2, "saveEverySteps": 4, "maxSteps": 8, "warmupRatio": 0.25}
    changes |= own | ({"decaySteps": 3, "stableSteps": None} if scheduler == "warmup_stable_decay" else {})
    whole, halves = (make_run(name, **changes) for name in ("whole", "halves"))
    assert whole.start() == 0 and halves.start() == 0
    assert halves.start(attempt=2, resume_from="checkpoint-4") == 0
    seen = whole.losses("learning_rate")
    assert halves.losses("learning_rate") == seen and halves.losses() == whole.losses()
    if scheduler in FOLLOWING:
        # Nothing gets better by 100: with no patience the rate halves at every evaluation, save that the first is the best so far.
        assert [seen[step] for step in (1, 2)] == [5e-3] * 2 and seen[8] < seen[1]
    else:
        settings = TrainingSettings.model_validate(whole.job["training"])
        assert [seen[step] for step in range(1, 9)] == pytest.approx(rates(settings, 8)[:8], rel=1e-12)


def test_a_scheduler_that_follows_validation_is_refused_where_nothing_is_evaluated(make_run):
    run = make_run(scheduler="greedy")
    assert run.start() == 1
    assert run.events()[-1]["message"].startswith("training.scheduler: greedy follows the validation loss")


def test_the_rate_of_a_plateau_falls_after_the_patience_and_not_before(make_run):
    """The seed's figure: patience 10, equal losses: the first is the best, and the eleventh bad one lowers the rate."""
    import torch
    from transformers import get_scheduler

    settings = settings_of(make_run, {"scheduler": "reduce_lr_on_plateau"})
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = get_scheduler(settings.scheduler, optimizer, scheduler_specific_kwargs=scheduler_arguments(settings, 100))
    seen = []
    for _ in range(12):
        scheduler.step(2.0)
        seen.append(optimizer.param_groups[0]["lr"])
    assert seen == [1.0] * 11 + [0.1]


def test_every_scheduler_of_the_installed_library_is_known_and_no_other():
    from transformers.trainer_utils import SchedulerType

    assert set(get_args(Scheduler)) == {str(one.value) for one in SchedulerType}
