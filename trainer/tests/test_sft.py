"""Whole attempts on a tiny random Llama: what the log says, what lies on the disk, and that stopping costs nothing."""

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from trainer import callbacks
from trainer.events import EventLog

SOURCE = Path(__file__).parents[1] / "src"
PHASES = ["importing", "loading_data", "tokenizing", "loading_model", "training", "saving"]


@pytest.fixture
def at_step(monkeypatch):
    """Does something when the metric of a step is written, as a person would in that moment."""

    def install(step: int, act) -> None:
        real = EventLog.metric

        def metric(self, **fields):
            real(self, **fields)
            if fields["step"] == step and "loss" in fields["values"]:
                act()

        monkeypatch.setattr(EventLog, "metric", metric)

    return install


def uneven_rows() -> list[list[dict]]:
    answers = ["A long answer that says a good deal more than the others. " * 2, "No", "7", "Yes", "It is blue today.", "Pip"] * 2
    return [[{"role": "user", "content": f"What is {index}?"}, {"role": "assistant", "content": answer}] for index, answer in enumerate(answers)]


def saved(run, name: str) -> dict:
    import safetensors.torch

    folder = run.folder / "checkpoints" / name
    file = next(path for path in (folder / "adapter_model.safetensors", folder / "model.safetensors") if path.exists())
    return safetensors.torch.load_file(file)


@pytest.mark.parametrize(("method", "fall"), [("lora", 0.1), ("full", 1.0)])
def test_a_run_learns_and_tells_its_course(make_run, method, fall):
    run = make_run(method=method, epochs=6, learningRate=1e-2)
    assert run.start() == 0
    events = run.events()
    assert [event["seq"] for event in events] == list(range(len(events)))
    names = [event["name"] for event in run.events("phase")]
    assert [name for index, name in enumerate(names) if name not in names[:index]] == PHASES
    losses = run.losses()
    assert sorted(losses) == list(range(1, 25)) and all(map(math.isfinite, losses.values()))
    assert losses[24] < losses[1] - fall
    plan = run.events("plan")[0]["plan"]
    assert (plan["totalSteps"], plan["trainRows"], plan["evalRows"], plan["droppedRows"]) == (24, 16, 0, 0)
    assert plan["trainTokens"] > plan["trainedTokens"] > 0
    assert (plan["trainableParameters"] == plan["totalParameters"]) == (method == "full")
    assert run.events("metric")[-1]["tokens"] == 6 * plan["trainTokens"]
    assert [event["reason"] for event in run.events("checkpoint")] == ["final"]
    finished = events[-1]
    assert (finished["type"], finished["outcome"]) == ("finished", "succeeded")
    assert finished["summary"]["steps"] == 24


def numbers(word: str, count: int) -> list[list[dict]]:
    return [[{"role": "user", "content": f"{word} {at}?"}, {"role": "assistant", "content": "Yes"}] for at in range(count)]


def mix(run, mode: str, sets: list[tuple[float, int | None]], validation: dict) -> None:
    run.job["data"] = {
        "sets": [{"datasetId": f"ds_{at:012}", "weight": weight, "maxRows": cap} for at, (weight, cap) in enumerate(sets)],
        "mix": mode,
        "validation": validation,
    }


def test_two_sets_train_in_the_counts_that_were_planned_and_tell_them(make_run):
    run = make_run(rows=numbers("First", 20), epochs=1, batchSize=4)
    run.sets.append(run.write_set("second", numbers("Second", 9)))
    mix(run, "interleave_all", [(1, 10), (2, None)], {"type": "rows", "rows": 4, "stratified": True})
    assert run.start() == 0
    plan = run.events("plan")[0]["plan"]
    # 10 and 9 rows are kept, 2 of each held out, and 8 : 16 is 1 : 2.
    assert plan["sets"] == [
        {"name": "rows", "rows": 20, "kept": 10, "train": 8, "repeated": 0, "validation": 2, "unused": 0, "dropped": 0},
        {"name": "second", "rows": 9, "kept": 9, "train": 16, "repeated": 9, "validation": 2, "unused": 0, "dropped": 0},
    ]
    assert (plan["trainRows"], plan["evalRows"], plan["totalSteps"], plan["droppedRows"]) == (24, 4, 6, 0)
    assert run.events("metric")[-1]["tokens"] == plan["trainTokens"] and run.losses("eval_loss")
    resolved = json.loads((run.folder / "a1" / "resolved.json").read_text())
    assert [(one["name"], one["repeated"], len(one["sha256"])) for one in resolved["datasets"]] == [("rows", 0, 64), ("second", 9, 64)]


