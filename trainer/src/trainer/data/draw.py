"""Some rows of many: drawn in one pass, in their order, with nothing kept."""

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from trainer.data.problems import RawRow
from trainer.data.rows import is_usable


def draw_rows(rows: Iterable[RawRow], canonical: Path, *, wanted: int, seed: int) -> Iterator[RawRow]:
    """Selection sampling (Knuth's algorithm S) of the rows that train: each has the same chance, and the seed decides.

    `canonical` has a line for every raw row and says which of them train."""
    left = count_usable(canonical)
    wanted = min(wanted, left)
    if wanted == 0:
        return
    chance = random.Random(seed)
    with open(canonical, "rb") as lines:
        for raw, line in zip(rows, lines, strict=True):
            if not is_usable(line):
                continue
            if chance.random() * left < wanted:
                wanted -= 1
                yield raw
                if wanted == 0:
                    return
            left -= 1


def count_usable(canonical: Path) -> int:
    with open(canonical, "rb") as lines:
        return sum(is_usable(line) for line in lines)
