"""Rows that are nearly the same, by MinHash: thirty small numbers a row tell how much of two texts is shared."""

from typing import Any

import numpy as np

from trainer.data.seen import Seen

BINS = 30
BANDS = 6
SHINGLE_BYTES = 16
FEWEST_SHINGLES = 20
"""Shorter texts are alike by chance."""
TEXT_BYTES = 2048
SAME_SHARE = 0.8
LIMIT_ROWS = 2_000_000
EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
MIX = np.uint64(0x9E3779B97F4A7C15)


class Similar:
    """Finds for each row of a batch an earlier row that is nearly the same, or none."""

    def __init__(self) -> None:
        self.bands = [Seen(LIMIT_ROWS) for _ in range(BANDS)]
        self.sketches: list[np.ndarray] = []
        self.rows: list[np.ndarray] = []
        self.kept = 0

    @property
    def full(self) -> bool:
        return self.kept >= LIMIT_ROWS

    def find_or_add(self, texts: list[bytes], numbers: np.ndarray) -> dict[int, int]:
        """Position in the batch → number of the earlier row."""
        return self.find_or_add_sketches(*sketch(texts), numbers)

    def find_or_add_sketches(self, hashes: np.ndarray, long_enough: np.ndarray, numbers: np.ndarray) -> dict[int, int]:
        if self.full:
            return {}
        places = np.flatnonzero(long_enough)
        if not len(places):
            return {}
        hashes = hashes[places]
        short = (hashes >> np.uint64(8)).astype(np.uint8)
        slots = np.arange(self.kept, self.kept + len(places), dtype=np.uint32)
        self.sketches.append(short)
        self.rows.append(numbers[places])
        self.kept += len(places)
        self.shrink()
        return self.confirm(places, short, self.candidates(hashes, slots))

    def candidates(self, hashes: np.ndarray, slots: np.ndarray) -> list[set[int]]:
        found: list[set[int]] = [set() for _ in slots]
        width = BINS // BANDS
        for band, seen in enumerate(self.bands):
            keys = hashes[:, band * width].copy()
            for column in range(1, width):
                keys = (keys * MIX) ^ hashes[:, band * width + column]
            known, values = seen.find_or_add(keys * MIX, slots)
            for index in np.flatnonzero(known):
                found[index].add(int(values[index]))
        return found

    def confirm(self, places: np.ndarray, short: np.ndarray, candidates: list[set[int]]) -> dict[int, int]:
        pairs: dict[int, int] = {}
        for index, slots in enumerate(candidates):
            for slot in sorted(slots):
                sketch_of, row = self.look_up(slot)
                if float(np.mean(sketch_of == short[index])) >= SAME_SHARE:
                    pairs[int(places[index])] = row
                    break
        return pairs

    def look_up(self, slot: int) -> tuple[np.ndarray, int]:
        for sketches, rows in zip(self.sketches, self.rows, strict=True):
            if slot < len(rows):
                return sketches[slot], int(rows[slot])
            slot -= len(rows)
        raise IndexError(slot)

    def shrink(self) -> None:
        """Few large pieces in place of many small ones."""
        while len(self.rows) > 1 and len(self.rows[-2]) < 2 * len(self.rows[-1]):
            self.sketches[-2:] = [np.concatenate(self.sketches[-2:])]
            self.rows[-2:] = [np.concatenate(self.rows[-2:])]


def sketch(texts: list[bytes]) -> tuple[np.ndarray, Any]:
    """One permutation, cut into bins: the smallest hash of each bin stands for the text. One pass over the bytes of all texts."""
    if not texts:
        return np.empty((0, BINS), np.uint64), np.empty(0, bool)
    texts = [text[:TEXT_BYTES] for text in texts]
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.cumsum(lengths)
    data = np.frombuffer(b"".join(texts) + b" " * SHINGLE_BYTES, np.uint8)
    places = word_starts(data)
    # How many places lie in each text is found faster than in which text each place lies.
    before = np.searchsorted(places, ends)
    owner = np.repeat(np.arange(len(texts)), np.diff(before, prepend=0))
    places = places[: len(owner)]
    inside = places + SHINGLE_BYTES <= ends[owner]
    places, owner = places[inside], owner[inside]
    hashes = mix(mix(eight_bytes(data, places)) + eight_bytes(data, places + 8))
    bins = np.full((len(texts), BINS), EMPTY, np.uint64)
    place = owner * BINS + ((hashes >> np.uint64(32)) * np.uint64(BINS) >> np.uint64(32)).astype(np.int64)
    np.minimum.at(bins.reshape(-1), place, hashes)
    return fill_empty(bins), np.bincount(owner, minlength=len(texts)) >= FEWEST_SHINGLES


def word_starts(data: np.ndarray) -> np.ndarray:
    """Behind blanks, and at every character beyond ASCII, since many scripts write no blanks."""
    return np.flatnonzero((data[:-1] <= 0x20) | (data[1:] >= 0xC0)) + 1


def eight_bytes(data: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The eight bytes at each place as one number."""
    found = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))
    return found[places]


def mix(keys: np.ndarray) -> np.ndarray:
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))


def fill_empty(bins: np.ndarray) -> np.ndarray:
    """A bin without a hash takes its left neighbour's, turned by the distance, so that equal texts stay equal."""
    empty = bins == EMPTY
    places = np.flatnonzero(empty.any(axis=1) & ~empty.all(axis=1))
    while len(places):
        some, gaps = bins[places], empty[places]
        left = np.roll(some, 1, axis=1)
        bins[places] = np.where(gaps & (left != EMPTY), left * MIX + np.uint64(1), some)
        empty[places] = bins[places] == EMPTY
        places = places[empty[places].any(axis=1)]
    return bins
