"""When is saved and judged, which checkpoint is never lost, and when a run ends by itself."""

import json

import pytest

from trainer import best
from trainer.best import evaluations_in_vain

EVAL = {"evalFraction": 0.25, "evalEverySteps": 2, "saveEverySteps": 2, "maxSteps": 12}


def names(run) -> list[str]:
    return sorted(path.name for path in (run.folder / "checkpoints").iterdir())


def judged(monkeypatch, values: list[float]) -> None:
    """The validation losses of a run, as if they had been measured."""
    real = best.evaluations
    monkeypatch.setattr(best, "evaluations", lambda state: [(step, values[at]) for at, (step, _value) in enumerate(real(state))])


def test_evaluations_in_vain_are_counted_from_the_best():
    nan = float("nan")
    assert evaluations_in_vain([3, 2, 1], 0) == 0
    assert evaluations_in_vain([3, 2, 2, 2.5], 0) == 2
    assert evaluations_in_vain([3, 2.95, 2.9], 0.1) == 2
    assert evaluations_in_vain([3, 2.95, 2.85], 0.1) == 0
    assert evaluations_in_vain([nan, nan], 0) == 2 and evaluations_in_vain([nan, 3], 0) == 0


def test_a_run_ends_early_with_a_checkpoint_and_says_why(make_run, monkeypatch):
    judged(monkeypatch, [3, 2, 2.5, 2.4, 2.3, 2.2])
    run = make_run(**EVAL | {"saveEverySteps": None, "stopPatience": 2})
    assert run.start() == 0
    assert max(run.losses()) == 8 and names(run) == ["checkpoint-8"]
    events = run.events()
    assert events[-1]["outcome"] == "succeeded" and events[-1]["summary"]["steps"] == 8
    warning = run.events("warning")[0]
    assert warning["code"] == "stopped_early" and "best at step 4" in warning["message"]
    assert [event["reason"] for event in run.events("checkpoint")] == ["final"]


def test_a_resumed_run_ends_at_the_same_evaluation(make_run, monkeypatch):
    judged(monkeypatch, [3, 2, 2.5, 2.4, 2.3, 2.2])
    whole, halves = (make_run(name, **EVAL | {"stopPatience": 3}) for name in ("whole", "halves"))
    assert whole.start() == 0 and halves.start() == 0
    assert halves.start(attempt=2, resume_from="checkpoint-6") == 0
    assert max(whole.losses()) == 10 and halves.losses() == whole.losses()


def test_better_evaluations_let_it_go_on_to_the_end(make_run, monkeypatch):
    judged(monkeypatch, [3, 2.9, 2.8, 2.7, 2.6, 2.5])
    run = make_run(**EVAL | {"stopPatience": 1})
    assert run.start() == 0 and max(run.losses()) == 12 and run.events("warning") == []


def test_the_best_checkpoint_and_the_newest_outlast_the_limit(make_run, monkeypatch):
    judged(monkeypatch, [3, 1, 2.5, 2.4, 2.3, 2.2])
    run = make_run(**EVAL | {"saveLimit": 2})
    assert run.start() == 0
    assert names(run) == ["checkpoint-12", "checkpoint-4"]
    removed = [event["name"] for event in run.events("checkpoint_removed")]
    assert removed == ["checkpoint-2", "checkpoint-6", "checkpoint-8", "checkpoint-10"]


def test_a_limit_of_one_keeps_the_best_beside_the_newest(make_run, monkeypatch):
    judged(monkeypatch, [3, 1, 2.5, 2.4, 2.3, 2.2])
    run = make_run(**EVAL | {"saveLimit": 1})
    assert run.start() == 0 and names(run) == ["checkpoint-12", "checkpoint-4"]


def test_saving_and_judging_by_epochs(make_run):
    """12 rows train, 4 judge: 3 steps an epoch."""
    run = make_run(evalFraction=0.25, epochs=3, saveBy="epochs", evalBy="epochs", evalBatchSize=2)
    assert run.start() == 0
    assert sorted(run.losses("eval_loss")) == [3, 6, 9] and names(run) == ["checkpoint-3", "checkpoint-6", "checkpoint-9"]


def test_the_first_step_is_logged_and_a_short_last_batch_left_out(make_run):
    run = make_run(logEverySteps=10, logFirstStep=True, dropLastBatch=True, batchSize=5, epochs=4)
    assert run.start() == 0
    assert sorted(run.losses()) == [1, 10, 12] and run.events("plan")[0]["plan"]["totalSteps"] == 12


@pytest.mark.parametrize(
    "changes",
    [
        {"fullDeterminism": True}, {"loaderWorkers": 1, "loaderPrefetch": 3, "loaderPersistent": True},
        {"gradientCheckpointing": True, "method": "full"}, {"gradientCheckpointing": True, "checkpointEveryLayers": 2, "method": "full"},
        {"gradientCheckpointing": True, "checkpointReentrant": True, "method": "full"}, {"attention": "eager"}, {"attention": "sdpa"}, {"tf32": "off"},
    ],
    ids=str,
)  # fmt: skip
def test_options_of_the_machine_change_no_loss(make_run, changes):
    plain = make_run("plain", epochs=1, method=changes.get("method", "lora"))
    other = make_run("other", epochs=1, **changes)
    assert plain.start() == 0 and other.start() == 0
    assert other.losses() == pytest.approx(plain.losses(), abs=1e-5)


