"""Rows that training and validation share, and prompts with two answers, over the canonical rows of several sets.

`inputs.files` are the rows of the training sets and then of the validation sets, in the order of the task. Writes findings.jsonl,
leaking-<set>.idx (numbers of the training rows that also stand in validation) and report.json into OUTPUT, whole or not at all.
"""

import json
import os
import shutil
import sys
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trainer.control import Control
from trainer.data.overlap import KINDS, NEAR_LIMIT, Overlap, Read
from trainer.data.same_text import read_said
from trainer.data.sentences import say
from trainer.events import EventLog
from trainer.failures import Failure
from trainer.recipes.data import find_size, progress
from trainer.recipes.measure import INDEX_BYTES, batches, read_row
from trainer.spec import DataWorkerSpec
from trainer.spec_data import OverlapTask
from trainer.stop import stop_check

BATCH_ROWS = 1024
EXCERPT_CHARACTERS = 200


def run(spec: DataWorkerSpec, task: OverlapTask, events: EventLog, control: Control) -> None:
    obey = stop_check(control, "A comparison has nothing to save or evaluate; it can be stopped.")
    files, trained = spec.inputs.files, len(task.train_ids)
    total = find_size(files)
    events.phase("comparing")
    watch = progress(events, total, obey)
    with opened([Path(file.path) for file in files]) as sets, whole_folder(Path(spec.inputs.output_path)) as folder:
        overlap = Overlap(lambda number, row: read_said(sets[number].read(row)))
        for number in range(trained, len(sets)):
            for batch in sets[number].batches(number, watch):
                overlap.hold_out(batch)
        overlap.close()
        for number in range(trained):
            with open(folder / f"leaking-{number}.idx", "wb") as file:
                for batch in sets[number].batches(number, watch):
                    hit = overlap.train(batch)
                    file.write(as_index(read.row for read, leaks in zip(batch, hit, strict=True) if leaks))
        counts = write_findings(folder / "findings.jsonl", overlap, sets, obey)
        report = {
            "sets": [{"rows": one.rows, "comparedRows": one.compared, "leakingRows": overlap.leaking[at]} for at, one in enumerate(sets)],
            "trainingSets": trained,
            "counts": counts,
            "contradictingRows": overlap.questions.rows,
            "repeats": [{"size": size, "groups": groups} for size, groups in overlap.repeat_sizes().items()],
            "notes": list(notes(overlap)),
        }
        (folder / "report.json").write_text(json.dumps(report))
        obey()
    events.progress(total, total, "bytes")
    events.finished("succeeded", {"leakedRows": sum(counts.values()) - counts["contradiction"], "contradictions": counts["contradiction"]})


class RowSet:
    """The canonical rows of one set: once from the beginning to the end, and single ones by number."""

    def __init__(self, path: Path):
        try:
            self.data = open(path, "rb")  # noqa: SIM115 - closed by `opened`
            self.index = open(path.with_name("rows.idx"), "rb")  # noqa: SIM115
        except OSError as error:
            raise Failure("data_invalid", say("rows_unreadable", path=str(path), words=str(error)), say("check_again")) from error
        self.path = path
        self.rows = os.path.getsize(path.with_name("rows.idx")) // INDEX_BYTES
        self.compared = 0

    def batches(self, number: int, watch: Callable[[int], None]) -> Iterator[list[Read]]:
        """Rows that train; the others are not compared."""
        at = 0
        for lines in batches(self.path, BATCH_ROWS):
            found = [(at + place, row) for place, line in enumerate(lines) if (row := read_row(line)) is not None]
            at += len(lines)
            self.compared += len(found)
            if found:
                yield [Read(number, place, read_said(row)) for place, row in found]
            watch(sum(map(len, lines)))

    def read(self, row: int) -> dict[str, Any]:
        self.index.seek(row * INDEX_BYTES)
        self.data.seek(int.from_bytes(self.index.read(INDEX_BYTES), "little"))
        found: dict[str, Any] = json.loads(self.data.readline())
        return found


@contextmanager
def opened(paths: list[Path]) -> Iterator[list[RowSet]]:
    sets: list[RowSet] = []
    try:
        for path in paths:
            sets.append(RowSet(path))
        yield sets
    finally:
        for one in sets:
            one.data.close()
            one.index.close()


@contextmanager
def whole_folder(output: Path) -> Iterator[Path]:
    """A folder that gets its name when all of it is written."""
    partial = output.with_name(f"{output.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        shutil.rmtree(output, ignore_errors=True)
        partial.replace(output)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_findings(path: Path, overlap: Overlap, sets: list[RowSet], obey: Callable[[], None]) -> dict[str, int]:
    counts = Counter[str]()
    looked_at = time.monotonic()
    with open(path, "w", encoding="utf-8", errors="replace") as file:
        for finding in overlap.findings():
            places = [{"set": number, "row": row} for number, row in finding["places"]]
            number, row = finding["places"][0]
            first = sets[number].read(row)
            file.write(json.dumps({**finding, "places": places, "text": excerpt(first)}, ensure_ascii=False) + "\n")
            counts[finding["kind"]] += 1
            if time.monotonic() - looked_at > 0.1:
                looked_at = time.monotonic()
                obey()
    return {kind: counts[kind] for kind in (*KINDS, "contradiction")}


def excerpt(row: dict[str, Any]) -> str:
    messages = row.get("messages") or []
    asked = next((message["content"] for message in messages if message["role"] == "user"), None)
    return (row.get("text") or "" if asked is None else asked)[:EXCERPT_CHARACTERS]


def as_index(rows: Iterator[int]) -> bytes:
    found = array("Q", rows)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


def notes(overlap: Overlap) -> Iterator[dict[str, Any]]:
    """What was not compared: different validation rows beyond the limit, and pairs in crowds of rows that are all alike."""
    if any(near.cut for near in overlap.near):
        yield {"code": "near_limit", "count": NEAR_LIMIT}
    passed = sum(near.index.passed for near in overlap.near)
    if passed:
        yield {"code": "crowd", "count": passed}
