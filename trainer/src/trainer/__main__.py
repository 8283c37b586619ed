"""`python -m trainer RUN_DIR ATTEMPT`: one attempt of one task; `--standby` waits for one. Everything that goes wrong ends as one `failed` event and exit code 1."""

import importlib
import os
import sys
from pathlib import Path

from trainer import ranks
from trainer.attempt import prepare_environment, read_raw, read_spec, report
from trainer.control import Control, Stopped
from trainer.environment import package_versions
from trainer.events import EventLog
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
    rank = os.environ.get("RANK")
    if rank is None and ranks.several(run_dir, attempt):
        return ranks.lead(run_dir, attempt)
    events = EventLog(run_dir / "events.jsonl")
    first = rank in (None, "0")
    # Of several processes the first alone hears what the person wants; it tells the others.
    control = Control(run_dir / f"a{attempt}" / "control.jsonl" if first else Path(os.devnull), events)
    if first:
        control.listen_to_signals()
    try:
        work(run_dir, attempt, events, control)
    except BaseException as error:
        if rank is not None:
            return ranks.leave_word(error, run_dir, attempt, int(rank))
        if not isinstance(error, Stopped):
            report(error, events)
            return 1
        events.finished("stopped", {})
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
    if "RANK" not in os.environ:
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
    kind = read_raw(spec_path).get("kind")
    return kind if isinstance(kind, str) and kind in RECIPES else "train"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
