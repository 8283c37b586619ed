"""Elements of one JSON list of any size, or values one behind the other, never more than a few of them in memory."""

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from trainer.data.problems import BadRow
from trainer.data.sentences import say

CHUNK_CHARACTERS = 1 << 20
SHOWN = 200
TOO_DEEP = say("too_deep")
TOO_MANY_DIGITS = say("many_digits")
NUMBER_ENDS = ("", " ", "\t", "\r", "\n", ",", "]", "{", "[")
BETWEEN = re.compile(r"[ \t\r\n,]*")
FAULTS = {
    "Expecting value": "value", "Expecting ',' delimiter": "comma", "Expecting ':' delimiter": "colon",
    "Expecting property name enclosed in double quotes": "name", "Unterminated string starting at": "open_text",
    "Invalid control character at": "control", "Invalid \\escape": "escape", "Invalid \\uXXXX escape": "escape", "Extra data": "extra",
}  # fmt: skip
"""What Python's reader says, as a term of our sentences; newer ones of it are told as they are."""
SIGNS = re.compile(r'["{}\[\],]')
_decoder = json.JSONDecoder(parse_constant=lambda _: None)
"""Python writes NaN and Infinity, which are no JSON: they are read as null."""


def parse_line(line: bytes) -> Any:
    """Bytes that are no characters become lone surrogates, which the check finds in the row that has them."""
    return parse_json(to_text(line))


def to_text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("utf-8", "surrogateescape")


def parse_json(text: str) -> Any:
    try:
        return _decoder.decode(text)
    except json.JSONDecodeError as error:
        return BadRow("bad_json", text[:SHOWN].rstrip("\r\n"), say("bad_line", fault=fault_of(error), column=error.colno))
    except ValueError:  # Python's own limit of 4,300 digits
        return BadRow("bad_json", text[:SHOWN].rstrip("\r\n"), TOO_MANY_DIGITS)
    except RecursionError:
        return BadRow("too_deep", text[:SHOWN].rstrip("\r\n"), TOO_DEEP)


def fault_of(error: json.JSONDecodeError) -> str:
    return FAULTS.get(error.msg.removesuffix(": "), error.msg)


def read_json(file: TextIO, limit: int) -> Iterator[tuple[int, Any, tuple[()]]]:
    """Line, value, no notes. A broken element is told in its place, and reading goes on behind it."""
    window = Window(file)
    is_list = window.open_list()
    while True:
        window.skip_between()
        if not window.text[window.at : window.at + 1]:
            if is_list:
                yield window.line, BadRow("cut_off", "", say("list_cut_off")), ()
            return
        if is_list and window.text[window.at] == "]":
            return
        line = window.line
        value = window.take(limit, is_list)
        yield line, value, ()
        if isinstance(value, BadRow) and value.reason == "cut_off":
            return


class Window:
    """The part of the text that is being looked at: what was read and not yet taken begins at `at`."""

    def __init__(self, file: TextIO):
        self.file = file
        self.text = ""
        self.at = 0
        self.line = 1
        self.ended = False
        self.more()

    def more(self) -> bool:
        chunk = self.file.read(CHUNK_CHARACTERS)
        self.ended = not chunk
        self.text = self.text[self.at :] + chunk
        self.at = 0
        return not self.ended

    def move(self, end: int) -> None:
        self.line += self.text.count("\n", self.at, end)
        self.at = end

    def open_list(self) -> bool:
        self.text = self.text.removeprefix("\ufeff")
        self.skip_between()
        found = self.text[self.at : self.at + 1] == "["
        self.at += found
        return found

    def skip_between(self) -> None:
        while True:
            match = BETWEEN.match(self.text, self.at)
            self.move(match.end() if match else self.at)
            if self.at < len(self.text) or not self.more():
                return

    def take(self, limit: int, is_list: bool) -> Any:
        while True:
            try:
                value, end = _decoder.raw_decode(self.text, self.at)
                # A number at the edge of what was read may go on.
                if not isinstance(value, (int, float)) or self.text[end : end + 1] in NUMBER_ENDS[not self.ended :]:
                    self.move(end)
                    return value
                fault = BadRow(
                    "bad_json", self.text[self.at : end + 1], say("bad_part", line=self.line, fault="number_end")
                )
            except json.JSONDecodeError as error:
                fault = BadRow(
                    "bad_json", self.text[self.at : self.at + SHOWN], say("bad_part", line=self.line_of(error.pos), fault=fault_of(error))
                )
            except ValueError:
                fault = BadRow("bad_json", self.text[self.at : self.at + SHOWN], TOO_MANY_DIGITS)
            except RecursionError:
                fault = BadRow("too_deep", self.text[self.at : self.at + SHOWN], TOO_DEEP)
            end = Scanner(is_list).find_end(self.text, self.at)
            if end is not None:
                fault = BadRow(fault.reason, self.text[self.at : min(end, self.at + SHOWN)], fault.message)
                self.move(max(end, self.at + 1))
                return fault
            if len(self.text) - self.at > limit:
                return self.skip_long(limit, is_list)
            if self.ended:
                shown = self.text[self.at : self.at + SHOWN]
                self.move(len(self.text))
                return BadRow("cut_off", shown, say("row_cut_off") + fault.message)
            self.more()

    def skip_long(self, limit: int, is_list: bool) -> BadRow:
        shown, scanner, size = self.text[self.at : self.at + SHOWN], Scanner(is_list), 0
        while True:
            end = scanner.find_end(self.text, self.at)
            size += (len(self.text) if end is None else end) - self.at
            self.move(len(self.text) if end is None else end)
            if end is not None:
                return BadRow("too_long", shown, say("row_characters", size=round(size / 1e6), limit=round(limit / 1e6)))
            if not self.more():
                return BadRow("cut_off", shown, say("long_row_cut_off"))

    def line_of(self, position: int) -> int:
        return self.line + self.text.count("\n", self.at, position)


class Scanner:
    """Finds where an element ends by its brackets and quotes alone, over as many pieces of text as it takes."""

    def __init__(self, is_list: bool):
        self.is_list = is_list
        self.depth = 0
        self.in_string = False
        self.escaped = False

    def find_end(self, text: str, at: int) -> int | None:
        while True:
            if self.in_string:
                at = self.leave_string(text, at)
            match = None if self.in_string else SIGNS.search(text, at)
            if match is None:
                return None
            at, sign = match.end(), match.group()
            if sign == '"':
                self.in_string = True
            elif sign in "{[":
                self.depth += 1
            elif self.depth == 0 and self.is_list and sign in ",]":
                return match.start()
            elif sign in "}]":
                self.depth -= 1
                if self.depth <= 0 and not self.is_list:
                    return at

    def leave_string(self, text: str, at: int) -> int:
        """Behind the quote that ends the string; a quote behind an odd number of backslashes belongs to it."""
        while self.in_string:
            quote = text.find('"', at)
            end = len(text) if quote < 0 else quote
            start = end
            while start > at and text[start - 1] == "\\":
                start -= 1
            odd = ((end - start) + (start == at and self.escaped)) % 2 == 1
            if quote < 0:
                self.escaped = odd
                return len(text)
            self.in_string, self.escaped, at = odd, False, quote + 1
        return at
