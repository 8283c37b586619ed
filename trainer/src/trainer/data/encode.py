"""From the rows of all sets to what the trainer eats: encoded once each, counted, and repeated where the mixture repeats them."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.control import Control
from trainer.data.examples import ANSWERS, Example, Form
from trainer.data.masks import RowRefused
from trainer.data.render import ChatEncoder
from trainer.data.rows import Part, Row, Rows, stop_ids
from trainer.data.sentences import SENTENCES, say
from trainer.events import EventLog
from trainer.failures import Failure

ROWS_PER_LOOK = 200
FEW_TRAINED = 0.05
BATCH_TOKENS = 16_000_000


@dataclass(frozen=True)
class EncodedData:
    """`train` and `eval` are datasets with the columns of the stage's form; the counts are those of the plan."""

    train: Any
    eval: Any | None
    dropped: int
    truncated: int
    tokens: int
    trained_tokens: int
    sets: list[dict[str, Any]]
    """RunPlan.sets (lib/contract/event.ts)."""
    cut_tokens: int = 0
    """What the cutoff took away from the rows."""
    rows: int | None = None
    """Rows that were packed into those of `train`; None where nothing was packed."""


def encode_parts(
    tokenizer: Any,
    folder: Path,
    parts: Sequence[Part],
    validation: Sequence[Rows],
    cutoff: int,
    events: EventLog,
    control: Control,
    form: Form = ANSWERS,
) -> EncodedData:
    """Rows that the template refuses or in which nothing is left to learn are dropped, counted and told; never trained in part."""
    encoder = ChatEncoder(tokenizer, stop_ids(folder))
    everything = [rows for part in parts for rows in (part.train, part.held)] + list(validation)
    counter = Counter(events, control, total=sum(map(len, everything)), several=len(parts) + len(validation) > 1, form=form)
    train, judged, sets = Epoch(form), Epoch(form), []
    for part in parts:
        rows_before = train.rows
        different = counter.encode_all(encoder, part.train, cutoff, train, part.times)
        if different == 0:
            raise counter.nothing_left(cutoff, part.train.name)
        sets.append(tell(part, train.rows - rows_before, different))
    for part, told in zip(parts, sets, strict=True):
        told["validation"] = counter.encode_all(encoder, part.held, cutoff, judged)
        told["dropped"] += len(part.held) - told["validation"]
    for rows in validation:
        kept = counter.encode_all(encoder, rows, cutoff, judged)
        sets.append(tell_validation(rows, kept))
    counter.finish([*(part.train for part in parts), *validation])
    return EncodedData(
        train=train.as_dataset(),
        eval=judged.as_dataset(),
        dropped=sum(counter.dropped.values()),
        truncated=counter.truncated,
        tokens=train.tokens,
        trained_tokens=train.trained_tokens,
        sets=sets,
        cut_tokens=counter.cut_tokens,
    )


def encoder_of(form: Form) -> Any:
    """`encode` of a stage whose rows become examples of this form."""

    def encode(
        tokenizer: Any, folder: Path, parts: Sequence[Part], validation: Sequence[Rows], job: Any, events: EventLog, control: Control
    ) -> EncodedData:
        return encode_parts(tokenizer, folder, parts, validation, job.training.cutoff_length, events, control, form)

    return encode


def tell(part: Part, train: int, different: int) -> dict[str, Any]:
    counts = part.counts
    return {
        "name": part.train.name,
        "rows": counts.rows,
        "kept": counts.kept,
        "train": train,
        "repeated": train - different,
        "validation": 0,
        "unused": counts.unused,
        "dropped": len(part.train) - different,
    }


def tell_validation(rows: Rows, kept: int) -> dict[str, Any]:
    nothing = {"train": 0, "repeated": 0, "unused": 0}
    return {"name": rows.name, "rows": len(rows), "kept": len(rows), **nothing, "validation": kept, "dropped": len(rows) - kept}