def test_sets_of_their_own_judge_what_was_learned(make_run):
    run = make_run(rows=numbers("First", 8), epochs=1)
    run.validation.append(run.write_set("judge", numbers("Other", 5)))
    mix(run, "concatenate", [(1, None)], {"type": "sets", "datasetIds": ["ds_0123456789ab"]})
    assert run.start() == 0
    plan = run.events("plan")[0]["plan"]
    assert (plan["trainRows"], plan["evalRows"]) == (8, 5) and run.losses("eval_loss")
    assert [(one["name"], one["train"], one["validation"]) for one in plan["sets"]] == [("rows", 8, 0), ("judge", 0, 5)]


def test_a_mixture_goes_on_with_the_same_rows_in_the_same_order(make_run):
    """Losses of the second half are those of a run that was never stopped."""

    def mixed(name: str):
        run = make_run(name, rows=numbers("First", 12), epochs=2, saveEverySteps=5)
        run.sets.append(run.write_set("second", numbers("Second", 6)))
        mix(run, "interleave_all", [(1, None), (1, 5)], {"type": "fraction", "fraction": 0.2, "stratified": False})
        return run

    whole, halves = mixed("whole"), mixed("halves")
    assert whole.start() == 0 and halves.start() == 0
    assert halves.start(attempt=2, resume_from="checkpoint-5") == 0
    assert halves.losses() == pytest.approx(whole.losses(), abs=1e-6)


def test_a_set_in_which_nothing_is_left_and_one_that_has_changed_are_named(make_run):
    run = make_run("refused", rows=numbers("First", 4), epochs=1)
    run.sets.append(run.write_set("endless", [[{"role": "user", "content": "why " * 300}, {"role": "assistant", "content": "Yes"}]]))
    mix(run, "concatenate", [(1, None), (1, None)], {"type": "none"})
    assert run.start() == 1
    assert "endless is left to train on" in run.events()[-1]["message"]
    run = make_run("changed", rows=numbers("First", 4), epochs=1)
    run.prepare()
    run.rows_path.write_text(run.rows_path.read_text().replace("First 2", "Other 2"))
    from trainer.__main__ import main

    assert main([str(run.folder), "1"]) == 1
    failed = run.events()[-1]
    assert failed["code"] == "data_invalid" and "not those that were checked" in failed["message"]


def test_a_checkpoint_is_vouched_for_file_by_file(make_run):
    run = make_run(epochs=1)
    run.start()
    folder = run.folder / "checkpoints" / "checkpoint-4"
    mark = json.loads((folder / "COMPLETE.json").read_text())
    on_disk = {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.name != "COMPLETE.json"}
    assert mark["files"] == on_disk and {"adapter_model.safetensors", "optimizer.pt", "tokenizer.json"} <= set(on_disk)
    event = run.events("checkpoint")[0]
    assert event["bytes"] == sum(on_disk.values()) and mark["step"] == 4 and mark["tokens"] == run.events("metric")[-1]["tokens"]
    resolved = json.loads((run.folder / "a1" / "resolved.json").read_text())
    assert resolved["baseFingerprint"] == mark["baseFingerprint"] and resolved["arguments"]["data_seed"] == 42
    assert resolved["arguments"]["warmup_steps"] == 1 and resolved["versions"]["trl"]
    assert resolved["threads"] == 1


