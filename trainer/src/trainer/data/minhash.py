"""Finds texts that share most of their shingles without comparing each with each (MinHash with locality-sensitive hashing).

100 permutations, cut into 20 bands of 5: texts become candidates where one band agrees. Two texts with a Jaccard of 0.8 are missed
in 3 of 10,000 cases (1 − (1 − 0.8⁵)²⁰); of those with 0.5 half become candidates, which the estimate by all 100 numbers then sorts out.
What is found here is only suspected: whoever uses it compares the texts themselves.
"""

from collections.abc import Sequence

import numpy as np

from trainer.data.same_text import SHINGLE_WORDS, Words, digest
from trainer.data.similar import MIX, mix

BANDS, BAND_ROWS = 20, 5
PERMUTATIONS = BANDS * BAND_ROWS
LONGEST_WORDS = 20_000
"""Of longer texts the beginning is compared."""
KNOWN_WORDS = 200_000
MOST_OF_A_BAND = 16
"""Of a crowd that agrees in one band so many are looked at; which, changes from text to text."""
HIGH = np.uint64(32)
RANDOM = np.random.default_rng(20_260_101)
FACTORS = RANDOM.integers(0, 1 << 64, PERMUTATIONS, np.uint64) | np.uint64(1)
TERMS = RANDOM.integers(0, 1 << 64, PERMUTATIONS, np.uint64)


class MinHash:
    """Texts that are known, by number from 0: 260 bytes each, however long they are."""

    def __init__(self) -> None:
        self.ids = WordIds()
        self.keys: list[np.ndarray] = []
        self.sketches: list[np.ndarray] = []
        self.passed = 0
        """Candidates that were left aside because too many texts agreed."""

    def add(self, texts: Sequence[Words]) -> None:
        found = self.sketch(texts)
        self.keys.append(band_keys(found))
        self.sketches.append(shorten(found))

    def close(self) -> None:
        """From here on texts are looked up, and none comes any more."""
        keys = np.concatenate(self.keys) if self.keys else np.empty((0, BANDS), np.uint32)
        self.known = np.concatenate(self.sketches) if self.sketches else np.empty((0, PERMUTATIONS), np.uint8)
        self.order = [np.argsort(keys[:, band], kind="stable").astype(np.uint32) for band in range(BANDS)]
        self.sorted = [keys[order, band] for band, order in enumerate(self.order)]
        self.keys, self.sketches = [], []

    def find(self, texts: Sequence[Words], least: float) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of a position in `texts` and the number of a known text whose estimated Jaccard is at least `least`; likely ones first."""
        if not len(self.known) or not texts:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        found = self.sketch(texts)
        places, numbers = self.agreeing(band_keys(found))
        same = shares(shorten(found), places, self.known, numbers)
        likely = np.flatnonzero(same >= least)
        likely = likely[np.lexsort((-same[likely], places[likely]))]
        return places[likely], numbers[likely]

    def agreeing(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        pairs = []
        for band in range(BANDS):
            wanted = keys[:, band]
            first = np.searchsorted(self.sorted[band], wanted, "left")
            crowd = np.searchsorted(self.sorted[band], wanted, "right") - first
            taken = np.minimum(crowd, MOST_OF_A_BAND)
            self.passed += int((crowd - taken).sum())
            first += (mix(np.arange(len(wanted), dtype=np.uint64) + keys[:, 0]) % (crowd - taken + 1).astype(np.uint64)).astype(np.int64)
            places = np.repeat(np.arange(len(wanted)), taken)
            steps = np.arange(len(places)) - np.repeat(np.cumsum(taken) - taken, taken)
            pairs.append(places * len(self.known) + self.order[band][first[places] + steps])
        both = np.unique(np.concatenate(pairs))
        return both // len(self.known), both % len(self.known)

    def sketch(self, texts: Sequence[Words]) -> np.ndarray:
        """One row of PERMUTATIONS numbers a text: for each permutation the smallest of the hashes of its shingles."""
        ids = [self.ids.of(text[:LONGEST_WORDS]) for text in texts]
        lengths = np.fromiter(map(len, ids), np.int64, len(ids))
        words = np.concatenate(ids)
        hashes = mix(mix(mix(words[:-2]) + words[1:-1]) + words[2:])
        inside = np.ones(len(words), bool)
        ends = np.cumsum(lengths)
        inside[ends - 1] = inside[ends - 2] = False
        hashes = hashes[inside[:-2]]
        counts = lengths - (SHINGLE_WORDS - 1)
        starts = np.cumsum(counts) - counts
        found = np.empty((len(texts), PERMUTATIONS), np.uint64)
        turned = np.empty_like(hashes)
        for column, (factor, term) in enumerate(zip(FACTORS, TERMS, strict=True)):
            np.multiply(hashes, factor, out=turned)
            np.add(turned, term, out=turned)
            found[:, column] = np.minimum.reduceat(turned, starts)
        return found >> HIGH


class WordIds(dict[str, int]):
    """A number for each word, the same in every process."""

    def __missing__(self, word: str) -> int:
        self[word] = found = digest([word])
        return found

    def of(self, words: Words) -> np.ndarray:
        if len(self) > KNOWN_WORDS:
            self.clear()
        found = np.zeros(max(SHINGLE_WORDS, len(words)), np.uint64)
        found[: len(words)] = np.fromiter(map(self.__getitem__, words), np.uint64, len(words))
        return found


def band_keys(found: np.ndarray) -> np.ndarray:
    keys = np.zeros((len(found), BANDS), np.uint64)
    for row in range(BAND_ROWS):
        keys = (keys * MIX) ^ found[:, row::BAND_ROWS]
    return (mix(keys) >> HIGH).astype(np.uint32)


def shorten(found: np.ndarray) -> np.ndarray:
    return (found & np.uint64(0xFF)).astype(np.uint8)


def shares(ours: np.ndarray, places: np.ndarray, known: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    same = np.empty(len(places))
    for start in range(0, len(places), 50_000):
        part = slice(start, start + 50_000)
        same[part] = (ours[places[part]] == known[numbers[part]]).mean(axis=1)
    return same
