"""A worker that waits for its run: handed over by a line, it is that run's worker; until then it leaves with whoever waits for it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from test_shim import gone, read, wait_for

SOURCE = Path(__file__).parents[1] / "src"
TOKEN = "t" * 32
STAND_IN = """
import os, sys, json
sys.path.insert(0, {source!r})
from trainer.shim import take_token
os.write(0, b"ready\\n")
line = os.read(0, 65536)
if not line: sys.exit(0)
start = json.loads(line)
take_token(start["token"])
print("worker", os.getpid(), flush=True)
{then}
"""


def spawn(*command: str) -> subprocess.Popen:
    environment = os.environ | {"TUNEBOARD_TOKEN": "-" * 32, "PYTHONPATH": str(SOURCE)}
    program = [sys.executable, "-I", "-S", str(SOURCE / "trainer" / "standby_shim.py"), "5", "--", *command]
    return subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True)


def stand_in(then: str = "") -> subprocess.Popen:
    shim = spawn(sys.executable, "-c", STAND_IN.format(source=str(SOURCE), then=then))
    assert shim.stdout.readline() == b"ready\n"
    return shim


def hand_over(shim: subprocess.Popen, run_dir: Path, token: str = TOKEN) -> bytes:
    (run_dir / "a1").mkdir(parents=True, exist_ok=True)
    start = {"attemptDir": str(run_dir / "a1"), "runDir": str(run_dir), "attempt": 1, "token": token}
    shim.stdin.write(json.dumps(start).encode() + b"\n")
    shim.stdin.flush()
    return shim.stdout.readline()


def carries(pid: int, token: str) -> bool:
    return f"TUNEBOARD_TOKEN={token}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_run_that_is_handed_over_has_all_records_of_one_that_was_started(tmp_path):
    shim = stand_in("sys.exit(3)")
    assert hand_over(shim, tmp_path) == b"taken\n"
    assert shim.wait(20) == 3
    record, pids = read(tmp_path / "a1" / "exit.json"), read(tmp_path / "a1" / "pid.json")
    assert (record["code"], record["killed"]) == (3, False) and record["endedAt"] >= record["startedAt"]
    assert pids["shim"]["pid"] == shim.pid and (tmp_path / "a1" / "claim").exists()
    assert f"worker {pids['worker']['pid']}" in (tmp_path / "a1" / "output.log").read_text()


def test_worker_and_child_are_found_by_the_token_of_the_run(tmp_path):
    shim = stand_in("import subprocess; subprocess.run(['sleep', '60'])")
    assert hand_over(shim, tmp_path) == b"taken\n"
    worker = read(tmp_path / "a1" / "pid.json")["worker"]["pid"]
    [child] = wait_for(lambda: children(worker))
    assert carries(shim.pid, TOKEN) and carries(worker, TOKEN) and wait_for(lambda: carries(child, TOKEN))
    # The server may go: its end of the pipes means nothing any more.
    shim.stdin.close()
    shim.stdout.close()
    shim.terminate()
    shim.wait(20)
    assert read(tmp_path / "a1" / "exit.json")["signal"] == 15
    assert gone(worker) and gone(child)


def test_it_leaves_with_the_server_before_a_run_is_handed_over(tmp_path):
    shim = stand_in()
    [worker] = children(shim.pid)
    shim.stdin.close()
    assert shim.wait(20) == 0 and gone(worker)


def test_a_run_that_another_shim_has_claimed_is_left_to_it(tmp_path):
    shim = stand_in()
    [worker] = children(shim.pid)
    (tmp_path / "a1").mkdir()
    (tmp_path / "a1" / "claim").touch()
    assert hand_over(shim, tmp_path) == b""
    assert shim.wait(20) == 0 and gone(worker)
    assert sorted(path.name for path in (tmp_path / "a1").iterdir()) == ["claim"]


def test_half_a_line_is_no_run(tmp_path):
    shim = stand_in()
    shim.stdin.write(json.dumps({"attemptDir": str(tmp_path)}).encode())
    shim.stdin.close()
    assert shim.wait(20) == 0 and list(tmp_path.iterdir()) == []


def test_a_run_that_is_handed_over_trains_as_one_that_is_started(make_run):
    handed, started = make_run("handed", epochs=1), make_run("started", epochs=1)
    handed.prepare()
    shim = spawn(sys.executable, "-m", "trainer", "--standby")
    assert shim.stdout.readline() == b"ready\n"
    assert hand_over(shim, handed.folder) == b"taken\n"
    assert started.start() == 0 and shim.wait(60) == 0
    assert handed.events()[-1]["outcome"] == "succeeded"
    assert handed.losses() == started.losses()
