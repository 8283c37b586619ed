"""Work that reads all rows of a data set: the check that makes them canonical, changes that write them anew, measuring, comparing.

A check writes into OUTPUT/check.partial and moves its files to OUTPUT at the end, report.json last: where that is, all is whole.
A stop, a failure or a full disk leaves nothing behind.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trainer.control import Control
from trainer.data.check import check
from trainer.data.problems import REASONS, NotReadable
from trainer.data.readers import Source
from trainer.data.sentences import say
from trainer.events import EventLog
from trainer.failures import Failure
from trainer.spec import DataWorkerSpec
from trainer.spec_data import CheckTask, DataFile
from trainer.stop import stop_check

RESULTS = ("rows.jsonl", "rows.idx", "problems.jsonl", "report.json")
PROGRESS_SECONDS = 0.25
LOOK_SECONDS = 0.1
SPARE_BYTES = 256_000_000
GROWTH = {"parquet": 5.0, "arrow": 2.0}
"""Canonical rows are JSON: about as large as JSON was, and larger than packed columns."""
REMEDIES = {
    "dataset_empty": say("choose_rows"),
    "dataset_all_rows_bad": say("choose_mapping"),
    "dataset_not_readable": say("bring_again"),
}


def run(spec: DataWorkerSpec, run_dir: Path, events: EventLog, control: Control) -> None:
    task = spec.job.task
    match task.type:
        case "bring":
            from trainer.recipes import bring

            bring.run(spec, task, events, control)
        case "check":
            run_check(spec, task, events, control)
        case "measure":
            from trainer.recipes import measure

            measure.run(spec, run_dir, events, control)
        case "change":
            from trainer.recipes import change

            change.run(spec, task, events, control)
        case "compare":
            from trainer.recipes import compare

            compare.run(spec, task, events, control)
        case "overlap":
            from trainer.recipes import overlap

            overlap.run(spec, task, events, control)


def run_check(spec: DataWorkerSpec, task: CheckTask, events: EventLog, control: Control) -> None:
    refuse_actions(task.actions)
    files, output = spec.inputs.files, Path(spec.inputs.output_path)
    total = find_size(files)
    events.phase("checking")
    sources = [Source(Path(file.path), file.kind, file.encoding) for file in files]
    obey = stop_check(control, "A check has nothing to save or evaluate; it can be stopped.")
    with partial_folder(output) as folder:
        check_space(folder, int(sum(os.path.getsize(file.path) * GROWTH.get(file.kind, 1.2) for file in files)))
        try:
            report, notes = check(sources, task.mapping.model_dump(by_alias=True), task.actions, folder, progress(events, total, obey))
        except NotReadable as error:
            raise unreadable(error) from error
        obey()
    for note in notes:
        events.warning("repeats_not_all_found", note)
    events.progress(total, total, "bytes")
    events.finished("succeeded", {"rows": report["rows"], "usableRows": report["usableRows"], "bytes": total})


def unreadable(error: NotReadable) -> Failure:
    code = "data_empty" if error.code in ("dataset_empty", "dataset_all_rows_bad") else "data_invalid"
    return Failure(code, error.message, REMEDIES.get(error.code))


def refuse_actions(actions: dict[str, str]) -> None:
    for reason, action in actions.items():
        kind = REASONS.get(reason)
        if kind is None:
            raise Failure("spec_invalid", f"actions.{reason}: There is no such reason.", f"Known are {', '.join(REASONS)}.")
        if action == "keep" and kind.severity == "drop":
            raise Failure(
                "spec_invalid", f"actions.{reason}: Such rows can't be trained as they are, so they can't be kept.", "Choose drop or fix."
            )
        if action == "fix" and not kind.fixable:
            raise Failure("spec_invalid", f"actions.{reason}: This can't be mended safely.", "Choose drop or keep.")


def find_size(files: list[DataFile]) -> int:
    if not files:
        raise Failure("spec_invalid", "inputs.files: A check needs at least one file.", say("import_again"))
    for file in files:
        if not os.path.isfile(file.path):
            raise Failure("data_invalid", say("file_gone", file=file.name, path=file.path), say("put_back"))
    return sum(os.path.getsize(file.path) for file in files)


@contextmanager
def partial_folder(output: Path) -> Iterator[Path]:
    """A folder to fill. When all went well its files move into `output`, where the sources may lie too; the report, which says that
    the rest is whole, goes last. An earlier result is replaced."""
    partial = output / "check.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        (output / RESULTS[-1]).unlink(missing_ok=True)
        for name in RESULTS:
            (partial / name).replace(output / name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        message = say("needs_space", needed=f"{needed / 1e9:.1f}", free=f"{free / 1e9:.1f}", folder=str(folder.parent))
        raise Failure("disk_full", message, say("free_space"))


def progress(events: EventLog, total: int, obey: Callable[[], None]) -> Callable[[int], None]:
    done = 0
    looked_at = told_at = 0.0

    def watch(count: int) -> None:
        nonlocal done, looked_at, told_at
        done += count
        now = time.monotonic()
        if now - looked_at >= LOOK_SECONDS:
            looked_at = now
            obey()
        if now - told_at >= PROGRESS_SECONDS:
            told_at = now
            events.progress(min(done, total), total, "bytes")

    return watch
