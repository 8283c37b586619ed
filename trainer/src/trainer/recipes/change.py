"""Makes a version of a data set from the rows of another: text replaced, some rows drawn, or some left out.

The rows are written into a file of the new version, OUTPUT/source/rows.jsonl, and then checked as any other. The files that are
read belong to the other version; nothing is ever opened for writing but what is new.
"""

import json
import os
import sys
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from trainer.control import Control
from trainer.data.check import check
from trainer.data.draw import draw_rows
from trainer.data.problems import NotReadable, RawRow
from trainer.data.readers import Source, read_rows
from trainer.data.replace import Replacer, RowGrows
from trainer.data.sentences import say
from trainer.data.write_rows import as_line
from trainer.events import EventLog
from trainer.failures import Failure
from trainer.recipes.data import GROWTH, check_space, find_size, partial_folder, progress, refuse_actions, unreadable
from trainer.spec import DataWorkerSpec
from trainer.spec_data import ChangeTask, LeaveOutChange, SampleChange
from trainer.stop import stop_check

SOURCE = Path("source", "rows.jsonl")
LEAVE_OUT = "leave-out.idx"
TABLES = ("csv", "tsv", "parquet", "arrow")
Watch = Callable[[int], None]


def run(spec: DataWorkerSpec, task: ChangeTask, events: EventLog, control: Control) -> None:
    refuse_actions(task.actions)
    files, output = spec.inputs.files, Path(spec.inputs.output_path)
    size = find_size(files)
    refuse_in_place([file.path for file in files], output / SOURCE)
    sources = [Source(Path(file.path), file.kind, file.encoding) for file in files]
    obey = stop_check(control, "A change has nothing to save or evaluate; it can be stopped.")
    events.phase("changing")
    watch = progress(events, 2 * size, obey)
    with partial_folder(output) as folder:
        check_space(folder, int(2 * sum(os.path.getsize(file.path) * GROWTH.get(file.kind, 1.2) for file in files)))
        made = folder / "source.jsonl"
        try:
            told = write_changed(spec, task, sources, made, watch)
            events.phase("checking")
            report, notes = check_made(task, made, folder, scaled(watch, size, made))
        except NotReadable as error:
            raise unreadable(error) from error
        (folder / "report.json").write_text(json.dumps(report | told, ensure_ascii=False), encoding="utf-8", errors="replace")
        obey()
        (output / SOURCE).parent.mkdir(exist_ok=True)
        made.replace(output / SOURCE)
    for note in notes:
        events.warning("repeats_not_all_found", note)
    events.progress(2 * size, 2 * size, "bytes")
    events.finished("succeeded", {"rows": report["rows"], "usableRows": report["usableRows"], "bytes": report["bytes"]})


def refuse_in_place(sources: list[str], target: Path) -> None:
    """The server gives each version a folder of its own; whoever starts this by hand may not."""
    real = os.path.realpath(target)
    for source in sources:
        if os.path.realpath(source) == real or (target.exists() and os.path.samefile(source, target)):
            raise Failure("spec_invalid", f"inputs.outputPath: {source} would be overwritten by its own change.", "Choose another folder.")


def write_changed(spec: DataWorkerSpec, task: ChangeTask, sources: list[Source], made: Path, watch: Watch) -> dict[str, Any]:
    """Returns what is to be said in the report."""
    if isinstance(task.change, SampleChange):
        write_drawn(spec, task.change, sources, made, watch)
        return {}
    if isinstance(task.change, LeaveOutChange):
        write_left(read_numbers(Path(spec.inputs.output_path, LEAVE_OUT)), sources, made, watch)
        return {}
    change = task.change.model_dump(by_alias=True)
    mapping = task.mapping.model_dump(by_alias=True)
    replacer = Replacer(change["pairs"], change["scope"], tables=sources[0].kind in TABLES, mapping=mapping)
    rows = 0
    with open(made, "xb") as file:
        for raw in read_rows(sources, watch):
            value = replaced(replacer, raw)
            rows += value is not raw.value
            file.write(as_line(value))
            watch(0)
    if rows == 0:
        words = ", ".join(f"“{pair['find'][:40]}”" for pair in change["pairs"][:5])
        raise Failure("data_invalid", say("nothing_to_replace", words=words), say("look_at_preview"))
    return {"replaced": {"rows": rows, "counts": replacer.counts}}


def replaced(replacer: Replacer, raw: RawRow) -> Any:
    try:
        return replacer.row(raw.value)
    except RecursionError:
        return raw.value  # The check leaves it out, as it did before.
    except RowGrows as error:
        raise Failure("data_invalid", say("row_grows", row=raw.index), say("put_in_less")) from error


def write_drawn(spec: DataWorkerSpec, change: SampleChange, sources: list[Source], made: Path, watch: Watch) -> None:
    if spec.inputs.rows_path is None:
        raise Failure("spec_invalid", "inputs.rowsPath: A sample needs the rows that were checked.", "Check the data set again.")
    rows: Iterator[RawRow] = read_rows(sources, watch)
    try:
        with open(made, "xb") as file:
            for raw in draw_rows(rows, Path(spec.inputs.rows_path), wanted=change.rows, seed=change.seed):
                file.write(as_line(raw.value))
                watch(0)
    except ValueError as error:
        raise Failure("data_invalid", say("rows_differ", words=str(error)), say("check_again")) from error


def write_left(gone: "array[int]", sources: list[Source], made: Path, watch: Watch) -> None:
    """All rows but those of these numbers, which ascend."""
    numbers = iter(gone)
    next_gone = next(numbers, None)
    with open(made, "xb") as file:
        for raw in read_rows(sources, watch):
            if raw.index == next_gone:
                next_gone = next(numbers, None)
            else:
                file.write(as_line(raw.value))
            watch(0)
    if next_gone is not None:
        raise Failure("data_invalid", say("not_that_row", row=next_gone), say("check_again"))


def read_numbers(path: Path) -> "array[int]":
    try:
        found = array("Q", path.read_bytes())
    except (OSError, ValueError) as error:
        raise Failure("spec_invalid", say("numbers_unreadable", words=str(error)), say("compare_again")) from error
    if sys.byteorder == "big":
        found.byteswap()
    return found


def check_made(task: ChangeTask, made: Path, folder: Path, watch: Watch) -> tuple[dict[str, Any], list[str]]:
    return check([Source(made, "jsonl")], task.mapping.model_dump(by_alias=True), task.actions, folder, watch)


def scaled(watch: Watch, size: int, made: Path) -> Watch:
    """The second half of the progress, however large the new file is."""
    factor = size / max(1, made.stat().st_size)
    return lambda count: watch(int(count * factor))
