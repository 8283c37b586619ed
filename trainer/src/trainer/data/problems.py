"""What can be wrong with a file or a row: the codes, how grave they are, and which of them can be mended safely."""

from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from trainer.data.sentences import Sentence

VALUE_LENGTH = 120


@dataclass(frozen=True)
class Kind:
    severity: Literal["drop", "warn"]
    fixable: bool = False


DROP, WARN = Kind("drop"), Kind("warn")
REASONS: dict[str, Kind] = {
    # The file
    "bad_json": DROP, "too_long": DROP, "too_deep": DROP, "cut_off": DROP, "bad_csv": DROP, "ragged": DROP, "bad_encoding": DROP,
    # The shape of a row
    "not_an_object": DROP, "not_a_list": DROP, "not_a_pair": DROP, "not_a_label": DROP, "missing": DROP,
    "not_a_string": Kind("drop", fixable=True), "unknown_role": DROP, "roles_out_of_order": Kind("drop", fixable=True),
    "no_assistant_turn": DROP, "nothing_trained": DROP, "bad_tools": DROP, "bad_tool_call": DROP, "media_not_supported": DROP,
    "empty_answer": DROP, "empty_question": DROP, "empty_text": DROP, "no_output": DROP, "bad_unicode": Kind("drop", fixable=True),
    # Rows that train, and that somebody should look at
    "trailing_question": Kind("warn", fixable=True), "same_answers": WARN, "control_characters": Kind("warn", fixable=True),
    "space_around": Kind("warn", fixable=True), "lost_characters": WARN, "template_token": WARN, "markup": WARN, "very_long": WARN,
    "secret": Kind("warn", fixable=True), "formula": WARN, "duplicate": WARN, "near_duplicate": WARN, "contradiction": WARN,
}  # fmt: skip


class RowError(Exception):
    """One row cannot be used. `reason` is a code of REASONS."""

    def __init__(self, reason: str, field: str, value: Any, message: Sentence):
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.field = field
        self.value = shorten(value)


class NotReadable(Exception):
    """The file as a whole is refused. `code` is an ErrorCode of lib/contract/errors.ts."""

    def __init__(self, code: str, message: str, row: int | None = None, line: int | None = None, field: str | None = None):
        super().__init__(message)
        self.message = message
        self.code = code
        self.row = row
        self.line = line
        self.field = field


@dataclass(frozen=True, slots=True)
class BadRow:
    """Stands in the place of a row that could not be read."""

    reason: str
    text: str
    message: Sentence


@dataclass(slots=True)
class RawRow:
    index: int
    line: int | None
    value: Any
    notes: tuple[tuple[str, str, str], ...] = ()
    """(reason, field, value) of what only the reader can see, such as a formula in a cell."""


def refuse(reason: str, field: str, value: Any, message: Sentence) -> NoReturn:
    raise RowError(reason, field, value, message)


def shorten(value: Any) -> str:
    try:
        text = value if isinstance(value, str) else repr(value)
    except (RecursionError, ValueError):  # nested deeper, or a number longer, than Python writes
        text = type(value).__name__
    return text if len(text) <= VALUE_LENGTH else text[: VALUE_LENGTH - 1] + "…"


def kind_of(value: Any) -> str:
    """The type of a value in the words of JSON, as a term of `sentences`."""
    names = {type(None): "null", bool: "boolean", int: "number", float: "number", str: "text", list: "list"}
    if isinstance(value, dict):
        return "object" if value else "empty_object"
    return names.get(type(value), "other")


def clean(text: str) -> str:
    """Fit for a file of UTF-8, whatever the row held."""
    return text.encode("utf-8", "replace").decode("utf-8")
