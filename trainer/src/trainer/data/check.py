"""Every row of a data set, read once: canonical rows, their index, what is wrong with which, and the report (docs/event-log.md)."""

import gc
import hashlib
import json
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from trainer.data.batch import Batch, RawBatch, batch_maker, clip
from trainer.data.fields import Mapping
from trainer.data.mapping_words import describe_mapping
from trainer.data.problems import RawRow
from trainer.data.readers import Source, read_rows
from trainer.data.row_maker import all_actions, describe
from trainer.data.seen import Seen
from trainer.data.sentences import Sentence, said_of, say
from trainer.data.similar import Similar
from trainer.data.tally import Tally
from trainer.helpers import count_helpers, helped

BATCH_ROWS = 1024
BATCH_BYTES = 2 << 20
WORTH_BYTES = 24 << 20
"""What one process reads in the time that it takes to start helpers."""
SEEN_LIMIT = 30_000_000
COMPARED = frozenset({"alpaca", "sharegpt", "messages", "prompt_completion", "xtuner"})
"""Formats in which one question should have one answer; comparisons and labels repeat their questions by design."""
UNLOOKED = {
    "duplicates": f"Duplicates were looked for among the first {SEEN_LIMIT:,} rows only; more would not fit into memory.",
    "near_duplicates": "Rows that are nearly the same were looked for among the first rows only; more would not fit into memory.",
}


def check(
    sources: list[Source],
    mapping: Mapping,
    actions: dict[str, str],
    folder: Path,
    watch: Callable[[int], None] = lambda _: None,
    reason: Sentence | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """Writes rows.jsonl, rows.idx, problems.jsonl and report.json into `folder`; returns the report and the notes for people.

    Raises NotReadable where a file can't be read at all or no row can be used. `watch` is told the bytes read, and may raise.
    """
    # Rows come and go without circles; looking for those takes a tenth of the time.
    gc.set_threshold(100_000, 20, 100)
    actions = all_actions(actions)
    tally = Tally(actions)
    repeats = Repeats(actions, compared=mapping["format"] in COMPARED)
    size = sum(source.path.stat().st_size for source in sources)
    helpers = count_helpers(size, worth=WORTH_BYTES)
    with Output(folder) as output, helped(batch_maker, (mapping, actions), helpers) as make:
        for batch in make(raw_batches(read_rows(sources, watch, lazy=True))):
            repeats.find(batch)
            tally.add(batch)
            output.write(batch)
            watch(0)
    if tally.usable == 0:
        raise tally.all_bad()
    words = reason or describe_mapping(mapping)
    report = {
        "format": mapping["format"],
        "formatReason": words,
        "formatSaid": said_of(words),
        "fileType": sources[0].kind,
        "bytes": size,
        "sha256": output.hash.hexdigest(),
        **tally.report(),
    }
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8", errors="replace")
    return report, repeats.notes()


def raw_batches(rows: Iterable[RawRow]) -> Iterator[RawBatch]:
    batch, size = RawBatch(0, [], [], {}), 0
    for raw in rows:
        if not batch.values:
            batch.first = raw.index
        if raw.notes:
            batch.notes[len(batch.values)] = raw.notes
        batch.places.append(raw.line)
        batch.values.append(raw.value)
        size += weigh(raw.value)
        if len(batch.values) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield batch
            batch, size = RawBatch(0, [], [], {}), 0
    if batch.values:
        yield batch


def weigh(value: Any) -> int:
    """About how many bytes it is as text."""
    if isinstance(value, (bytes, str)):
        return len(value)
    try:
        return sum(map(weigh, value.values() if isinstance(value, dict) else value)) if isinstance(value, (dict, list)) else 8
    except RecursionError:
        return BATCH_BYTES


class Output:
    """The three files that grow row by row."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.rows = open(folder / "rows.jsonl", "wb")  # noqa: SIM115 - closed by `__exit__`
        self.index = open(folder / "rows.idx", "wb")  # noqa: SIM115
        self.problems = open(folder / "problems.jsonl", "wb")  # noqa: SIM115
        self.hash = hashlib.sha256()
        self.position = 0

    def __enter__(self) -> "Output":
        return self

    def __exit__(self, *_: object) -> None:
        for file in (self.rows, self.index, self.problems):
            file.close()

    def write(self, batch: Batch) -> None:
        offsets = array("Q")
        for line in batch.lines:
            offsets.append(self.position)
            self.position += len(line)
        if sys.byteorder == "big":
            offsets.byteswap()
        data = b"".join(batch.lines)
        self.rows.write(data)
        self.hash.update(data)
        self.index.write(offsets.tobytes())
        problems = "".join([json.dumps(problem, ensure_ascii=False) + "\n" for problem in batch.problems()])
        self.problems.write(problems.encode("utf-8", "replace"))


class Repeats:
    """What only all rows together tell: duplicates, near duplicates, and two answers to one question."""

    def __init__(self, actions: dict[str, str], compared: bool):
        self.actions = actions
        self.rows = Seen(SEEN_LIMIT)
        self.questions = Seen(SEEN_LIMIT) if compared else None
        self.similar = Similar()

    def find(self, batch: Batch) -> None:
        places = np.flatnonzero(batch.usable)
        if not len(places):
            return
        numbers = (places + batch.first).astype(np.uint32)
        twice, first = self.rows.find_or_add(batch.digests, numbers)
        for at in np.flatnonzero(twice):
            self.tell(batch, places[at], "duplicate", say("same_row", row=int(first[at])))
        alone = np.flatnonzero(~twice)
        hashes, long_enough = batch.sketches
        for at, row in self.similar.find_or_add_sketches(hashes[alone], long_enough[alone], numbers[alone]).items():
            self.tell(batch, places[alone[at]], "near_duplicate", say("near_row", row=row))
        if self.questions is not None:
            self.find_answers(batch, places[alone], batch.questions[alone])

    def find_answers(self, batch: Batch, places: np.ndarray, questions: np.ndarray) -> None:
        asked = np.flatnonzero(questions)
        if not len(asked) or self.questions is None:
            return
        again, first = self.questions.find_or_add(questions[asked], (places[asked] + batch.first).astype(np.uint32))
        for at in np.flatnonzero(again):
            self.tell(batch, places[asked[at]], "contradiction", say("other_answer", row=int(first[at])))

    def tell(self, batch: Batch, place: Any, reason: str, message: Sentence) -> None:
        at = int(place)
        if at in batch.found and batch.found[at][0] is not None:
            return
        raw = RawRow(batch.first + at, batch.places[at], None)
        batch.tell(at, describe(raw, reason, "", clip(batch.lines[at]), message, "warn"), drop=self.actions[reason] == "drop")

    def notes(self) -> list[str]:
        full = {"duplicates": self.rows.full, "near_duplicates": self.similar.full}
        return [UNLOOKED[name] for name, is_full in full.items() if is_full]
