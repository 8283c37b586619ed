"""The shim, run as the server runs it: a real process that starts real processes."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_disk import fill

SHIM = Path(__file__).parents[1] / "src" / "trainer" / "shim.py"
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="orphans are adopted on Linux only")
STUBBORN = "import signal,sys,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1],'w').close(); time.sleep(60)"


def spawn(folder: Path, *command: str, grace: float = 5) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(SHIM), str(folder), str(grace), "--", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def run(folder: Path, code: str, *arguments: str, grace: float = 5) -> tuple[int, dict]:
    shim = spawn(folder, sys.executable, "-c", code, *arguments, grace=grace)
    returned = shim.wait(30)
    return returned, read(folder / "exit.json")


def read(path: Path) -> dict:
    return json.loads(path.read_text())


def wait_for(check, seconds: float = 20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = check()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("it did not happen in time")


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_the_exit_code_and_the_output_are_kept(tmp_path):
    returned, record = run(tmp_path, "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert returned == 3
    assert (record["code"], record["signal"], record["killed"], record["oomKills"]) == (3, None, False, 0)
    assert record["endedAt"] >= record["startedAt"] > 1e12
    assert record["maxRssBytes"] > 1e6
    assert sorted((tmp_path / "output.log").read_text().split()) == ["err", "out"]


def test_a_death_by_signal_is_told_from_an_exit_code(tmp_path):
    returned, record = run(tmp_path, "import os,signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert (record["code"], record["signal"], record["killed"]) == (None, signal.SIGKILL, False)
    assert returned == 128 + signal.SIGKILL


def test_a_worker_that_cannot_start_leaves_code_127_and_the_reason(tmp_path):
    shim = spawn(tmp_path, "/no/such/python", "-m", "trainer")
    assert shim.wait(10) == 127
    assert read(tmp_path / "exit.json")["code"] == 127
    assert "/no/such/python: No such file or directory" in (tmp_path / "output.log").read_text()


def test_of_many_that_race_for_one_attempt_exactly_one_starts(tmp_path):
    counter = tmp_path / "starts"
    shims = [spawn(tmp_path, sys.executable, "-c", "import sys; open(sys.argv[1],'a').write('x')", str(counter)) for _ in range(8)]
    assert [shim.wait(30) for shim in shims] == [0] * 8
    assert counter.read_text() == "x"


def test_an_attempt_that_is_claimed_by_the_server_never_starts(tmp_path):
    (tmp_path / "claim").touch()
    assert spawn(tmp_path, sys.executable, "-c", "print(1)").wait(10) == 0
    assert not (tmp_path / "pid.json").exists() and not (tmp_path / "output.log").exists()


def test_pids_are_recorded_with_start_times_while_the_worker_runs(tmp_path):
    shim = spawn(tmp_path, sys.executable, "-c", "import time; time.sleep(60)")
    record = wait_for(lambda: (tmp_path / "pid.json").exists() and read(tmp_path / "pid.json").get("worker") and read(tmp_path / "pid.json"))
    assert record["shim"]["pid"] == shim.pid
    if sys.platform.startswith("linux"):
        ticks = int(Path(f"/proc/{record['worker']['pid']}/stat").read_text().rpartition(")")[2].split()[19])
        assert record["worker"]["startTicks"] == ticks
        assert record["bootId"] == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        assert Path(f"/proc/{record['worker']['pid']}/oom_score_adj").read_text().strip() == "500"
    shim.terminate()
    assert shim.wait(10) == 128 + signal.SIGTERM


def test_term_reaches_the_worker_which_may_end_in_its_own_way(tmp_path):
    ready = tmp_path / "ready"
    code = "import signal,sys,time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7)); open(sys.argv[1],'w').close(); time.sleep(60)"
    shim = spawn(tmp_path, sys.executable, "-c", code, str(ready))
    wait_for(ready.exists)
    shim.terminate()
    assert shim.wait(10) == 7
    assert read(tmp_path / "exit.json")["killed"] is False


def test_a_worker_that_ignores_term_is_killed_after_the_grace_time(tmp_path):
    ready = tmp_path / "ready"
    shim = spawn(tmp_path, sys.executable, "-c", STUBBORN, str(ready), grace=0.3)
    wait_for(ready.exists)
    began = time.monotonic()
    shim.terminate()
    shim.wait(10)
    assert 0.3 <= time.monotonic() - began < 5
    record = read(tmp_path / "exit.json")
    assert (record["signal"], record["killed"]) == (signal.SIGKILL, True)


@LINUX
def test_grandchildren_in_their_own_session_that_ignore_term_are_killed_too(tmp_path):
    ready, pids = tmp_path / "ready", tmp_path / "pids"
    code = (
        "import subprocess,sys,signal,time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"child = subprocess.Popen([sys.executable, '-c', {STUBBORN!r}, sys.argv[1]], start_new_session=True)\n"
        "open(sys.argv[2],'w').write(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    shim = spawn(tmp_path, sys.executable, "-c", code, str(ready), str(pids), grace=0.2)
    wait_for(ready.exists)
    shim.terminate()
    shim.wait(15)
    assert gone(int(pids.read_text()))


@LINUX
def test_what_a_finished_worker_leaves_behind_is_ended_before_the_record_is_written(tmp_path):
    ready, pids = tmp_path / "ready", tmp_path / "pids"
    code = (
        "import os,subprocess,sys,time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {STUBBORN!r}, sys.argv[1]], start_new_session=True)\n"
        "open(sys.argv[2],'w').write(str(child.pid))\n"
        "while not os.path.exists(sys.argv[1]): time.sleep(0.01)\n"
    )
    returned, record = run(tmp_path, code, str(ready), str(pids))
    assert (returned, record["code"], record["killed"]) == (0, 0, False)
    assert gone(int(pids.read_text()))


def test_a_flood_of_output_is_kept_to_two_files_and_the_offset_tells_what_is_missing(tmp_path):
    total = 20 * 1024 * 1024
    code = f"import sys\nfor i in range({total} // 64): sys.stdout.write('%063d\\n' % i)"
    run(tmp_path, code)
    now, before = tmp_path / "output.log", tmp_path / "output.log.1"
    offset = int((tmp_path / "output.log.offset").read_text())
    assert offset + now.stat().st_size == total
    assert now.stat().st_size <= 8 << 20 and before.stat().st_size <= 8 << 20
    assert int(now.read_bytes()[:63]) == offset // 64
    assert int(before.read_bytes()[:63]) == (offset - before.stat().st_size) // 64


@LINUX
def test_it_runs_where_the_system_has_no_prctl_and_no_proc(tmp_path):
    """As on a Mac: the platform's name decides, so that is what is changed."""
    code = f"import sys; sys.platform='darwin'; sys.argv={['shim', str(tmp_path), '5', '--', sys.executable, '-c', 'print(5)']!r}; " + (
        f"import runpy; runpy.run_path({str(SHIM)!r}, run_name='__main__')"
    )
    assert subprocess.run([sys.executable, "-I", "-S", "-c", code], timeout=20).returncode == 0
    assert (tmp_path / "output.log").read_text() == "5\n"
    assert read(tmp_path / "exit.json")["code"] == 0


def test_on_a_full_disk_the_record_of_the_end_is_written_all_the_same(small_disk):
    code = "import os,sys,time; open(sys.argv[1], 'x').close()\nwhile not os.path.exists(sys.argv[2]): time.sleep(0.01)\nsys.exit(4)"
    started, go = small_disk / "started", small_disk.parent / "go"
    shim = spawn(small_disk, sys.executable, "-c", code, str(started), str(go))
    wait_for(started.exists)
    fill(small_disk)
    go.touch()
    assert shim.wait(30) == 4
    assert read(small_disk / "exit.json")["code"] == 4
    assert not (small_disk / "exit.json.tmp").exists()
