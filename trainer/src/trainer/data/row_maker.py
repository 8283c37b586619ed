"""From a raw row to a DatasetRow (lib/contract/dataset.ts): converted, looked through, and mended or left out where that is wished.

The preview, the check of every row and the helpers all make rows here, so what is previewed is what trains.
"""

import json
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from typing import Any

from trainer.data.fields import Mapping
from trainer.data.formats import EMPTY, Canonical, Converter
from trainer.data.problems import REASONS, RawRow, RowError, clean, shorten
from trainer.data.quality import Finding, find_faults, mend, texts_of
from trainer.data.sentences import Sentence, said_of, say

Problem = dict[str, Any]
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
write_text = json.encoder.encode_basestring
NOTHING = encode(EMPTY).encode()
PLAIN_TAIL = encode(EMPTY)[len('{"messages":null') :]
"""Behind the messages of most rows nothing follows."""
NOTE_MESSAGES = {"formula": say("formula")}
MENDED = say("mended")


def convert_rows(mapping: Mapping, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Raw rows (`row`, `line`, `value`) as a check would write them, without what needs all rows, such as duplicates."""
    maker = RowMaker(mapping, {})
    return [maker.make(RawRow(raw["row"], raw["line"], raw["value"])).as_row() for raw in rows]


def all_actions(actions: Dict[str, str]) -> dict[str, str]:
    return {reason: actions.get(reason, default_action(reason)) for reason in REASONS}


def default_action(reason: str) -> str:
    return "drop" if REASONS[reason].severity == "drop" else "keep"


@dataclass(slots=True)
class Made:
    """One row under way. `payload` is what it holds as JSON; `problem` is why it is left out."""

    raw: RawRow
    row: Canonical
    payload: bytes
    problem: Problem | None = None
    warnings: list[Problem] = field(default_factory=list)
    mended: list[Problem] = field(default_factory=list)

    def as_line(self) -> bytes:
        if self.problem is None and not self.warnings:
            tail = b',"problem":null,"warnings":[]}\n'
        else:
            tail = f',"problem":{encode(self.problem)},"warnings":{encode(self.warnings)}}}\n'.encode()
        return b'{"index":%d,' % self.raw.index + self.payload[1:-1] + tail

    def as_row(self) -> dict[str, Any]:
        return json.loads(self.as_line())

    def leave_out(self, problem: Problem) -> None:
        self.problem, self.row, self.payload = problem, EMPTY, NOTHING

    @property
    def problems(self) -> list[Problem]:
        return ([] if self.problem is None else [self.problem]) + self.warnings + self.mended


class RowMaker:
    def __init__(self, mapping: Mapping, actions: Dict[str, str]):
        self.actions = all_actions(actions)
        self.fixes = frozenset(reason for reason, action in self.actions.items() if action == "fix")
        self.converter = Converter(mapping, self.fixes)

    def make(self, raw: RawRow) -> Made:
        made = self.convert(raw)
        self.look_through(made)
        return made

    def convert(self, raw: RawRow) -> Made:
        made = Made(raw, EMPTY, NOTHING)
        try:
            made.row = self.converter(raw.value)
            self.encode(made)
        except RowError as error:
            made.leave_out(describe(raw, error.reason, error.field, error.value, error.message))
        except RecursionError:
            made.leave_out(describe(raw, "too_deep", "", "", say("too_deep")))
        if self.converter.mended:
            made.mended += [describe(raw, *fault[:3], fault[3] + MENDED, "warn") for fault in self.converter.mended]
        return made

    def encode(self, made: Made) -> None:
        try:
            made.payload = encode_row(made.row).encode("utf-8")
        except UnicodeEncodeError:
            self.mend_unicode(made)

    def mend_unicode(self, made: Made) -> None:
        name, text = next(((name, holder[key]) for holder, key, name in texts_of(made.row) if not is_whole(holder[key])), ("", ""))
        message = say("half_character")
        refusal = RowError("bad_unicode", name, clean(text), message)
        if "bad_unicode" not in self.fixes:
            raise refusal
        try:
            made.row = copy_of(made.row)
            mend(made.row, "bad_unicode")
            made.payload = encode(made.row).encode("utf-8")
        except UnicodeError as error:
            raise refusal from error
        made.mended.append(describe(made.raw, "bad_unicode", name, text, message + MENDED, "warn"))

    def look_through(self, made: Made, *, doubtful: bool = True) -> None:
        """`doubtful`: a quick look did not show that there is nothing to find (see `quality.may_have_faults`)."""
        if made.problem is not None:
            return
        messages = made.row["messages"]
        findings: list[Finding] = [(*note, NOTE_MESSAGES[note[0]]) for note in made.raw.notes]
        if messages and messages[-1]["role"] == "user":
            message = say("ends_with_question")
            findings.append(("trailing_question", f"messages[{len(messages) - 1}]", messages[-1]["content"], message))
        if made.row["rejected"] and made.row["rejected"].get("content") == messages[-1]["content"]:
            findings.append(("same_answers", "rejected", messages[-1]["content"], say("same_answers")))
        findings += find_faults(made.row, made.payload, doubtful=doubtful)
        if findings:
            self.act_on(made, findings)

    def act_on(self, made: Made, findings: list[Finding]) -> None:
        try:
            for finding in findings:
                if made.problem is None:
                    self.act(made, finding)
        except RowError as error:
            made.leave_out(describe(made.raw, error.reason, error.field, error.value, error.message))

    def act(self, made: Made, finding: Finding) -> None:
        reason, action = finding[0], self.actions[finding[0]]
        reason, field, value, message = finding
        mended = action == "fix"
        problem = describe(made.raw, reason, field, value, message + MENDED if mended else message, "warn")
        if action == "drop":
            made.leave_out(problem)
        elif action == "keep":
            made.warnings.append(problem)
        else:
            made.mended.append(problem)
            made.row = copy_of(made.row)
            mend(made.row, reason)
            made.payload = encode(made.row).encode("utf-8")
            emptied = next((name for holder, key, name in texts_of(made.row) if key != "arguments" and is_emptied(holder, key)), None)
            if emptied is not None:
                raise RowError("empty_answer", emptied, "", say("emptied"))


def encode_row(row: Canonical) -> str:
    """As `encode`, in half of the time where there is nothing but messages of plain text."""
    messages = row["messages"]
    if messages is None or any([len(message) != 2 for message in messages]) or any([row[key] is not None for key in BESIDE]):
        return encode(row)
    turns = [f'{{"role":"{message["role"]}","content":{write_text(message["content"])}}}' for message in messages]
    return f'{{"messages":[{",".join(turns)}]{PLAIN_TAIL}'


BESIDE = [key for key in EMPTY if key != "messages"]


def is_emptied(holder: dict[str, Any], key: str) -> bool:
    return not holder[key].strip() and holder.get("role") == "assistant" and not holder.get("toolCalls")


def copy_of(row: Canonical) -> Canonical:
    """Texts may be shared with the raw row, and one answer stands in two places of a ranked row."""
    return json.loads(encode(row))


def is_whole(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def describe(raw: RawRow, reason: str, name: str, value: str, message: Sentence, severity: str = "drop") -> Problem:
    return {
        "row": raw.index, "line": raw.line, "field": clean(name), "value": clean(shorten(value)), "reason": reason,
        "message": clean(message), "said": said_of(message), "severity": severity,
    }  # fmt: skip
