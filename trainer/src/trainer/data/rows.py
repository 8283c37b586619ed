"""Which rows of a set train and which are held out: read from rows.jsonl by their places, chosen by the seed."""

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
PAIRS_NOTE = "The rows are pairs of answers; the chosen one is trained, the rejected one is left aside."
Row = Mapping[str, Any]
"""A DatasetRow (lib/contract/dataset.ts)."""


class Rows:
    """Canonical rows that train, read from the file when they are asked for: only their places are kept, eight bytes a row."""

    def __init__(self, path: Path, offsets: "array[int]", notes: Mapping[str, str], name: str = ""):
        self.path = path
        self.offsets = offsets
        self.notes = notes
        self.name = name

    def __len__(self) -> int:
        return len(self.offsets)

    def __iter__(self) -> Iterator[Row]:
        with open(self.path, "rb") as file:
            for offset in self.offsets:
                file.seek(offset)
                yield json.loads(file.readline())


@dataclass(frozen=True)
class Part:
    """One set of the mixture: `times` says how often each row of `train` is in an epoch, None where all are there once."""

    train: Rows
    times: "array[int] | None"
    held: Rows
    counts: SetCounts


def load_rows(path: Path, name: str = "", sha256: str | None = None) -> Rows:
    """Rows without a problem, in the order of the file. What else the set holds and this training leaves aside is in `notes`."""
    offsets, unwanted, pairs, digest = array("Q"), 0, False, hashlib.sha256()
    try:
        with open(path, "rb") as file:
            position = 0
            for line in file:
                digest.update(line)
                if is_usable(line):
                    if b'"label":false' in line and json.loads(line).get("label") is False:
                        unwanted += 1
                    else:
                        offsets.append(position)
                        pairs = pairs or (len(offsets) == 1 and json.loads(line).get("rejected") is not None)
                position += len(line)
    except (OSError, ValueError) as error:
        raise Failure("data_invalid", say("rows_unreadable", path=str(path), words=str(error)), say("import_again")) from error
    if sha256 not in (None, digest.hexdigest()):
        raise Failure("data_invalid", f"The rows of {name} in {path} are not those that were checked.", "Check the data set again.")
    if not offsets:
        raise Failure("data_empty", f"The data set {name} has no usable row.", "Look at its problems on the Data page.")
    notes = (
        {"rows_unwanted": f"{unwanted} of {unwanted + len(offsets)} rows are marked as not wanted (label false); they are left out."}
        if unwanted
        else {}
    )
    return Rows(path, offsets, notes | ({"pairs_as_answers": PAIRS_NOTE} if pairs else {}), name)


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
