"""`python -m trainer RUN_DIR ATTEMPT`: one attempt of one task; `--standby` waits for one. Everything that goes wrong ends as one `failed` event and exit code 1."""

import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from trainer.control import Control, Stopped
from trainer.environment import package_versions
from trainer.events import EventLog
from trainer.failures import Failure, explain
from trainer.heartbeat import start_heartbeat

RECIPES = {
    "train": "trainer.recipes.train",
    "chat": "trainer.recipes.chat",
    "export": "trainer.recipes.export",
    "data": "trainer.recipes.data",
}


def main(arguments: list[str]) -> int:
    if arguments == ["--standby"]:
        return stand_by()
    if len(arguments) != 2 or not arguments[1].isdigit():
        print("usage: python -m trainer RUN_DIR ATTEMPT", file=sys.stderr)
        return 2
    run_dir, attempt = Path(arguments[0]).resolve(), int(arguments[1])
    events = EventLog(run_dir / "events.jsonl")
    control = Control(run_dir / f"a{attempt}" / "control.jsonl", events)
    control.listen_to_signals()
    try:
        work(run_dir, attempt, events, control)
    except Stopped:
        events.finished("stopped", {})
    except BaseException as error:
        report(error, events)
        return 1
    return 0


def stand_by() -> int:
    """Libraries first, then the run: everything after that is as ever."""
    prepare_environment("auto")
    from trainer.standby import wait_for_run

    run = wait_for_run()
    return 0 if run is None else main(run)


def work(run_dir: Path, attempt: int, events: EventLog, control: Control) -> None:
    spec_path = run_dir / f"a{attempt}" / "spec.json"
    kind = peek_kind(spec_path)
    events.opened(attempt=attempt, kind=kind, versions=package_versions())
    heartbeat = start_heartbeat(events)
    try:
        spec = read_spec(spec_path)
        prepare_environment(spec.device)
        events.phase("importing")
        recipe = importlib.import_module(RECIPES[kind])
        control.check()
        recipe.run(spec, run_dir, events, control)
    finally:
        heartbeat.set()


def peek_kind(spec_path: Path) -> str:
    """The log opens with the kind even where the rest of the spec is refused."""
    try:
        raw = json.loads(spec_path.read_bytes())
    except (OSError, ValueError):
        return "train"
    kind = raw.get("kind") if isinstance(raw, dict) else None
    return kind if kind in RECIPES else "train"


def read_spec(spec_path: Path) -> Any:
    """Checked after the log is open: reading the rules takes a fifth of a second in which the person already sees the start."""
    from trainer.spec import SpecError, load_spec

    try:
        return load_spec(spec_path)
    except SpecError as error:
        remedy = "Correct the named field and launch again."
        raise Failure("spec_invalid", f"The settings are refused. {error}", remedy) from error


def prepare_environment(device: str) -> None:
    """Before the libraries are imported, which look at these once."""
    for name in ("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Threads that spin while they wait starve each other where cores are shared: 0.2 against 4 steps a second on a busy machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    elif "WORLD_SIZE" not in os.environ:
        # One process drives one GPU; of several that it sees, transformers would use all, and badly.
        os.environ["CUDA_VISIBLE_DEVICES"] = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0]


def report(error: BaseException, events: EventLog) -> None:
    """The log of events first; the plain output too, for the case that the disk takes no more events."""
    text = "".join(traceback.format_exception(error))
    print(text, file=sys.stderr, flush=True)
    failure = explain(error)
    events.failed(code=failure.code, message=failure.message, remedy=failure.remedy, said=failure.said, traceback=text[-20_000:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
