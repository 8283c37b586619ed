"""What was seen before, in memory that does not depend on how long the rows are: sorted numbers, twelve bytes a key."""

from typing import Any

import numpy as np

Keys = np.ndarray[Any, np.dtype[np.uint64]]
Numbers = np.ndarray[Any, np.dtype[np.uint32]]
MERGE_FACTOR = 4


class Seen:
    """Keys with one number each. Keeps what came first; asks and adds in batches, so that numpy does the work."""

    def __init__(self, limit: int):
        self.limit = limit
        self.size = 0
        self.levels: list[tuple[Keys, Numbers]] = []

    @property
    def full(self) -> bool:
        return self.size >= self.limit

    def find(self, keys: Keys) -> tuple[np.ndarray, Numbers]:
        """Which of the keys are known, and their numbers."""
        known, values = np.zeros(len(keys), bool), np.zeros(len(keys), np.uint32)
        for level_keys, level_values in self.levels:
            at = np.minimum(np.searchsorted(level_keys, keys), len(level_keys) - 1)
            hit = (level_keys[at] == keys) & ~known
            values[hit] = level_values[at[hit]]
            known |= hit
        return known, values

    def find_or_add(self, keys: Keys, numbers: Numbers) -> tuple[np.ndarray, Numbers]:
        """As `find`, where equal keys of the batch itself are known after the first; new ones are kept."""
        known, values = self.find(keys)
        unique, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        again = (first[inverse] < np.arange(len(keys))) & ~known
        values[again] = numbers[first[inverse]][again]
        fresh = ~known[first]
        if not self.full:
            self.add(unique[fresh], numbers[first[fresh]])
        return known | again, values

    def add(self, keys: Keys, numbers: Numbers) -> None:
        """`keys` are sorted. Like sizes are merged, so that there are few levels, whatever the number of batches."""
        if not len(keys):
            return
        self.size += len(keys)
        self.levels.append((keys, numbers))
        while len(self.levels) > 1 and len(self.levels[-2][0]) < MERGE_FACTOR * len(self.levels[-1][0]):
            (one, ones), (other, others) = self.levels[-2:]
            both = np.concatenate((one, other))
            order = np.argsort(both, kind="stable")
            self.levels[-2:] = [(both[order], np.concatenate((ones, others))[order])]
