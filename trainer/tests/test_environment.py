"""What the System page shows of this Python."""

import json
import subprocess
import sys
from pathlib import Path

from trainer.environment import REQUIRED, extras

SOURCE = Path(__file__).parents[1] / "src"


def test_it_prints_one_report_and_names_what_is_missing():
    done = subprocess.run([sys.executable, "-m", "trainer.environment"], env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, timeout=90)
    report = json.loads(done.stdout)
    assert set(report) == {"python", "executable", "cuda", "bf16", "devices", "packages", "extras"}
    assert [package["name"] for package in report["packages"]] == list(REQUIRED) and all(package["version"] for package in report["packages"])
    assert [extra["name"] for extra in report["extras"]] == list(extras())
    assert all(extra["enables"]["en"] and extra["enables"]["zh"] for extra in report["extras"])