class Counter:
    """Counts what happens to the rows, tells how far it is, and looks whether the person wants to end."""

    def __init__(self, events: EventLog, control: Control, total: int, several: bool = False, form: Form = ANSWERS):
        self.events, self.control, self.total, self.several, self.form = events, control, total, several, form
        self.done = self.truncated = self.cut_tokens = self.tokens = self.trained_tokens = 0
        self.notes: dict[str, int] = {}
        self.dropped: dict[str, int] = {}
        self.first: dict[str, str] = {}

    def encode_all(self, encoder: ChatEncoder, rows: Rows, cutoff: int, epoch: "Epoch", times: "array[int] | None" = None) -> int:
        """How many of the rows are left."""
        before = len(epoch.times)
        for at, row in enumerate(rows):
            encoded = self.encode(encoder, row, cutoff, rows.name)
            if encoded is not None:
                epoch.add(encoded, 1 if times is None else times[at])
        return len(epoch.times) - before

    def encode(self, encoder: ChatEncoder, row: Row, cutoff: int, name: str = "") -> Example | None:
        self.look()
        try:
            encoded = self.form.encode(encoder, row, cutoff)
            if encoded.trained_tokens == 0:
                raise RowRefused("nothing_to_learn", say("nothing_within", cutoff=cutoff))
        except RowRefused as refusal:
            self.dropped[refusal.reason] = self.dropped.get(refusal.reason, 0) + 1
            self.first.setdefault(refusal.reason, f"row {row['index']}{self.of(name)}: {refusal}")
            return None
        self.truncated += encoded.cut_tokens > 0
        self.cut_tokens += encoded.cut_tokens
        for note in encoded.notes:
            self.notes[note] = self.notes.get(note, 0) + 1
        self.tokens += encoded.tokens
        self.trained_tokens += encoded.trained_tokens
        return encoded

    def look(self) -> None:
        if self.done % ROWS_PER_LOOK == 0:
            self.events.phase("tokenizing", done=self.done, total=self.total)
            self.control.check()
        self.done += 1

    def of(self, name: str) -> str:
        return f" of {name}" if self.several else ""

    def finish(self, sets: Sequence[Rows]) -> None:
        self.events.phase("tokenizing", done=self.total, total=self.total)
        for rows in sets:
            for code, note in rows.notes.items():
                self.events.warning(code, f"{rows.name}: {note}" if self.several else note)
        for reason, count in self.dropped.items():
            self.events.warning(f"rows_dropped_{reason}", f"{count} of {self.total} rows are left out. The first is {self.first[reason]}")
        for note, count in self.notes.items():
            self.events.warning(note, f"{count} of {self.total} rows: {SENTENCES[note][:1].lower()}{SENTENCES[note][1:]}")
        if 0 < self.trained_tokens < FEW_TRAINED * self.tokens:
            share = f"{self.trained_tokens:,} of {self.tokens:,} tokens"
            self.events.warning(
                "few_trained_tokens", f"Only {share} are learned from; the rest is read and costs time. Look at a row's tokens."
            )

    def nothing_left(self, cutoff: int, name: str) -> Failure:
        reason = max(self.dropped, key=lambda name: self.dropped[name], default="nothing_to_learn")
        detail = self.first.get(reason, "every row is held out for validation.")
        if reason == "nothing_to_learn":
            return Failure("data_empty", f"No row{self.of(name)} is left to train on; {detail}", f"Raise training.cutoffLength above {cutoff}.")
        return Failure(
            "template_refused",
            f"The model's chat template fits no row{self.of(name)}; {detail}",
            "Choose another model, or bring the conversations into the order that its template wants.",
        )


class Epoch:
    """Rows as they are trained: each is kept once, with the number of times it comes in an epoch. The trainer shuffles all of them."""

    def __init__(self, form: Form = ANSWERS) -> None:
        self.columns = Columns(*form.columns)
        self.times = array("I")
        self.rows = self.tokens = self.trained_tokens = 0

    def add(self, encoded: Example, times: int) -> None:
        self.columns.add(*encoded.lists)
        self.times.append(times)
        self.rows += times
        self.tokens += times * encoded.tokens
        self.trained_tokens += times * encoded.trained_tokens

    def as_dataset(self) -> Any | None:
        data = self.columns.as_dataset()
        if data is None or self.rows == len(self.times):
            return data
        import numpy

        times = numpy.frombuffer(self.times, dtype=numpy.uint32)
        return data.select(numpy.repeat(numpy.arange(len(times), dtype=numpy.uint64), times))


class Columns:
    """Numbers of many rows behind each other, four bytes each, as Arrow keeps them: lists of numbers would take ten times as much."""

    def __init__(self, *names: str) -> None:
        self.names = names or ANSWERS.columns
        self.batches: list[Any] = []
        self.begin()

    def begin(self) -> None:
        self.values = [array("i") for _ in self.names]
        self.ends = [array("i", [0]) for _ in self.names]

    def add(self, *lists: Sequence[int]) -> None:
        for values, ends, numbers in zip(self.values, self.ends, lists, strict=True):
            values.extend(numbers)
            ends.append(len(values))
        if max(map(len, self.values)) >= BATCH_TOKENS:
            self.close_batch()

    def close_batch(self) -> None:
        import pyarrow as arrow

        columns = [
            arrow.ListArray.from_arrays(
                arrow.array(ends, arrow.int32()), arrow.Array.from_buffers(arrow.int32(), len(values), [None, arrow.py_buffer(values)])
            )
            for values, ends in zip(self.values, self.ends, strict=True)
        ]
        self.batches.append(arrow.RecordBatch.from_arrays(columns, list(self.names)))
        self.begin()

    def as_dataset(self) -> Any | None:
        import pyarrow as arrow
        from datasets import Dataset

        if len(self.ends[0]) > 1:
            self.close_batch()
        return Dataset(arrow.Table.from_batches(self.batches)) if self.batches else None
