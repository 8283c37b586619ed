"""Several processes that train one model, over gloo on this machine's cores: as one process does with the same batches."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
ENVIRONMENT = {**{k: v for k, v in os.environ.items() if k != "RANK"}, "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"}
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
pytestmark = pytest.mark.skipif(CORES < 2, reason="two processes need two cores")


PATIENCE_SECONDS = 400
begun: list[subprocess.Popen] = []


@pytest.fixture(autouse=True)
def nothing_left():
    """A test that fails on its way leaves no process, as the shim sees to it elsewhere."""
    yield
    for process in begun:
        for pid in [*ranks_of(process).values(), process.pid] if process.poll() is None else []:
            os.kill(pid, signal.SIGKILL)
        process.communicate()
    begun.clear()


def begin(run, attempt: int = 1, resume_from: str | None = None) -> subprocess.Popen:
    run.prepare(attempt, resume_from)
    begun.append(
        subprocess.Popen(
            [sys.executable, "-m", "trainer", str(run.folder), str(attempt)], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
    )
    return begun[-1]


def finish(process: subprocess.Popen) -> tuple[int, str]:
    said = process.communicate(timeout=PATIENCE_SECONDS)[1]
    return process.returncode, said


def start(run, attempt: int = 1, resume_from: str | None = None) -> int:
    code, said = finish(begin(run, attempt, resume_from))
    assert code in (0, 1), said
    return code


def wait_for_step(run, process: subprocess.Popen, step: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if (run.folder / "events.jsonl").exists() and max(run.losses(), default=0) >= step:
            return
        time.sleep(0.01)
    raise AssertionError(f"step {step} was not told: {run.events()[-1]}")


def ranks_of(process: subprocess.Popen) -> dict[int, int]:
    """Process ids by rank."""
    found = {}
    for name in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        variables = dict(line.split("=", 1) for line in Path(f"/proc/{name}/environ").read_text().split("\0") if "=" in line)
        if "RANK" in variables:
            found[int(variables["RANK"])] = int(name)
    return found


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def numbered(count: int) -> list[list[dict]]:
    answers = ["A long answer that says a good deal more than the others. " * 2, "No", "7", "Yes", "It is blue today.", "Pip"]
    return [[{"role": "user", "content": f"What is {at}?"}, {"role": "assistant", "content": answers[at % 6]}] for at in range(count)]


@pytest.mark.parametrize(
    ("method", "changes"),
    [
        ("full", {"order": "random", "gradientAccumulation": 2}),
        ("lora", {"order": "length"}),
        ("full", {"packing": "bfd", "dropLastBatch": True}),
    ],
)
def test_two_processes_learn_as_one_with_the_same_batches(make_run, method, changes):
    """17 rows for training and 4 to judge: the last batch has one row, so that one process has none of it."""
    common = {"rows": numbered(21), "method": method, "epochs": 2, "evalFraction": 0.2, "evalEverySteps": 2, **changes}
    one, two = make_run("one", batchSize=4, **common), make_run("two", batchSize=2, processes=2, **common)
    assert one.start() == 0
    assert start(two) == 0
    assert two.losses() == pytest.approx(one.losses(), abs=1e-5)
    assert two.losses("eval_loss") == pytest.approx(one.losses("eval_loss"), abs=1e-5)
    assert two.losses("grad_norm") == pytest.approx(one.losses("grad_norm"), abs=1e-4)
    assert [event["tokens"] for event in two.events("metric")] == [event["tokens"] for event in one.events("metric")]
    plans = [run.events("plan")[0]["plan"] for run in (one, two)]
    assert [plan.pop("processes") for plan in plans] == [1, 2]
    assert plans[0] == plans[1]
    assert [event["seq"] for event in two.events()] == list(range(len(two.events())))
    assert [event["type"] for event in two.events()].count("opened") == 1
    assert two.events("finished")[0]["outcome"] == "succeeded"


def test_two_processes_stop_at_the_same_step_and_resume_equal(make_run):
    settings = {"method": "lora", "lora": {"dropout": 0.1}, "batchSize": 2, "processes": 2, "epochs": 10, "saveEverySteps": 6}
    whole, parted = make_run("whole", **settings), make_run("parted", **settings)
    assert start(whole) == 0
    process = begin(parted)
    wait_for_step(parted, process, 3)
    parted.ask("save")
    parted.ask("stop")
    assert finish(process)[0] == 0
    assert parted.events("finished")[0]["outcome"] == "stopped"
    assert {event["verb"]: event["outcome"] for event in parted.events("ack")} == {"save": "done", "stop": "done"}
    saved = parted.events("checkpoint")[-1]["name"]
    assert {"rng_state_0.pth", "rng_state_1.pth"} <= {path.name for path in (parted.folder / "checkpoints" / saved).iterdir()}
    # In the middle of a later epoch, where the order of its rows has to be found again.
    assert start(parted, 2, saved) == 0 and start(parted, 3, "checkpoint-6") == 0
    assert parted.losses() == pytest.approx(whole.losses(), abs=1e-6)
    assert parted.events("metric")[-1]["tokens"] == whole.events("metric")[-1]["tokens"]


def test_a_signal_means_stop_for_all_of_them(make_run):
    run = make_run(method="full", batchSize=2, processes=2, epochs=500)
    process = begin(run)
    wait_for_step(run, process, 2)
    ranks = ranks_of(process)
    process.send_signal(signal.SIGTERM)
    assert finish(process)[0] == 0
    assert run.events()[-1]["outcome"] == "stopped"
    assert run.events("checkpoint")[-1]["reason"] == "stop"
    assert sorted(ranks) == [0, 1] and all(map(is_gone, ranks.values()))


def test_a_stop_before_the_first_step_ends_all_of_them(make_run):
    run = make_run(batchSize=2, processes=2)
    run.prepare()
    run.ask("abort")
    assert start(run) == 0
    assert run.events()[-1]["outcome"] == "stopped" and run.events("ack")[0]["outcome"] == "done"


@pytest.mark.parametrize("victim", [0, 1])
def test_a_killed_process_is_named_and_none_is_left(make_run, victim):
    run = make_run(method="full", batchSize=2, processes=2, epochs=500)
    process = begin(run)
    wait_for_step(run, process, 2)
    ranks = ranks_of(process)
    os.kill(ranks[victim], signal.SIGKILL)
    assert finish(process)[0] == 1
    failed = run.events()[-1]
    assert failed["type"] == "failed" and failed["code"] == "killed"
    assert failed["message"].startswith(f"Rank {victim} of 2 processes was ended from outside (SIGKILL)")
    assert failed["said"][0] == {"code": "rank_killed", "params": {"rank": victim, "count": 2, "signal": "SIGKILL"}}
    assert all(map(is_gone, ranks.values()))


def test_more_processes_than_cores_are_refused_before_any_starts(make_run):
    run = make_run(processes=CORES + 1 if CORES < 64 else 64)
    if CORES >= 64:
        pytest.skip("this machine has a core for each")
    assert start(run) == 1
    failed = run.events()[-1]
    assert failed["code"] == "spec_invalid" and f"training.processes: {CORES + 1}" in failed["message"] and str(CORES) in failed["remedy"]


def test_what_is_wrong_in_all_of_them_is_told_once(make_run):
    run = make_run(processes=2, lora={"targets": ["nowhere"]})
    assert start(run) == 1
    failed = run.events("failed")
    assert len(failed) == 1 and failed[0]["code"] == "spec_invalid" and "nowhere" in failed[0]["message"]
    assert json.loads((run.folder / "a1" / "rank-0.json").read_text())["rank"] == 0