def test_old_checkpoints_go_and_the_last_is_always_kept(make_run):
    run = make_run(epochs=2, saveEverySteps=3, saveLimit=2)
    run.start()
    assert [(event["step"], event["reason"]) for event in run.events("checkpoint")] == [(3, "cadence"), (6, "cadence"), (8, "final")]
    assert [event["name"] for event in run.events("checkpoint_removed")] == ["checkpoint-3"]
    assert sorted(path.name for path in (run.folder / "checkpoints").iterdir()) == ["checkpoint-6", "checkpoint-8"]


@pytest.mark.parametrize(("method", "changes"), [("lora", {"lora": {"dropout": 0.1}}), ("full", {"gradientAccumulation": 2})])
def test_a_stopped_and_resumed_run_equals_one_that_was_never_stopped(make_run, at_step, method, changes):
    settings = {"method": method, "epochs": 4, **changes}
    whole, parted = make_run("whole", **settings), make_run("parted", **settings)
    whole.start()
    steps = max(whole.losses())
    at_step(3, lambda: parted.ask("stop"))
    assert parted.start(attempt=1) == 0
    # The request came while step 3 was told, so step 4 is the first whose end sees it.
    assert [(event["step"], event["reason"]) for event in parted.events("checkpoint")] == [(4, "stop")]
    assert parted.events("finished")[0]["outcome"] == "stopped"
    assert [(event["verb"], event["outcome"]) for event in parted.events("ack")] == [("stop", "done")]
    before = parted.events("metric")[-1]
    assert parted.start(attempt=2, resume_from="checkpoint-4") == 0
    assert parted.events("rewind")[0]["toStep"] == 4
    after = next(event for event in parted.events("metric") if event["step"] == 5)
    assert after["tokens"] > before["tokens"] and after["seconds"] > before["seconds"]
    for step in range(1, steps + 1):
        assert parted.losses()[step] == pytest.approx(whole.losses()[step], abs=1e-6)
    assert parted.events("metric")[-1]["tokens"] == whole.events("metric")[-1]["tokens"]
    one, other = saved(whole, f"checkpoint-{steps}"), saved(parted, f"checkpoint-{steps}")
    assert all((one[name] - other[name]).abs().max() < 1e-6 for name in one)


def test_a_resume_forgets_what_came_after_its_checkpoint(make_run):
    run = make_run(epochs=2, saveEverySteps=2)
    run.start()
    (run.folder / "checkpoints" / "checkpoint-5").mkdir()
    assert run.start(attempt=2, resume_from="checkpoint-4") == 0
    names = sorted(path.name for path in (run.folder / "checkpoints").iterdir())
    assert names == ["checkpoint-2", "checkpoint-4", "checkpoint-6", "checkpoint-8"]
    assert [event["step"] for event in run.events("checkpoint")] == [2, 4, 6, 8, 6, 8]


@pytest.mark.parametrize(
    ("rows", "changes", "plan", "saved_steps"),
    [
        (1, {"epochs": 2}, (2, 1, 0), [2]),
        (3, {"epochs": 1, "batchSize": 64, "gradientAccumulation": 4}, (1, 3, 0), [1]),
        (16, {"epochs": 50, "maxSteps": 2}, (2, 16, 0), [2]),
        (16, {"epochs": 0.5, "saveEverySteps": 1, "saveLimit": 1}, (2, 16, 0), [2]),
        (1, {"epochs": 1, "evalFraction": 0.5, "evalEverySteps": 1}, (1, 1, 0), [1]),
    ],
    ids=["one row", "batch larger than the rows", "steps before the end of an epoch", "one checkpoint kept", "too few rows to hold any out"],
)  # fmt: skip
def test_small_numbers_train_as_planned(make_run, rows, changes, plan, saved_steps):
    run = make_run(rows=[[{"role": "user", "content": f"Number {i}?"}, {"role": "assistant", "content": "Yes"}] for i in range(rows)], **changes)
    assert run.start() == 0
    told = run.events("plan")[0]["plan"]
    assert (told["totalSteps"], told["trainRows"], told["evalRows"]) == plan
    assert sorted(run.losses()) == list(range(1, plan[0] + 1)) and not run.losses("eval_loss")
    assert [path.name for path in (run.folder / "checkpoints").iterdir()] == [f"checkpoint-{step}" for step in saved_steps]
    assert run.events()[-1]["outcome"] == "succeeded"


