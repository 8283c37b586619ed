"""Rows that are nearly the same, by MinHash: thirty small numbers a row tell how much of two texts is shared."""

from typing import Any

import numpy as np

from trainer.data.seen import Seen

BINS = 30
BANDS = 6
SHINGLE_BYTES = 8
FEWEST_SHINGLES = 48
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
        if self.full:
            return {}
        hashes, long_enough = sketch(texts)
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
    texts = [text[:TEXT_BYTES] for text in texts]
    data = b"".join(texts) + b"\0" * SHINGLE_BYTES
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    counts = np.maximum(lengths - SHINGLE_BYTES + 1, 0)
    owner = np.repeat(np.arange(len(texts)), lengths)
    starts = np.cumsum(lengths) - lengths
    inside = (np.arange(len(owner)) - starts[owner]) < counts[owner]
    hashes = mix(windows(data, len(owner)))[inside]
    owner = owner[inside]
    bins = np.full((len(texts), BINS), EMPTY, np.uint64)
    place = owner * BINS + ((hashes >> np.uint64(32)) * np.uint64(BINS) >> np.uint64(32)).astype(np.int64)
    np.minimum.at(bins.reshape(-1), place, hashes)
    return fill_empty(bins), counts >= FEWEST_SHINGLES


def windows(data: bytes, count: int) -> np.ndarray:
    """Every eight bytes that follow each other, as one number."""
    found = np.empty(count, np.uint64)
    for offset in range(SHINGLE_BYTES):
        part = found[offset::SHINGLE_BYTES]
        part[:] = np.frombuffer(data, "<u8", len(part), offset)
    return found


def mix(keys: np.ndarray) -> np.ndarray:
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))


def fill_empty(bins: np.ndarray) -> np.ndarray:
    """A bin without a hash takes its left neighbour's, turned by the distance, so that equal texts stay equal."""
    for _ in range(BINS):
        empty = bins == EMPTY
        if not empty.any():
            break
        left = np.roll(bins, 1, axis=1)
        bins = np.where(empty & (left != EMPTY), left * MIX + np.uint64(1), bins)
    return bins