def test_label_smoothing_is_that_of_transformers(make_run):
    """(1 - e) of the usual loss, and e of the mean over the whole vocabulary: at the start, where all tokens are about equal, hardly more."""
    import torch
    from transformers.trainer_pt_utils import LabelSmoother

    torch.manual_seed(1)
    logits, labels = torch.randn(2, 5, 11), torch.tensor([[-100, 1, 2, 3, -100], [-100, -100, 4, 5, 6]])
    theirs = LabelSmoother(epsilon=0.2)({"logits": logits}, labels, shift_labels=True)
    targets = labels[:, 1:]
    ours = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), targets.flatten(), ignore_index=-100, label_smoothing=0.2)
    assert float(ours) == pytest.approx(float(theirs), rel=1e-6)
    plain, smooth = make_run("plain", epochs=1, maxGradNorm=0), make_run("smooth", epochs=1, labelSmoothing=0.3)
    assert plain.start() == 0 and smooth.start() == 0
    assert smooth.losses()[1] != plain.losses()[1]


@pytest.mark.parametrize("method", ["lora", "full"])
def test_pure_bfloat16_keeps_weights_and_optimizer_short_and_resumes_exactly(make_run, method):
    import safetensors.torch
    import torch

    settings = {"precision": "pure_bfloat16", "saveEverySteps": 4, "method": method}
    whole, halves = (make_run(name, **settings) for name in ("whole", "halves"))
    assert whole.start() == 0 and halves.start() == 0
    assert halves.start(attempt=2, resume_from="checkpoint-4") == 0
    assert halves.losses() == whole.losses()
    file = "adapter_model.safetensors" if method == "lora" else "model.safetensors"
    weights = safetensors.torch.load_file(whole.folder / "checkpoints" / "checkpoint-8" / file)
    assert {tensor.dtype for tensor in weights.values()} == {torch.bfloat16}
    states = torch.load(whole.folder / "checkpoints" / "checkpoint-8" / "optimizer.pt", weights_only=True)["state"]
    assert {state["exp_avg"].dtype for state in states.values()} == {torch.bfloat16}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"precision": "float16"}, "precision: float16 has no effect on a CPU"), ({"attention": "flash_attention_2"}, "attention"), ({"attention": "flex_attention"}, "attention"),
        ({"ligerKernel": True}, "ligerKernel"), ({"tf32": "on"}, "tf32"),
    ],
)  # fmt: skip
def test_what_a_cpu_cannot_do_is_refused_before_anything_is_loaded(make_run, changes, field):
    run = make_run(**changes)
    assert run.start() == 1
    failed = run.events()[-1]
    assert failed["code"] == "spec_invalid" and failed["message"].startswith(f"training.{field}") and failed["remedy"]
    assert "loading_model" not in [event["name"] for event in run.events("phase")]


def test_further_arguments_reach_the_trainer_and_are_told(make_run):
    run = make_run(more={"eval_delay": 3, "torch_empty_cache_steps": 2, "log_level": "error"}, **EVAL)
    assert run.start() == 0
    resolved = json.loads((run.folder / "a1" / "resolved.json").read_text())
    assert resolved["more"] == {"eval_delay": 3, "torch_empty_cache_steps": 2, "log_level": "error"}
    assert resolved["arguments"]["eval_delay"] == 3 and min(run.losses("eval_loss")) == 4


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"eval_dely": 3}, "eval_dely is no argument of trl"), ({"learning_rate": 1}, "learning_rate has a field of its own"),
        ({"output_dir": "/tmp/x"}, "output_dir is set by Tuneboard itself"), ({"push_to_hub": True}, "push_to_hub is set by Tuneboard itself"),
        ({"hub_token": "x"}, "hub_token"), ({"report_to": "wandb"}, "report_to"), ({"deepspeed": "/etc/passwd"}, "deepspeed"),
        ({"eval_delay": "soon"}, "eval_delay takes number"), ({"optim": "sgd"}, "optim has a field"), ({"eval_accumulation_steps": 1.5}, "takes"),
    ],
)  # fmt: skip
def test_further_arguments_that_do_not_fit_are_refused(make_run, more, said):
    run = make_run(more=more)
    assert run.start() == 1
    failed = run.events()[-1]
    assert failed["code"] == "spec_invalid" and failed["message"].startswith("training.more: ") and said in failed["message"]


def test_a_misspelt_argument_is_answered_with_the_nearest_names(make_run):
    run = make_run(more={"eval_dely": 3})
    run.start()
    assert "eval_delay" in run.events()[-1]["remedy"]
