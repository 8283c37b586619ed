"""Counts of a check, made while rows go by: their size does not grow with the number of rows."""

from typing import Any

import numpy as np

from trainer.data.batch import COLUMNS_SHOWN, SYSTEM, TOOLS, UNWANTED, Batch, Found
from trainer.data.problems import REASONS, NotReadable, clean
from trainer.data.row_maker import Problem
from trainer.data.sentences import restore, say

PROBLEMS_SHOWN = 100
SHOWN_OF_A_REASON = 20
EXACT_CHARACTERS = 1 << 16
ROUGH_CHARACTERS = 1 << 10


class Tally:
    def __init__(self, actions: dict[str, str]):
        self.actions = actions
        self.rows = self.usable = self.turns = self.most_turns = self.system_rows = self.tool_rows = self.unwanted = 0
        self.lengths: dict[int, int] = {}
        self.longest = 0
        self.columns: dict[str, None] = {}
        self.counts: dict[str, int] = {}
        self.first_rows: dict[str, int] = {}
        self.dropped: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.first_problem: Problem | None = None

    def add(self, batch: Batch) -> None:
        self.rows += len(batch)
        if len(self.columns) < COLUMNS_SHOWN:
            self.columns.update(dict.fromkeys(batch.columns))
        for at in sorted(batch.found):
            self.count(batch.first + at, batch.found[at])
        # What only other rows showed may have left out more of them.
        left_out = [at for at, (problem, _, _) in batch.found.items() if problem is not None]
        kept = np.isin(np.flatnonzero(batch.usable), left_out, invert=True)
        if kept.any():
            self.use(*(np.array(each)[kept] for each in (batch.lengths, batch.turns, batch.kinds)))

    def count(self, row: int, found: Found) -> None:
        problem, warnings, mended = found
        if problem is not None:
            reason = problem["reason"]
            self.dropped[reason] = self.dropped.get(reason, 0) + 1
            self.first_problem = self.first_problem or problem
        problems = ([] if problem is None else [problem]) + warnings + mended
        for reason in {each["reason"] for each in problems}:
            self.counts[reason] = self.counts.get(reason, 0) + 1
            self.first_rows.setdefault(reason, row)
        if len(self.problems) < PROBLEMS_SHOWN:
            self.problems += [each for each in problems if self.counts[each["reason"]] <= SHOWN_OF_A_REASON]

    def use(self, lengths: np.ndarray, turns: np.ndarray, kinds: np.ndarray) -> None:
        self.usable += len(lengths)
        self.turns += int(turns.sum())
        self.most_turns = max(self.most_turns, int(turns.max()))
        self.longest = max(self.longest, int(lengths.max()))
        self.system_rows, self.tool_rows, self.unwanted = (
            count + int(np.count_nonzero(kinds & bit))
            for count, bit in ((self.system_rows, SYSTEM), (self.tool_rows, TOOLS), (self.unwanted, UNWANTED))
        )
        rough = np.where(lengths < EXACT_CHARACTERS, lengths, lengths // ROUGH_CHARACTERS * ROUGH_CHARACTERS)
        for length, count in zip(*(each.tolist() for each in np.unique(rough, return_counts=True)), strict=True):
            self.lengths[length] = self.lengths.get(length, 0) + count

    def all_bad(self) -> NotReadable:
        first = self.first_problem
        if first is None:
            return NotReadable("dataset_empty", say("no_rows"))
        place = {key: first[key] for key in ("row", "line", "field") if key == "row" or first[key]}
        where = say("_".join(["first_in", *[key for key in place if key != "row"]]) if len(place) > 1 else "first_in_row", **place)
        message = say("none_usable", rows=self.rows) + where + restore(first["message"], first["said"])
        return NotReadable("dataset_all_rows_bad", message, row=first["row"], line=first["line"], field=first["field"] or None)

    def report(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "usableRows": self.usable,
            "columns": [clean(str(column)) for column in list(self.columns)[:COLUMNS_SHOWN]],
            "reasons": [self.reason(reason) for reason in sorted(self.counts, key=lambda name: -self.counts[name])],
            "problemCounts": self.dropped,
            "problems": self.problems[:PROBLEMS_SHOWN],
            "characters": {"median": self.median(), "p95": self.length_at((self.usable * 95 + 99) // 100), "max": self.longest},
            "turns": {"mean": round(self.turns / self.usable, 3), "max": self.most_turns},
            "systemRows": self.system_rows,
            "toolRows": self.tool_rows,
            "unwantedRows": self.unwanted,
        }

    def reason(self, reason: str) -> dict[str, Any]:
        kind = REASONS[reason]
        return {
            "reason": reason, "severity": kind.severity, "rows": self.counts[reason], "action": self.actions[reason],
            "fixable": kind.fixable, "firstRow": self.first_rows[reason],
        }  # fmt: skip

    def median(self) -> float:
        low, high = self.length_at((self.usable + 1) // 2), self.length_at(self.usable // 2 + 1)
        return (low + high) / 2 if low != high else low

    def length_at(self, place: int) -> int:
        """The length of the row at this place, from 1, if rows lay in order of length."""
        passed = 0
        for length in sorted(self.lengths):
            passed += self.lengths[length]
            if passed >= place:
                return length
        return self.longest
