"""What the System page shows of this Python."""

import json
import os
import subprocess
import sys
from pathlib import Path

from trainer.__main__ import leave_busy_cores
from trainer.environment import EXTRAS, REQUIRED

SOURCE = Path(__file__).parents[1] / "src"


def test_it_prints_one_report_and_names_what_is_missing():
    done = subprocess.run([sys.executable, "-m", "trainer.environment"], env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, timeout=90)
    report = json.loads(done.stdout)
    assert set(report) == {"python", "executable", "cuda", "bf16", "devices", "packages", "extras"}
    assert [package["name"] for package in report["packages"]] == list(REQUIRED) and all(package["version"] for package in report["packages"])
    assert [extra["name"] for extra in report["extras"]] == list(EXTRAS)
    assert all(extra["enables"]["en"] and extra["enables"]["zh"] for extra in report["extras"])


def test_a_busy_machine_gets_fewer_threads_and_a_quiet_one_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    for load, threads in ((0.7, None), (2.9, "2"), (12.0, "1")):
        monkeypatch.setenv("OMP_NUM_THREADS", "")
        monkeypatch.delenv("OMP_NUM_THREADS")
        monkeypatch.setattr(os, "getloadavg", lambda load=load: (load, 0, 0))
        leave_busy_cores()
        assert os.environ.get("OMP_NUM_THREADS") == threads
