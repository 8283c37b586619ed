"""Some rows made at once: lines as they will be written, what is wrong with which, and the figures by which all rows are compared.

This is the work of a check that needs no other rows, so several processes can do it.
"""

import json
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from trainer.data.fields import Mapping
from trainer.data.problems import RawRow
from trainer.data.quality import may_have_faults
from trainer.data.read_json import parse_line
from trainer.data.row_maker import Made, Problem, RowMaker, encode
from trainer.data.similar import TEXT_BYTES, sketch

COLUMNS_SHOWN = 64
Found = tuple[Problem | None, list[Problem], list[Problem]]
"""Why a row is left out, what somebody should look at, and what was mended."""


@dataclass(slots=True)
class RawBatch:
    """Rows that follow each other. A value may be the bytes of a line, which is then read where the row is made."""

    first: int
    places: list[int | None]
    values: list[Any]
    notes: dict[int, tuple[tuple[str, str, str], ...]]

    def rows(self) -> Iterator[RawRow]:
        for at, value in enumerate(self.values):
            read = parse_line(value) if type(value) is bytes else value
            yield RawRow(self.first + at, self.places[at], read, self.notes.get(at, ()))


@dataclass(slots=True)
class Batch:
    first: int
    places: list[int | None]
    lines: list[bytes]
    columns: list[str]
    found: dict[int, Found]
    """By place in the batch; rows with nothing to say are not there."""
    usable: np.ndarray
    """Whether each row trains; the figures below are of these rows only, in their order."""
    lengths: "array[int]"
    turns: "array[int]"
    kinds: bytearray
    digests: np.ndarray
    questions: np.ndarray
    """Zero where a row asks nothing."""
    sketches: tuple[np.ndarray, np.ndarray]

    def __len__(self) -> int:
        return len(self.lines)

    def problems(self) -> Iterator[Problem]:
        for at in sorted(self.found):
            left_out, warnings, mended = self.found[at]
            yield from ([] if left_out is None else [left_out]) + warnings + mended

    def tell(self, at: int, problem: Problem, *, drop: bool) -> None:
        """What only other rows show of the row at this place."""
        row = json.loads(self.lines[at])
        left_out, warnings, mended = self.found.get(at, (None, [], []))
        if drop:
            left_out = problem
            row |= dict.fromkeys(row.keys() - {"index", "warnings"}) | {"problem": problem}
        else:
            warnings = [*warnings, problem]
            row["warnings"] = warnings
        self.found[at] = (left_out, warnings, mended)
        self.lines[at] = encode(row).encode() + b"\n"


SYSTEM, TOOLS, UNWANTED = 1, 2, 4
"""Bits of `kinds`."""


def batch_maker(mapping: Mapping, actions: dict[str, str]) -> Callable[[RawBatch], Batch]:
    maker = RowMaker(mapping, actions)
    return lambda raw: make_batch(maker, raw)


def make_batch(maker: RowMaker, raw: RawBatch) -> Batch:
    columns: dict[str, None] = {}
    made = []
    for row in raw.rows():
        value = row.value
        if isinstance(value, dict) and len(columns) < COLUMNS_SHOWN and not value.keys() <= columns.keys():
            columns.update(dict.fromkeys(value))
        made.append(maker.convert(row))
    for one, doubtful in zip(made, may_have_faults([one.payload for one in made]), strict=True):
        maker.look_through(one, doubtful=doubtful)
    usable = [one for one in made if one.problem is None]
    lengths, turns, kinds = measure(usable)
    return Batch(
        raw.first,
        raw.places,
        [one.as_line() for one in made],
        list(columns),
        {at: (one.problem, one.warnings, one.mended) for at, one in enumerate(made) if one.problem or one.warnings or one.mended},
        np.array([one.problem is None for one in made], bool),
        lengths,
        turns,
        kinds,
        digests(one.payload for one in usable),
        digests(question_of(one) for one in usable),
        sketch([text_of(one) for one in usable]),
    )


def measure(usable: list[Made]) -> tuple["array[int]", "array[int]", bytearray]:
    lengths, turns, kinds = array("q"), array("q"), bytearray()
    for made in usable:
        row = made.row
        messages = row["messages"]
        kind = (TOOLS if row["tools"] else 0) | (UNWANTED if row["label"] is False else 0)
        if messages is None:
            lengths.append(len(row["text"]))
            turns.append(0)
        else:
            lengths.append(sum([len(message["content"]) for message in messages]))
            turns.append([message["role"] for message in messages].count("assistant"))
            kind |= SYSTEM if messages[0]["role"] == "system" else 0
        kinds.append(kind)
    return lengths, turns, kinds


def digests(parts: Iterable[bytes]) -> np.ndarray:
    return np.frombuffer(b"".join([blake2b(part, digest_size=8).digest() if part else bytes(8) for part in parts]), "<u8")


def text_of(made: Made) -> bytes:
    """Without the system message, which many rows share, and without capitals."""
    messages = made.row["messages"]
    text = made.row["text"] if messages is None else "\n".join([each["content"] for each in messages if each["role"] != "system"])
    return text[:TEXT_BYTES].lower().encode("utf-8")


def question_of(made: Made) -> bytes:
    """All that stands before the last answer."""
    messages = made.row["messages"]
    if messages is None:
        return b""
    last = max(at for at, message in enumerate(messages) if message["role"] == "assistant")
    return "\0".join([f"{message['role']}:{message['content']}" for message in messages[:last]]).encode("utf-8")


def clip(line: bytes) -> str:
    """How the row begins, for a table of problems."""
    row = json.loads(line)
    messages = row["messages"]
    shown: str = row["text"] if messages is None else next(each["content"] for each in messages if each["role"] != "system")
    return shown
