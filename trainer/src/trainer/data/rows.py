"""From rows.jsonl to what the trainer eats: split, encoded, counted. The rule of the split stands in docs/event-log.md too."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.control import Control
from trainer.data.masks import RowRefused
from trainer.data.render import NOTES, ChatEncoder
from trainer.events import EventLog
from trainer.failures import Failure

ROWS_PER_LOOK = 200


@dataclass(frozen=True)
class Row:
    index: int
    messages: list[dict[str, str]]


@dataclass(frozen=True)
class EncodedData:
    """`train` and `eval` are datasets with input_ids and labels; the counts are those of the plan."""

    train: Any
    eval: Any | None
    dropped: int
    truncated: int
    tokens: int
    trained_tokens: int


def load_rows(path: Path) -> list[Row]:
    """Rows without a problem, in the order of the file."""
    try:
        with open(path, encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
    except (OSError, ValueError) as error:
        raise Failure("data_invalid", f"The prepared data set {path} cannot be read: {error}", "Import the data set again.") from error
    usable = [Row(row["index"], row["messages"]) for row in rows if row["problem"] is None]
    if not usable:
        raise Failure("data_empty", "The data set has no usable row.", "Look at its problems on the Data page.")
    return usable


def split_rows(rows: list[Row], fraction: float, seed: int) -> tuple[list[Row], list[Row]]:
    """The held-out rows are the first of a permutation seeded by `seed`; both parts keep the order of the file."""
    held_out = 0 if fraction <= 0 or len(rows) < 2 else max(1, int(len(rows) * fraction))
    order = list(range(len(rows)))
    random.Random(seed).shuffle(order)
    chosen = set(order[:held_out])
    return [row for at, row in enumerate(rows) if at not in chosen], [row for at, row in enumerate(rows) if at in chosen]


def encode_rows(
    tokenizer: Any, folder: Path, train: list[Row], held_out: list[Row], cutoff: int, events: EventLog, control: Control
) -> EncodedData:
    """Rows that the template refuses or in which nothing is left to learn are dropped, counted and told; never trained in part."""
    encoder = ChatEncoder(tokenizer, stop_ids(folder))
    counter = Counter(events, control, total=len(train) + len(held_out))
    train_encoded = [encoded for row in train if (encoded := counter.encode(encoder, row, cutoff))]
    train_tokens, trained_tokens = counter.tokens, counter.trained_tokens
    eval_encoded = [encoded for row in held_out if (encoded := counter.encode(encoder, row, cutoff))]
    counter.finish()
    if not train_encoded:
        raise counter.nothing_left(cutoff)
    return EncodedData(
        train=as_dataset(train_encoded),
        eval=as_dataset(eval_encoded) if eval_encoded else None,
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

    def encode(self, encoder: ChatEncoder, row: Row, cutoff: int) -> tuple[Any, Any] | None:
        import numpy

        self.look()
        try:
            encoded = encoder.encode(row.messages, cutoff)
            if encoded.trained_tokens == 0:
                raise RowRefused("nothing_to_learn", f"No answer is left within the cutoff of {cutoff} tokens.")
        except RowRefused as refusal:
            self.dropped[refusal.reason] = self.dropped.get(refusal.reason, 0) + 1
            self.first.setdefault(refusal.reason, f"row {row.index}: {refusal}")
            return None
        self.truncated += encoded.truncated
        for note in encoded.notes:
            self.notes[note] = self.notes.get(note, 0) + 1
        self.tokens += len(encoded.input_ids)
        self.trained_tokens += encoded.trained_tokens
        return numpy.asarray(encoded.input_ids, numpy.int32), numpy.asarray(encoded.labels, numpy.int32)

    def look(self) -> None:
        if self.done % ROWS_PER_LOOK == 0:
            self.events.phase("tokenizing", done=self.done, total=self.total)
            self.control.check()
        self.done += 1

    def finish(self) -> None:
        self.events.phase("tokenizing", done=self.total, total=self.total)
        for reason, count in self.dropped.items():
            self.events.warning(f"rows_dropped_{reason}", f"{count} of {self.total} rows are left out. The first is {self.first[reason]}")
        for note, count in self.notes.items():
            self.events.warning(note, f"{count} of {self.total} rows: {NOTES[note]}")

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


def as_dataset(encoded: list[tuple[Any, Any]]) -> Any:
    from datasets import Dataset

    return Dataset.from_dict({"input_ids": [ids for ids, _ in encoded], "labels": [labels for _, labels in encoded]})


def stop_ids(folder: Path) -> list[int]:
    """All end tokens of generation_config.json: chat models often have more than the tokenizer knows."""
    try:
        found = json.loads((folder / "generation_config.json").read_text()).get("eos_token_id")
    except (OSError, ValueError):
        return []
    return [found] if isinstance(found, int) else list(found or [])
