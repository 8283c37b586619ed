"""Which rows of a set train and which are held out: read from rows.jsonl by their places, chosen by the seed.

What trains follows from the stage (lib/domain/stage-rows.ts counts the same way): answers that are wanted, pairs of answers, or single
answers with a verdict, which two answers of a pair are as well.
"""

import hashlib
import json
import random
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.data.mix import SetCounts
from trainer.data.sentences import say
from trainer.failures import Failure

PROBLEM = b'"problem":'
RANKED_NOTE = "The answers are ranked: the best is set against the worst, those between are left aside."
PAIRS_NOTE = "The rows are pairs of answers; the chosen one is trained, the rejected one is left aside."
Row = Mapping[str, Any]
"""A DatasetRow (lib/contract/dataset.ts)."""
PAIR_STAGES = ("rm", "dpo", "orpo", "simpo")
NEEDS = {
    "pairs": "pairs of answers, one chosen and one rejected, or ranked answers",
    "verdicts": "answers with a label (true: wanted, false: not wanted), or pairs of answers",
}


class Rows:
    """Canonical rows that train, read from the file when they are asked for: only their places are kept, eight bytes a row.

    A place is twice the offset in the file, and one more where the answer that was not chosen is meant."""

    def __init__(self, path: Path, offsets: "array[int]", notes: Mapping[str, str], name: str = ""):
        self.path = path
        self.offsets = offsets
        self.notes = notes
        self.name = name

    def __len__(self) -> int:
        return len(self.offsets)

    def __iter__(self) -> Iterator[Row]:
        with open(self.path, "rb") as file:
            for place in self.offsets:
                file.seek(place >> 1)
                row = json.loads(file.readline())
                yield not_chosen(row) if place & 1 else row


@dataclass(frozen=True)
class Part:
    """One set of the mixture: `times` says how often each row of `train` is in an epoch, None where all are there once."""

    train: Rows
    times: "array[int] | None"
    held: Rows
    counts: SetCounts


def load_rows(path: Path, name: str = "", sha256: str | None = None, stage: str = "sft") -> Rows:
    """Rows without a problem, in the order of the file. What else the set holds and this training leaves aside is in `notes`."""
    kind, taken, digest = kind_of_rows(stage), Taken(), hashlib.sha256()
    try:
        with open(path, "rb") as file:
            position = 0
            for line in file:
                digest.update(line)
                if is_usable(line):
                    taken.take(line, position << 1, kind)
                position += len(line)
    except (OSError, ValueError) as error:
        raise Failure("data_invalid", say("rows_unreadable", path=str(path), words=str(error)), say("import_again")) from error
    if sha256 not in (None, digest.hexdigest()):
        raise Failure("data_invalid", f"The rows of {name} in {path} are not those that were checked.", "Check the data set again.")
    if not taken.places and taken.unfit:
        raise Failure(
            "data_invalid",
            f"stage: {stage} needs {NEEDS[kind]}; none of the {taken.unfit} usable rows of {name} has them.",
            "Choose a set of comparisons, map its columns on its page (chosen and rejected, or label), or choose stage sft.",
        )
    if not taken.places:
        raise Failure("data_empty", f"The data set {name} has no usable row.", "Look at its problems on the Data page.")
    return Rows(path, taken.places, taken.notes(kind), name)


def kind_of_rows(stage: str) -> str:
    return "pairs" if stage in PAIR_STAGES else "verdicts" if stage == "kto" else "answers"


class Taken:
    """Places of the rows that fit, and counts of those that don't. A `null` in the bytes may belong to a tool: then the row is read."""

    def __init__(self) -> None:
        self.places = array("Q")
        self.unwanted = self.unfit = 0
        self.paired = self.ranked = False

    def take(self, line: bytes, place: int, kind: str) -> None:
        if kind == "answers":
            self.take_answer(line, place)
            return
        bare = b'"rejected":null' in line and b'"ranked":null' in line
        row = json.loads(line) if bare or not self.places else None
        is_pair = not bare if row is None else row["rejected"] is not None or row["ranked"] is not None
        self.ranked = self.ranked or (row is not None and row["ranked"] is not None)
        if is_pair:
            self.places.extend((place, place + 1) if kind == "verdicts" else (place,))
        elif kind == "verdicts" and row is not None and row["label"] is not None:
            self.places.append(place)
        else:
            self.unfit += 1

    def take_answer(self, line: bytes, place: int) -> None:
        if b'"label":false' in line and json.loads(line).get("label") is False:
            self.unwanted += 1
            return
        self.places.append(place)
        self.paired = self.paired or (len(self.places) == 1 and json.loads(line).get("rejected") is not None)

    def notes(self, kind: str) -> dict[str, str]:
        unwanted = f"{self.unwanted} of {self.unwanted + len(self.places)} rows are marked as not wanted (label false); they are left out."
        unfit = f"{self.unfit} usable rows are left out: this stage needs {NEEDS.get(kind, '')}."
        told = {
            "rows_unwanted": (self.unwanted > 0, unwanted),
            "rows_unfit": (self.unfit > 0, unfit),
            "pairs_as_answers": (self.paired, PAIRS_NOTE),
            "ranked_as_pairs": (self.ranked, RANKED_NOTE),
        }
        return {code: words for code, (applies, words) in told.items() if applies}


def not_chosen(row: dict[str, Any]) -> Row:
    """The other answer of a pair as a row of its own, not wanted."""
    worst = row["rejected"] if row["rejected"] is not None else row["ranked"][-1]
    return {**row, "messages": [*row["messages"][:-1], worst], "label": False}


def is_usable(line: bytes) -> bool:
    """The last `problem` of the line is the row's own: what stands in texts has its quotes escaped, and warnings have no such field."""
    at = line.rfind(PROBLEM)
    if at < 0:
        raise ValueError(f"a row without “problem”: {line[:80]!r}")
    return line[at + len(PROBLEM) : at + len(PROBLEM) + 8].lstrip().startswith(b"null")


def choose_rows(rows: Rows, counts: SetCounts, seed: int) -> Part:
    """One permutation, seeded, decides: the first `kept` rows take part, the first of these are held out, and what follows is trained,
    the first rows once more where rows come again. Both parts keep the order of the file."""
    pool = counts.kept - counts.validation
    if counts.validation == 0 and counts.train == counts.rows == pool:
        return Part(rows, None, Rows(rows.path, array("Q"), {}, rows.name), counts)
    order = array("Q", range(len(rows)))
    random.Random(seed).shuffle(order)
    passes, more = divmod(counts.train, pool) if pool else (0, 0)
    times, chosen = array("I", bytes(array("I").itemsize * len(rows))), bytearray(len(rows))
    for place, at in enumerate(order[: counts.kept]):
        if place < counts.validation:
            chosen[at] = 1
        else:
            times[at] = passes + (place - counts.validation < more)
    train = array("Q", (offset for offset, often in zip(rows.offsets, times, strict=True) if often))
    held = array("Q", (offset for offset, one in zip(rows.offsets, chosen, strict=True) if one))
    repeats = array("I", (often for often in times if often)) if counts.repeated else None
    return Part(Rows(rows.path, train, rows.notes, rows.name), repeats, Rows(rows.path, held, {}, rows.name), counts)


def stop_ids(folder: Path) -> list[int]:
    """All end tokens of generation_config.json: chat models often have more than the tokenizer knows."""
    try:
        found = json.loads((folder / "generation_config.json").read_text()).get("eos_token_id")
    except (OSError, ValueError):
        return []
    return [found] if isinstance(found, int) else list(found or [])
