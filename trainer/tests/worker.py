"""A worker as the server starts it: `python -m trainer RUN_DIR 1` over a spec in a run directory of its own."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parents[1] / "src"
PATIENCE_SECONDS = 60.0


class Worker:
    def __init__(self, run_dir: Path, *, kind: str, job: dict[str, Any], inputs: dict[str, Any]):
        self.run_dir = run_dir
        self._attempt = run_dir / "a1"
        self._attempt.mkdir(parents=True)
        (run_dir / "artifacts").mkdir(exist_ok=True)
        envelope = {"specVersion": 2, "runId": "run_0000000000aa", "attempt": 1, "token": "token-of-this-test", "device": "cpu", "kind": kind}
        (self._attempt / "spec.json").write_text(json.dumps(envelope | {"job": {"kind": kind, "name": "test"} | job, "inputs": inputs}))
        environment = os.environ | {"PYTHONPATH": str(SOURCE), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "trainer", str(run_dir), "1"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    @property
    def events(self) -> list[dict[str, Any]]:
        path = self.run_dir / "events.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def of_type(self, type: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == type]

    def wait_for(self, type: str) -> dict[str, Any]:
        """The first event of this type; the end of the process without it is a failed test."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            ended = self.process.poll() is not None
            found = self.of_type(type)
            if found:
                return found[0]
            if ended:
                break
            time.sleep(0.01)
        raise AssertionError(f"no {type} among {[event['type'] for event in self.events]}: {self.of_type('failed')}")

    def ask(self, verb: str) -> None:
        with open(self._attempt / "control.jsonl", "a") as file:
            file.write(json.dumps({"id": f"ctl-{verb}", "t": 0, "verb": verb}) + "\n")

    def end(self) -> int:
        """Wait for the process; its exit code."""
        try:
            self.process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return self.process.returncode

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
