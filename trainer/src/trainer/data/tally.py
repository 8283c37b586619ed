"""Counts of a check, made while rows go by: their size does not grow with the number of rows."""

from typing import Any

from trainer.data.problems import REASONS, NotReadable, RawRow, clean
from trainer.data.row_maker import Made, Problem
from trainer.data.sentences import restore, say

PROBLEMS_SHOWN = 100
SHOWN_OF_A_REASON = 20
COLUMNS_SHOWN = 64
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

    def see(self, raw: RawRow) -> None:
        self.rows += 1
        value = raw.value
        if isinstance(value, dict) and len(self.columns) < COLUMNS_SHOWN and not value.keys() <= self.columns.keys():
            self.columns.update(dict.fromkeys(value))

    def count(self, made: Made) -> None:
        if made.problem is not None:
            reason = made.problem["reason"]
            self.dropped[reason] = self.dropped.get(reason, 0) + 1
            self.first_problem = self.first_problem or made.problem
        else:
            self.use(made)
        reasons = {problem["reason"] for problem in made.problems}
        for reason in reasons:
            self.counts[reason] = self.counts.get(reason, 0) + 1
            self.first_rows.setdefault(reason, made.raw.index)
        if reasons and len(self.problems) < PROBLEMS_SHOWN:
            self.problems += [each for each in made.problems if self.counts[each["reason"]] <= SHOWN_OF_A_REASON]

    def use(self, made: Made) -> None:
        self.usable += 1
        messages = made.row["messages"]
        turns = 0
        if messages is None:
            length = len(made.row["text"])
        else:
            length = 0
            for message in messages:
                length += len(message["content"])
                turns += message["role"] == "assistant"
            self.system_rows += messages[0]["role"] == "system"
        self.tool_rows += bool(made.row["tools"])
        self.unwanted += made.row["label"] is False
        self.turns += turns
        self.most_turns = max(self.most_turns, turns)
        self.longest = max(self.longest, length)
        length = length if length < EXACT_CHARACTERS else length // ROUGH_CHARACTERS * ROUGH_CHARACTERS
        self.lengths[length] = self.lengths.get(length, 0) + 1

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
