"""From rows.jsonl to what the trainer eats: split, encoded, counted. The rule of the split stands in docs/event-log.md too."""

import json
import random
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.control import Control
from trainer.data.masks import RowRefused
from trainer.data.render import ChatEncoder, Encoded
from trainer.data.sentences import SENTENCES, say
from trainer.events import EventLog
from trainer.failures import Failure

ROWS_PER_LOOK = 200
FEW_TRAINED = 0.05
BATCH_TOKENS = 16_000_000
PROBLEM = b'"problem":'
PAIRS_NOTE = "The rows are pairs of answers; the chosen one is trained, the rejected one is left aside."
Row = Mapping[str, Any]
"""A DatasetRow (lib/contract/dataset.ts)."""


@dataclass(frozen=True)
class EncodedData:
    """`train` and `eval` are datasets with input_ids and labels; the counts are those of the plan."""

    train: Any
    eval: Any | None
    dropped: int
    truncated: int
    tokens: int
    trained_tokens: int


class Rows:
    """Canonical rows that train, read from the file when they are asked for: only their places are kept, eight bytes a row."""

    def __init__(self, path: Path, offsets: "array[int]", notes: Mapping[str, str]):
        self.path = path
        self.offsets = offsets
        self.notes = notes

    def __len__(self) -> int:
        return len(self.offsets)

    def __iter__(self) -> Iterator[Row]:
        with open(self.path, "rb") as file:
            for offset in self.offsets:
                file.seek(offset)
                yield json.loads(file.readline())


def load_rows(path: Path) -> Rows:
    """Rows without a problem, in the order of the file. What else the set holds and this training leaves aside is in `notes`."""
    offsets, unwanted, pairs = array("Q"), 0, False
    try:
        with open(path, "rb") as file:
            position = 0
            for line in file:
                if is_usable(line):
                    if b'"label":false' in line and json.loads(line).get("label") is False:
                        unwanted += 1
                    else:
                        offsets.append(position)
                        pairs = pairs or (len(offsets) == 1 and json.loads(line).get("rejected") is not None)
                position += len(line)
    except (OSError, ValueError) as error:
        raise Failure("data_invalid", f"The prepared data set {path} cannot be read: {error}", "Import the data set again.") from error
    if not offsets:
        raise Failure("data_empty", "The data set has no usable row.", "Look at its problems on the Data page.")
    notes = (
        {"rows_unwanted": f"{unwanted} of {unwanted + len(offsets)} rows are marked as not wanted (label false); they are left out."}
        if unwanted
        else {}
    )
    return Rows(path, offsets, notes | ({"pairs_as_answers": PAIRS_NOTE} if pairs else {}))


def is_usable(line: bytes) -> bool:
    """The last `problem` of the line is the row's own: what stands in texts has its quotes escaped, and warnings have no such field."""
    at = line.rfind(PROBLEM)
    if at < 0:
        raise ValueError(f"a row without “problem”: {line[:80]!r}")
    return line[at + len(PROBLEM) : at + len(PROBLEM) + 8].lstrip().startswith(b"null")


def split_rows(rows: Rows, fraction: float, seed: int) -> tuple[Rows, Rows]:
    """The held-out rows are the first of a permutation seeded by `seed`; both parts keep the order of the file."""
    held_out = 0 if fraction <= 0 or len(rows) < 2 else max(1, int(len(rows) * fraction))
    order = array("Q", range(len(rows)))
    random.Random(seed).shuffle(order)
    chosen = bytearray(len(rows))
    for at in order[:held_out]:
        chosen[at] = 1
    train, held = (array("Q", (offset for at, offset in enumerate(rows.offsets) if chosen[at] == part)) for part in (0, 1))
    return Rows(rows.path, train, rows.notes), Rows(rows.path, held, rows.notes)


def encode_rows(tokenizer: Any, folder: Path, train: Rows, held_out: Rows, cutoff: int, events: EventLog, control: Control) -> EncodedData:
    """Rows that the template refuses or in which nothing is left to learn are dropped, counted and told; never trained in part."""
    encoder = ChatEncoder(tokenizer, stop_ids(folder))
    counter = Counter(events, control, total=len(train) + len(held_out))
    train_encoded = counter.encode_all(encoder, train, cutoff)
    train_tokens, trained_tokens = counter.tokens, counter.trained_tokens
    eval_encoded = counter.encode_all(encoder, held_out, cutoff)
    counter.finish(train.notes)
    if train_encoded is None:
        raise counter.nothing_left(cutoff)
    return EncodedData(
        train=train_encoded,
        eval=eval_encoded,
        dropped=sum(counter.dropped.values()),
        truncated=counter.truncated,
        tokens=train_tokens,
        trained_tokens=trained_tokens,
    )


