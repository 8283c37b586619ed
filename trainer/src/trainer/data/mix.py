"""How many rows of which set train: the arithmetic of lib/domain/mix.ts, which says why. Shared fixtures hold both to the same numbers.

Floats are used where TypeScript has them, in the same order of operations, so that both round alike.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from trainer.spec_mix import NoValidation, RowsHeldOut, SetsHeldOut, TrainData

MAX_DRAWS = 200_000


@dataclass(frozen=True)
class SetCounts:
    """What becomes of the rows of one set."""

    rows: int
    kept: int
    validation: int
    train: int
    repeated: int
    unused: int


def mix_counts(data: TrainData, rows: Sequence[int], seed: int) -> list[SetCounts]:
    """`rows` are those of each set that can train, in the order of the spec."""
    kept = [min(count, one.max_rows or count) for count, one in zip(rows, data.sets, strict=True)]
    held = held_out(data.validation, kept, seed)
    pools = [count - taken for count, taken in zip(kept, held, strict=True)]
    train = mixed(data, pools)
    return [
        SetCounts(rows[at], kept[at], held[at], train[at], max(0, train[at] - pools[at]), max(0, pools[at] - train[at]))
        for at in range(len(pools))
    ]


def held_out(validation: object, kept: list[int], seed: int) -> list[int]:
    if isinstance(validation, (NoValidation, SetsHeldOut)):
        return [0] * len(kept)
    spare = [max(0, count - 1) for count in kept]
    wanted = validation.rows if isinstance(validation, RowsHeldOut) else max(1, math.floor(float(sum(kept)) * validation.fraction))
    count = min(wanted, sum(spare))
    return in_proportion(kept, spare, count) if validation.stratified else drawn(spare, count, seed)


def in_proportion(sizes: list[int], limits: list[int], count: int) -> list[int]:
    """Largest remainder: the rounded-down quota of each, then one more where most was cut off; earlier sets first."""
    whole = sum(sizes)
    quotas = [float(size) * float(count) / float(whole) if whole else 0.0 for size in sizes]
    given = [min(math.floor(quota), limit) for quota, limit in zip(quotas, limits, strict=True)]
    order = sorted(range(len(sizes)), key=lambda at: (-(quotas[at] - math.floor(quotas[at])), at))
    left = count - sum(given)
    while left > 0:
        open_sets = [at for at in order if given[at] < limits[at]][:left]
        if not open_sets:
            break
        for at in open_sets:
            given[at] += 1
        left -= len(open_sets)
    return given


def drawn(limits: list[int], count: int, seed: int) -> list[int]:
    """Rows drawn without putting back, from all sets together: a set is met as often as it has rows left."""
    given = in_proportion(limits, limits, max(0, count - MAX_DRAWS))
    left = [limit - bulk for limit, bulk in zip(limits, given, strict=True)]
    random, rest = Mulberry32(seed), sum(left)
    for _ in range(count - sum(given)):
        place, at = math.floor(random.next() * rest), 0
        while place >= left[at]:
            place -= left[at]
            at += 1
        left[at] -= 1
        given[at] += 1
        rest -= 1
    return given


def mixed(data: TrainData, pools: list[int]) -> list[int]:
    """Rows of one epoch."""
    if data.mix == "concatenate" or len(pools) == 1:
        return list(pools)
    weights = [float(one.weight) for one in data.sets]
    periods = [pool / weight for pool, weight in zip(pools, weights, strict=True)]
    first = data.mix == "interleave_first"
    span = min(periods) if first else max(periods)
    bound = min if first else max
    return [0 if pool == 0 else bound(math.floor(weight * span + 0.5), pool) for pool, weight in zip(pools, weights, strict=True)]


class Mulberry32:
    """Tommy Ettinger's generator of 32 bits; two draws make one number of 53 bits."""

    def __init__(self, seed: int):
        self.state = seed & MASK

    def bits(self) -> int:
        self.state = (self.state + 0x6D2B79F5) & MASK
        mixed = ((self.state ^ (self.state >> 15)) * (self.state | 1)) & MASK
        mixed ^= (mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61) & MASK)) & MASK
        return (mixed ^ (mixed >> 14)) & MASK

    def next(self) -> float:
        high = self.bits() >> 5
        return (high * 67_108_864 + (self.bits() >> 6)) / 9_007_199_254_740_992


MASK = 0xFFFFFFFF
