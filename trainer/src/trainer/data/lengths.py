"""Counts of tokens over many rows, and what each cutoff would leave of them (LengthReport in lib/contract/inspect.ts).

Rows are forgotten as they go by: kept are how many rows have each length, and what they train.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from trainer.data.render import Encoded, count_trained

EXACT_UP_TO = 4096
BUCKETS_A_DOUBLING = 64
SMALLEST_CUTOFF = 128
LARGEST_CUTOFF = 1_048_576
BATCH = 8
PERCENTILES = {"p1": 1, "p5": 5, "p25": 25, "p50": 50, "p75": 75, "p95": 95, "p99": 99, "max": 100}


class Lengths:
    def __init__(self, cutoffs: Sequence[int]):
        self.cutoffs = list(cutoffs)
        self.rows: Counter[int] = Counter()
        self.trained: Counter[int] = Counter()
        self.untrained: Counter[int] = Counter()
        self.cut_trained = [0] * len(self.cutoffs)
        self.cut_untrained = [0] * len(self.cutoffs)
        self.cut_ends = [0] * len(self.cutoffs)
        self.refusals: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()

    def add(self, encoded: Encoded) -> None:
        length = len(encoded.input_ids)
        trained = encoded.trained_tokens
        self.rows[length] += 1
        self.trained[length] += trained
        self.untrained[length] += trained == 0
        self.notes.update(encoded.notes)
        if length > self.cutoffs[0]:
            self.add_cut(encoded.labels, length, trained)

    def merge(self, other: "Lengths") -> "Lengths":
        """What was counted elsewhere with the same cutoffs."""
        for mine, theirs in (
            (self.rows, other.rows), (self.trained, other.trained), (self.untrained, other.untrained),
            (self.refusals, other.refusals), (self.notes, other.notes),
        ):  # fmt: skip
            mine.update(theirs)  # type: ignore[arg-type]
        for one, others in ((self.cut_trained, other.cut_trained), (self.cut_untrained, other.cut_untrained), (self.cut_ends, other.cut_ends)):
            one[:] = [a + b for a, b in zip(one, others, strict=True)]
        return self

    def add_cut(self, labels: list[int], length: int, trained: int) -> None:
        for at, cutoff in enumerate(self.cutoffs):
            if cutoff >= length:
                break
            left = count_trained(labels, cutoff)
            self.cut_trained[at] += left
            self.cut_untrained[at] += left == 0
            self.cut_ends[at] += left < trained

    def report(self, obey: Callable[[], None] = lambda: None) -> dict[str, Any]:
        lengths = sorted(self.rows)
        counts = [self.rows[length] for length in lengths]
        total = sum(counts)
        buckets = self.buckets()
        cutoffs = []
        for at, cutoff in enumerate(self.cutoffs):
            obey()
            cutoffs.append(self.cutoff_report(at, cutoff, lengths, counts))
        return {
            "rows": total,
            "refusedRows": sum(self.refusals.values()),
            "refusals": dict(self.refusals),
            "tokens": sum(length * count for length, count in self.rows.items()),
            "trainedTokens": sum(self.trained.values()),
            "zeroTrainedRows": sum(self.untrained.values()),
            "percentiles": {name: percentile(lengths, counts, total, share) for name, share in PERCENTILES.items()},
            "buckets": {"length": list(buckets), "rows": [rows for rows, _ in buckets.values()], "trained": [sum_ for _, sum_ in buckets.values()]},
            "cutoffs": cutoffs,
            "warnings": dict(self.notes),
        }

    def cutoff_report(self, at: int, cutoff: int, lengths: list[int], counts: list[int]) -> dict[str, Any]:
        fits = bisect_left(lengths, cutoff + 1)
        whole, longer = lengths[:fits], sum(counts[fits:])
        cut_lengths, cut_counts = clip(lengths, counts, cutoff, fits, longer)
        tokens = sum(length * count for length, count in zip(cut_lengths, cut_counts, strict=True))
        all_tokens = sum(length * count for length, count in zip(lengths, counts, strict=True))
        bins = pack_best_fit(cut_lengths, cut_counts, cutoff)
        return {
            "cutoff": cutoff,
            "truncatedRows": longer,
            "lostEndRows": self.cut_ends[at],
            "untrainedRows": self.cut_untrained[at] + sum(self.untrained[length] for length in whole),
            "tokens": tokens,
            "trainedTokens": self.cut_trained[at] + sum(self.trained[length] for length in whole),
            "paddingShare": waste(tokens, random_positions(cut_lengths, cut_counts)),
            "groupedPaddingShare": waste(tokens, grouped_positions(cut_lengths, cut_counts)),
            "packing": {
                "bestFit": share(tokens, bins * cutoff),
                "wrapped": share(all_tokens, -(-all_tokens // cutoff) * cutoff),
            },
        }

    def buckets(self) -> dict[int, tuple[int, int]]:
        found: dict[int, tuple[int, int]] = {}
        for length in sorted(self.rows):
            edge = bucket_edge(length)
            rows, trained = found.get(edge, (0, 0))
            found[edge] = (rows + self.rows[length], trained + self.trained[length])
        return found


def find_cutoffs(limit: int | None) -> list[int]:
    """Powers of two and halfway between them, up to what the model reads."""
    top = min(limit or LARGEST_CUTOFF, LARGEST_CUTOFF)
    steps = [value for power in range(7, 21) for value in (1 << power, 3 << (power - 1))]
    return sorted({step for step in steps if SMALLEST_CUTOFF <= step <= top} | {max(16, top)})


def bucket_edge(length: int) -> int:
    """The largest length that is counted together with this one."""
    if length <= EXACT_UP_TO:
        return length
    step = (1 << (length - 1).bit_length() - 1) // BUCKETS_A_DOUBLING
    return -(-length // step) * step


def percentile(lengths: list[int], counts: list[int], total: int, percent: int) -> int:
    """Nearest rank: the smallest length that so many rows do not exceed."""
    rank, seen = max(1, -(-total * percent // 100)), 0
    for length, count in zip(lengths, counts, strict=True):
        seen += count
        if seen >= rank:
            return length
    return 0


def clip(lengths: list[int], counts: list[int], cutoff: int, fits: int, longer: int) -> tuple[list[int], list[int]]:
    if longer == 0:
        return lengths, counts
    if fits and lengths[fits - 1] == cutoff:
        return lengths[:fits], [*counts[: fits - 1], counts[fits - 1] + longer]
    return [*lengths[:fits], cutoff], [*counts[:fits], longer]


def random_positions(lengths: list[int], counts: list[int]) -> float:
    """Positions that random batches take on average: each is padded to its longest row (the expected largest of `BATCH` rows drawn)."""
    total = sum(counts)
    size = min(BATCH, total)
    expected, seen, before = 0.0, 0, 0.0
    for length, count in zip(lengths, counts, strict=True):
        seen += count
        all_within = 1.0
        for drawn in range(size):
            all_within *= max(0, seen - drawn) / (total - drawn)
        expected += length * (all_within - before)
        before = all_within
    return expected * total


def grouped_positions(lengths: list[int], counts: list[int]) -> int:
    """The same with rows of like length together."""
    positions = seen = 0
    for length, count in zip(lengths, counts, strict=True):
        positions += length * BATCH * ((seen + count) // BATCH - seen // BATCH)
        seen += count
    return positions + (lengths[-1] * (seen % BATCH) if lengths else 0)


def pack_best_fit(lengths: list[int], counts: list[int], size: int) -> int:
    """How many sequences best-fit decreasing makes, as trl's `bfd` over all rows at once. Rows of one length are placed together:
    the fullest place that takes one takes as many of them as fit, because what is left of it is the fullest place again."""
    spaces: list[int] = []
    places: dict[int, int] = {}
    bins = 0

    def keep(space: int, number: int) -> None:
        if space > 0 and number > 0:
            if space not in places:
                insort(spaces, space)
            places[space] = places.get(space, 0) + number

    for length, count in zip(reversed(lengths), reversed(counts), strict=True):
        left = count if length > 0 else 0
        while left:
            at = bisect_left(spaces, length)
            space = spaces[at] if at < len(spaces) else size
            each = space // length
            available = places[space] if at < len(spaces) else -(-left // each)
            used = min(available, -(-left // each))
            placed = min(left, used * each)
            if at < len(spaces):
                places[space] -= used
                if places[space] == 0:
                    del places[space], spaces[at]
            else:
                bins += used
            full, rest = divmod(placed, each)
            keep(space - each * length, full)
            keep(space - rest * length, 1 if rest else 0)
            left -= placed
    return bins


def share(part: float, whole: float) -> float:
    return round(part / whole, 6) if whole else 0.0


def waste(tokens: int, positions: float) -> float:
    return max(0.0, round(1 - tokens / positions, 6)) if positions else 0.0