class Counter:
    """Counts what happens to the rows, tells how far it is, and looks whether the person wants to end."""

    def __init__(self, events: EventLog, control: Control, total: int):
        self.events, self.control, self.total = events, control, total
        self.done = self.truncated = self.tokens = self.trained_tokens = 0
        self.notes: dict[str, int] = {}
        self.dropped: dict[str, int] = {}
        self.first: dict[str, str] = {}

    def encode_all(self, encoder: ChatEncoder, rows: Rows, cutoff: int) -> Any | None:
        columns = Columns()
        for row in rows:
            encoded = self.encode(encoder, row, cutoff)
            if encoded is not None:
                columns.add(encoded.input_ids, encoded.labels)
        return columns.as_dataset()

    def encode(self, encoder: ChatEncoder, row: Row, cutoff: int) -> Encoded | None:
        self.look()
        try:
            encoded = encoder.encode_row(row, cutoff)
            if encoded.trained_tokens == 0:
                raise RowRefused("nothing_to_learn", say("nothing_within", cutoff=cutoff))
        except RowRefused as refusal:
            self.dropped[refusal.reason] = self.dropped.get(refusal.reason, 0) + 1
            self.first.setdefault(refusal.reason, f"row {row['index']}: {refusal}")
            return None
        self.truncated += encoded.truncated
        for note in encoded.notes:
            self.notes[note] = self.notes.get(note, 0) + 1
        self.tokens += len(encoded.input_ids)
        self.trained_tokens += encoded.trained_tokens
        return encoded

    def look(self) -> None:
        if self.done % ROWS_PER_LOOK == 0:
            self.events.phase("tokenizing", done=self.done, total=self.total)
            self.control.check()
        self.done += 1

    def finish(self, notes: Mapping[str, str]) -> None:
        self.events.phase("tokenizing", done=self.total, total=self.total)
        for code, note in notes.items():
            self.events.warning(code, note)
        for reason, count in self.dropped.items():
            self.events.warning(f"rows_dropped_{reason}", f"{count} of {self.total} rows are left out. The first is {self.first[reason]}")
        for note, count in self.notes.items():
            self.events.warning(note, f"{count} of {self.total} rows: {SENTENCES[note][:1].lower()}{SENTENCES[note][1:]}")
        if 0 < self.trained_tokens < FEW_TRAINED * self.tokens:
            share = f"{self.trained_tokens:,} of {self.tokens:,} tokens"
            self.events.warning(
                "few_trained_tokens", f"Only {share} are learned from; the rest is read and costs time. Look at a row's tokens."
            )

    def nothing_left(self, cutoff: int) -> Failure:
        reason = max(self.dropped, key=lambda name: self.dropped[name], default="nothing_to_learn")
        detail = self.first.get(reason, "every row is held out for validation.")
        if reason == "nothing_to_learn":
            return Failure("data_empty", f"No row is left to train on; {detail}", f"Raise training.cutoffLength above {cutoff}.")
        return Failure(
            "template_refused",
            f"The model's chat template fits no row; {detail}",
            "Choose another model, or bring the conversations into the order that its template wants.",
        )


class Columns:
    """Tokens of many rows behind each other, four bytes each, as Arrow keeps them: lists of numbers would take ten times as much."""

    def __init__(self) -> None:
        self.batches: list[Any] = []
        self.begin()

    def begin(self) -> None:
        self.ids, self.labels, self.ends = array("i"), array("i"), array("i", [0])

    def add(self, ids: Sequence[int], labels: Sequence[int]) -> None:
        self.ids.extend(ids)
        self.labels.extend(labels)
        self.ends.append(len(self.ids))
        if len(self.ids) >= BATCH_TOKENS:
            self.close_batch()

    def close_batch(self) -> None:
        import pyarrow as arrow

        ends = arrow.array(self.ends, arrow.int32())
        lists = [
            arrow.ListArray.from_arrays(ends, arrow.Array.from_buffers(arrow.int32(), len(part), [None, arrow.py_buffer(part)]))
            for part in (self.ids, self.labels)
        ]
        self.batches.append(arrow.RecordBatch.from_arrays(lists, ["input_ids", "labels"]))
        self.begin()

    def as_dataset(self) -> Any | None:
        import pyarrow as arrow
        from datasets import Dataset

        if len(self.ends) > 1:
            self.close_batch()
        return Dataset(arrow.Table.from_batches(self.batches)) if self.batches else None


def stop_ids(folder: Path) -> list[int]:
    """All end tokens of generation_config.json: chat models often have more than the tokenizer knows."""
    try:
        found = json.loads((folder / "generation_config.json").read_text()).get("eos_token_id")
    except (OSError, ValueError):
        return []
    return [found] if isinstance(found, int) else list(found or [])
