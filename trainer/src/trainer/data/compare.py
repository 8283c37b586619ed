"""Which rows that train are in one version of a data set and not in the other.

Rows of the same number are compared where both versions count the same rows; else a row is known by its content, and as often
as it stands there.
"""

from array import array
from collections.abc import Callable, Iterator
from hashlib import blake2b
from itertools import zip_longest
from pathlib import Path

import numpy as np

from trainer.data.rows import is_usable

PROBLEM = b',"problem":'
ODD = np.uint64(0x9E3779B97F4A7C15)
Watch = Callable[[int], None]
Found = dict[str, "np.ndarray"]
"""Row numbers by kind of difference: `changed` and `added` count in the later version, `removed` in the earlier."""


def compare_by_number(before: Path, after: Path, watch: Watch) -> tuple[Found, int]:
    changed, removed, added = array("I"), array("I"), array("I")
    same = 0
    with open(before, "rb") as old, open(after, "rb") as new:
        for number, (one, other) in enumerate(zip_longest(old, new, fillvalue=None)):
            watch(len(one or b"") + len(other or b""))
            was, now = payload_of(one), payload_of(other)
            if was is None and now is None:
                continue
            if was == now:
                same += 1
            else:
                (added if was is None else removed if now is None else changed).append(number)
    return {name: np.array(rows, "<u4") for name, rows in (("changed", changed), ("removed", removed), ("added", added))}, same


def compare_by_content(before: Path, after: Path, watch: Watch) -> tuple[Found, int]:
    (old_keys, old_rows), (new_keys, new_rows) = (keys_of(path, watch) for path in (before, after))
    stays = np.isin(old_keys, new_keys)
    known = np.isin(new_keys, old_keys)
    found = {"changed": np.empty(0, "<u4"), "removed": old_rows[~stays], "added": new_rows[~known]}
    return found, int(known.sum())


def keys_of(path: Path, watch: Watch) -> tuple[np.ndarray, np.ndarray]:
    """A key for each usable row, and its number. The second row of one content has another key than the first."""
    digests, numbers = array("Q"), array("I")
    with open(path, "rb") as lines:
        for number, line in enumerate(lines):
            watch(len(line))
            payload = payload_of(line)
            if payload is not None:
                digests.frombytes(blake2b(payload, digest_size=8).digest())
                numbers.append(number)
    keys = np.array(digests, np.uint64)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.ones(len(keys), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    start = np.maximum.accumulate(np.where(first, np.arange(len(keys)), 0))
    times = np.empty(len(keys), np.uint64)
    times[order] = (np.arange(len(keys)) - start).astype(np.uint64)
    return keys + times * ODD, np.array(numbers, "<u4")


def payload_of(line: bytes | None) -> bytes | None:
    """What the row says, without its number, its warnings and its fault; None for a row that does not train."""
    if line is None or not is_usable(line):
        return None
    return line[line.index(b",") : line.rindex(PROBLEM)]


def as_files(found: Found, folder: Path) -> Iterator[Path]:
    """One file a kind: the numbers of its rows, four bytes each, little-endian."""
    for kind, rows in found.items():
        path = folder / f"{kind}.idx"
        path.write_bytes(rows.astype("<u4").tobytes())
        yield path