@pytest.mark.parametrize("harm", ["torn", "unfinished", "other base", "other rank"])
def test_a_checkpoint_that_does_not_fit_is_refused(make_run, make_model, tmp_path, harm):
    run = make_run(epochs=1)
    run.start()
    folder = run.folder / "checkpoints" / "checkpoint-4"
    if harm == "torn":
        os.truncate(folder / "optimizer.pt", 10)
    elif harm == "unfinished":
        (folder / "COMPLETE.json").unlink()
    elif harm == "other base":
        run.model = make_model(tmp_path / "other", "chatml")
        config = json.loads((run.model / "config.json").read_text())
        (run.model / "config.json").write_text(json.dumps({**config, "rope_theta": 5.0}))
    else:
        run.job["lora"]["rank"] = 8
    assert run.start(attempt=2, resume_from="checkpoint-4") == 1
    failed = run.events("failed")[0]
    words = {"torn": "optimizer.pt", "unfinished": "never finished", "other base": "other weights", "other rank": "lora.rank was 4 and is now 8"}
    assert failed["code"] == "checkpoint_invalid" and words[harm] in failed["message"] and failed["remedy"]
    assert not run.events("rewind")


def test_save_and_evaluate_on_demand(make_run, at_step):
    run = make_run(epochs=2, evalFraction=0.25)
    at_step(2, lambda: (run.ask("save"), run.ask("evaluate")))
    assert run.start() == 0
    assert [(event["step"], event["reason"]) for event in run.events("checkpoint")] == [(3, "requested"), (6, "final")]
    assert sorted(run.losses("eval_loss")) == [3, 6]
    acks = {event["verb"]: event for event in run.events("ack")}
    assert acks["save"]["note"] == "checkpoint-3" and acks["evaluate"]["outcome"] == "done"


def test_evaluate_without_held_out_rows_is_refused_with_a_reason(make_run, at_step):
    run = make_run(epochs=1)
    at_step(2, lambda: run.ask("evaluate"))
    run.start()
    ack = run.events("ack")[0]
    assert ack["outcome"] == "refused" and "data.validation" in ack["note"]


def test_abort_ends_without_a_checkpoint(make_run, at_step):
    run = make_run(epochs=4)
    at_step(2, lambda: run.ask("abort"))
    assert run.start() == 0
    assert run.events()[-1]["outcome"] == "stopped" and not run.events("checkpoint")
    assert max(run.losses()) < 5


def test_abort_before_the_first_step_ends_at_once(make_run):
    run = make_run()
    run.prepare()
    run.ask("abort")
    assert run.start() == 0
    assert run.events()[-1]["outcome"] == "stopped" and not run.events("plan") and run.events("ack")


def test_sigterm_means_stop(make_run, at_step):
    run = make_run(epochs=4)
    at_step(2, lambda: os.kill(os.getpid(), signal.SIGTERM))
    assert run.start() == 0
    assert [event["reason"] for event in run.events("checkpoint")] == ["stop"]
    assert run.events()[-1]["outcome"] == "stopped"


def test_validation_counts_tokens_not_batches(make_run):
    """One long and several short rows: the mean over batches would depend on the batch size, the mean over tokens does not."""
    first, second = (make_run(f"batch{size}", rows=uneven_rows(), batchSize=size, maxSteps=1, evalFraction=0.5, warmupRatio=0) for size in (1, 3))
    for run in (first, second):
        run.job["training"]["learningRate"] = 1e-12
        assert run.start() == 0
    assert first.losses("eval_loss")[1] == pytest.approx(second.losses("eval_loss")[1], abs=1e-5)
    assert first.events("plan")[0]["plan"]["evalRows"] == 6


def test_evaluation_comes_at_its_cadence_and_at_the_end(make_run):
    run = make_run(epochs=2, evalFraction=0.25, evalEverySteps=4)
    run.start()
    assert sorted(run.losses("eval_loss")) == [4, 6]
    assert run.events("finished")[0]["summary"]["eval_loss"] == run.losses("eval_loss")[6]


