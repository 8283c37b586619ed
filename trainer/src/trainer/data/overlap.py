"""Rows of a validation set that also stand in training, and prompts that are answered in two ways (docs/event-log.md).

The validation rows are read first and kept as numbers (about 300 bytes a row and part); the training rows stream past them and leave
32 bytes each. What is nearly the same is compared by its words, read again, before it is believed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from trainer.data.minhash import MinHash
from trainer.data.same_text import Said, Words, digest, jaccard, shingles

NEAR = 0.8
"""Jaccard of shingles from which on two texts are nearly the same."""
LIKELY = 0.65
"""Estimates below are not looked at: with 100 permutations the estimate of 0.8 is off by 0.04, so this is nearly four times that."""
NEAR_LIMIT = 1_000_000
CACHED_SHINGLES = 300_000
NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
SET_SHIFT = 40
ANSWERS_SHOWN = 8
KINDS = (
    "conversation_same", "conversation_normalised", "conversation_near", "prompt_same", "prompt_normalised", "prompt_near",
)  # fmt: skip
"""A validation row is told by the first of these that fits it."""
Place = tuple[int, int]
"""Number of the set, row in it."""


@dataclass(frozen=True, slots=True)
class Read:
    set: int
    row: int
    said: Said

    @property
    def number(self) -> int:
        return self.set << SET_SHIFT | self.row


class Overlap:
    """`look_up` reads one row again: (set, row) → Said."""

    def __init__(self, look_up: Callable[[int, int], Said]):
        self.held_out: list[np.ndarray] = [np.empty((0, 5), np.uint64)]
        self.tables: list[Table] = []
        self.near = [Near(lambda place, part=part: part_of(look_up(*place), part)) for part in range(2)]
        self.questions = Questions()
        self.repeats: list[np.ndarray] = []
        self.leaking = Counter[int]()

    def hold_out(self, batch: Sequence[Read]) -> None:
        """Validation rows; all of them come before the first training row."""
        self.held_out.append(np.array([[read.number, *keys_of(read.said)] for read in batch], np.uint64).reshape(-1, 5))
        for part, near in enumerate(self.near):
            near.add([(read.number, words) for read in batch if (words := part_of(read.said, part))])
        self.questions.add(batch)

    def close(self) -> None:
        both = np.concatenate(self.held_out)
        self.held_out, self.numbers, self.keys = [], both[:, 0], both[:, 1:]
        self.tables = [Table(self.keys[:, column]) for column in range(4)]
        for near in self.near:
            near.close()

    def train(self, batch: Sequence[Read]) -> np.ndarray:
        """Training rows; returns which of them also stand in validation."""
        keys = np.array([keys_of(read.said) for read in batch], np.uint64).reshape(-1, 4)
        numbers = np.array([read.number for read in batch], np.uint64)
        self.repeats.append(keys[:, 1])
        self.questions.add(batch)
        hit = np.zeros(len(batch), bool)
        if len(self.numbers):
            for column, table in enumerate(self.tables):
                hit |= table.note(keys[:, column], numbers)
            for part, near in enumerate(self.near):
                near.note([part_of(read.said, part) or [] for read in batch], keys[:, 2 * part + 1], numbers, hit)
        for read, leaks in zip(batch, hit, strict=True):
            self.leaking[read.set] += bool(leaks)
        return hit

    def findings(self) -> Iterator[dict[str, Any]]:
        """One for each validation row that also stands in training, in their order; then the contradictions."""
        ranked: list[np.ndarray] = []
        shares: list[np.ndarray | None] = []
        for part, near in enumerate(self.near):
            exact, normalised = 2 * part, 2 * part + 1
            first, share = near.first_of(self.keys[:, normalised])
            ranked += [*(self.tables[column].first_of(self.keys[:, column]) for column in (exact, normalised)), first]
            shares += [None, None, share]
        found = np.array(ranked)
        known = found != NONE
        for at in np.flatnonzero(known.any(axis=0)):
            rank = int(np.argmax(known[:, at]))
            of_kind = shares[rank]
            share = None if of_kind is None else round(float(of_kind[at]), 4)
            places = [place_of(self.numbers[at]), place_of(found[rank, at])]
            yield {"kind": KINDS[rank], "jaccard": share, "answers": None, "rows": 2, "places": places}
        yield from self.questions.contradictions()

    def repeat_sizes(self) -> dict[int, int]:
        """How many training rows say the same, to how many such groups there are."""
        keys = np.concatenate(self.repeats) if self.repeats else np.empty(0, np.uint64)
        _, counts = np.unique(keys, return_counts=True)
        sizes, groups = np.unique(counts[counts > 1], return_counts=True)
        return dict(zip(sizes.tolist(), groups.tolist(), strict=True))


class Table:
    """For each key of the validation rows the first training row that has it; 0 is no key."""

    def __init__(self, keys: np.ndarray):
        self.keys = np.unique(keys[keys != 0])
        self.first = np.full(len(self.keys) + 1, NONE)

    def note(self, keys: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        at = self.places(keys)
        np.minimum.at(self.first, at, numbers)
        self.first[-1] = NONE
        return at < len(self.keys)

    def first_of(self, keys: np.ndarray) -> np.ndarray:
        return self.first[self.places(keys)]

    def places(self, keys: np.ndarray) -> np.ndarray:
        """Behind the last for keys that are not known."""
        at = np.searchsorted(self.keys, keys)
        known = np.append(self.keys, 0)[at] == keys
        return np.where(known & (keys != 0), at, len(self.keys))


class Near:
    """Texts of validation rows, each once, and the training rows that are nearly the same."""

    def __init__(self, read: Callable[[Place], Words | None]):
        self.read = read
        self.index = MinHash()
        self.number_of: dict[int, int] = {}
        self.places: list[int] = []
        self.cut = False
        self.cache: dict[int, set[tuple[str, ...]]] = {}
        self.cached = 0

    def add(self, texts: Iterable[tuple[int, Words]]) -> None:
        fresh = []
        for number, words in texts:
            key = digest(words)
            if key in self.number_of:
                continue
            if len(self.places) >= NEAR_LIMIT:
                self.cut = True
                break
            self.number_of[key] = len(self.places)
            self.places.append(number)
            fresh.append(words)
        if fresh:
            self.index.add(fresh)

    def close(self) -> None:
        self.index.close()
        self.keys = np.fromiter(self.number_of.keys(), np.uint64, len(self.number_of))
        self.order = np.argsort(self.keys)
        self.number_of = {}
        self.first = np.full(len(self.keys) + 1, NONE)
        self.share = np.zeros(len(self.keys) + 1)

    def note(self, texts: Sequence[Words], keys: np.ndarray, numbers: np.ndarray, hit: np.ndarray) -> None:
        """Marks in `hit` which of the texts are nearly a known one."""
        filled = np.flatnonzero([len(text) > 0 for text in texts])
        at, known = self.index.find([texts[place] for place in filled], LIKELY)
        at = filled[at]
        # Those that say the same are known already.
        other = self.keys[known] != keys[at]
        at, known = at[other], known[other]
        # The likeliest of each text first: where all rows are alike, little is left to be learned of the others.
        likeliest = np.append(True, at[1:] != at[:-1])[: len(at)]
        for part in (likeliest, ~likeliest):
            new = part & ~(hit[at] & (self.first[known] != NONE))
            self.compare(texts, numbers, hit, at[new].tolist(), known[new].tolist())

    def compare(self, texts: Sequence[Words], numbers: np.ndarray, hit: np.ndarray, at: list[int], candidates: list[int]) -> None:
        shingled: tuple[int, set[tuple[str, ...]]] = (-1, set())
        for place, known in zip(at, candidates, strict=True):
            if hit[place] and self.first[known] != NONE:
                continue
            if shingled[0] != place:
                shingled = (place, shingles(texts[place]))
            share = jaccard(shingled[1], self.shingles_of(known))
            if share < NEAR:
                continue
            hit[place] = True
            if self.first[known] == NONE:
                self.first[known], self.share[known] = numbers[place], share

    def first_of(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        at = np.searchsorted(self.keys, keys, sorter=self.order)
        number = np.append(self.order, len(self.keys))[at]
        number = np.where(np.append(self.keys, 0)[number] == keys, number, len(self.keys))
        return self.first[number], self.share[number]

    def shingles_of(self, known: int) -> set[tuple[str, ...]]:
        found = self.cache.get(known)
        if found is None:
            if self.cached > CACHED_SHINGLES:
                self.cache, self.cached = {}, 0
            self.cache[known] = found = shingles(self.read(place_of(self.places[known])) or [])
            self.cached += len(found)
        return found


class Questions:
    """Which rows ask the same and answer otherwise: 24 bytes a row, sorted once."""

    def __init__(self) -> None:
        self.batches: list[np.ndarray] = []
        self.groups = self.rows = 0

    def add(self, batch: Sequence[Read]) -> None:
        asked = [(digest(read.said.question), digest(read.said.answer), read.number) for read in batch if read.said.one_answer]
        if asked:
            self.batches.append(np.array(asked, np.uint64))

    def contradictions(self) -> Iterator[dict[str, Any]]:
        if not self.batches:
            return
        all_rows = np.concatenate(self.batches)
        self.batches = []
        all_rows = all_rows[np.lexsort((all_rows[:, 2], all_rows[:, 0]))]
        questions, answers, numbers = all_rows.T
        starts = np.flatnonzero(np.append(True, questions[1:] != questions[:-1]))
        ends = np.append(starts[1:], len(questions))
        differ = np.minimum.reduceat(answers, starts) != np.maximum.reduceat(answers, starts)
        for start, end in zip(starts[differ].tolist(), ends[differ].tolist(), strict=True):
            kinds, first = np.unique(answers[start:end], return_index=True)
            places = [place_of(numbers[start + at]) for at in np.sort(first)[:ANSWERS_SHOWN]]
            self.groups += 1
            self.rows += end - start
            yield {"kind": "contradiction", "jaccard": None, "answers": len(kinds), "rows": end - start, "places": places}


def part_of(said: Said, part: int) -> Words | None:
    """What is compared: 0 the conversation, 1 the prompt alone."""
    return said.conversation if part == 0 else said.prompt


def keys_of(said: Said) -> list[int]:
    """Exact and normalised, of the conversation and of the prompt. Plain text and empty prompts have no key for a prompt."""
    prompt = [digest(said.prompt_exact), digest(said.prompt)] if said.prompt else [0, 0]
    return [digest(said.exact), digest(said.conversation), *prompt]


def place_of(number: Any) -> Place:
    return int(number) >> SET_SHIFT, int(number) & ((1 << SET_SHIFT) - 1)