def test_targets_that_the_model_lacks_are_named_with_those_it_has(make_run):
    run = make_run(lora={"targets": ["q_proj", "c_attn"]})
    assert run.start() == 1
    failed = run.events()[-1]
    assert failed["code"] == "spec_invalid" and "lora.targets" in failed["message"] and "“c_attn”" in failed["message"]
    assert "gate_proj" in failed["remedy"] and "Traceback" in failed["traceback"]


def test_a_loss_that_is_no_number_ends_the_run(make_run, monkeypatch):
    import torch

    from trainer.stages import sft

    real = torch.nn.functional.cross_entropy
    monkeypatch.setattr(sft.functional, "cross_entropy", lambda *args, **kwargs: real(*args, **kwargs) * float("nan"))
    run = make_run(epochs=4)
    assert run.start() == 1
    assert [run.losses()[step] for step in (1, 5)] == ["nan", "nan"] and max(run.losses()) == callbacks.NON_FINITE_STEPS
    assert [event["code"] for event in run.events("warning")] == ["non_finite_loss"]
    assert run.events()[-1]["code"] == "non_finite_loss" and run.events()[-1]["remedy"]


def test_rows_in_which_nothing_is_left_are_counted_and_told(make_run):
    long = [{"role": "user", "content": "word " * 60}, {"role": "assistant", "content": "x"}]
    short = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello, " * 20}]
    run = make_run(rows=[long, short, short], cutoffLength=32, epochs=1)
    assert run.start() == 0
    plan = run.events("plan")[0]["plan"]
    assert (plan["trainRows"], plan["droppedRows"], plan["truncatedRows"]) == (2, 1, 2)
    assert "row 0" in run.events("warning")[0]["message"]


@pytest.mark.parametrize(
    ("template", "rows", "code"),
    [(None, None, "template_refused"), ("dropping", None, "template_refused"), ("demo", [[{"role": "user", "content": "word " * 90}, {"role": "assistant", "content": "x"}]], "data_empty")],
)  # fmt: skip
def test_data_that_cannot_be_trained_fails_before_the_model_is_loaded(make_run, make_model, tmp_path, template, rows, code):
    run = make_run(model=make_model(tmp_path / "model", template), rows=rows, cutoffLength=32)
    assert run.start() == 1
    failed = run.events()[-1]
    assert failed["code"] == code and failed["remedy"]
    assert "loading_model" not in [event["name"] for event in run.events("phase")]


def test_a_spec_that_is_refused_is_told_in_the_log(make_run):
    run = make_run(learningRate=3)
    assert run.start() == 1
    opened, failed = run.events()
    assert opened["type"] == "opened" and failed["code"] == "spec_invalid" and "training.learningRate" in failed["message"]


def test_the_long_way_of_the_loss_gives_the_same(make_run, monkeypatch):
    """Architectures whose forward takes no logits_to_keep go this way."""
    from trainer.stages import sft

    short, long = make_run("short", gradientAccumulation=2, evalFraction=0.25), make_run("long", gradientAccumulation=2, evalFraction=0.25)
    short.start()
    real = sft.Trainer.__init__

    def plain(self, **arguments):
        real(self, **arguments)
        assert self.is_lean
        self.is_lean = False

    monkeypatch.setattr(sft.Trainer, "__init__", plain)
    long.start()
    assert long.losses() == pytest.approx(short.losses(), abs=1e-5)
    assert long.losses("eval_loss") == pytest.approx(short.losses("eval_loss"), abs=1e-5)


def test_the_whole_program_leaves_with_0_and_writes_the_start_before_it_imports(make_run):
    run = make_run(epochs=1, gradientCheckpointing=True, scheduler="constant")
    run.prepare()
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"}
    done = subprocess.run([sys.executable, "-m", "trainer", str(run.folder), "1"], env=environment, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    opened, importing, following = run.events()[:3]
    assert (opened["type"], importing["name"]) == ("opened", "importing")
    assert following["t"] - importing["t"] > importing["t"] - opened["t"]
    assert run.events("metric")[0]["values"]["learning_rate"] == 5e-3
