"""Files of rows: JSON Lines, read line by line, or one JSON list, read whole. Says of every row where it stands."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

LIST_LIMIT_BYTES = 1 << 30
UTF8_MARK = b"\xef\xbb\xbf"
TOO_DEEP = "it is nested too deeply"
TOO_LONG = "a number has more digits than a computer counts with"
OTHER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class NotReadable(Exception):
    """The file as a whole is refused. `code` is an ErrorCode of lib/contract/errors.ts."""

    def __init__(self, code: str, message: str, row: int | None = None, line: int | None = None, field: str | None = None):
        super().__init__(message)
        self.code = code
        self.row = row
        self.line = line
        self.field = field


@dataclass(frozen=True)
class BadJson:
    """Stands in the place of a row that is no JSON."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class RawRow:
    index: int
    line: int | None
    value: Any
    bytes_read: int


def file_type(path: Path) -> Literal["json", "jsonl"]:
    """By what is inside, not by the name: many .json files hold lines."""
    with open(path, "rb") as file:
        head = file.read(1 << 16)
    for mark, name in OTHER_MARKS.items():
        if head.startswith(mark):
            raise NotReadable("dataset_not_readable", f"The file is written in {name}. Save it as UTF-8 and upload it again.")
    text = head.removeprefix(UTF8_MARK).lstrip()
    if not text:
        raise NotReadable("dataset_empty", "The file is empty.")
    if b"\x00" in head or text[:1] not in b'[{"' and not is_json(text.split(b"\n")[0]):
        raise NotReadable(
            "dataset_not_readable",
            "The file is neither a JSON list nor JSON Lines: it begins with " + repr(text[:40].decode("utf-8", "replace")) + ".",
            row=0,
            line=1,
        )
    if text[:1] == b"[" and not is_lines_of_lists(text):
        return "json"
    refuse_single_object(path, text)
    return "jsonl"


def read_rows(path: Path, kind: Literal["json", "jsonl"]) -> Iterator[RawRow]:
    return read_lines(path) if kind == "jsonl" else read_list(path)


def read_lines(path: Path) -> Iterator[RawRow]:
    index, done = 0, 0
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            done += len(line)
            text = (line.removeprefix(UTF8_MARK) if number == 1 else line).rstrip(b"\r\n")
            if not text.strip():
                continue
            yield RawRow(index, number, parse_line(text), done)
            index += 1


def parse_line(text: bytes) -> Any:
    try:
        return json.loads(text)
    except UnicodeDecodeError as error:
        return BadJson(text[:200].decode("utf-8", "replace"), f"the line is not UTF-8 (byte {error.start + 1})")
    except json.JSONDecodeError as error:
        return BadJson(text[:200].decode("utf-8", "replace"), f"{error.msg} at character {error.colno}")
    except ValueError:  # Python's own limit of 4,300 digits
        return BadJson(text[:200].decode("utf-8", "replace"), TOO_LONG)
    except RecursionError:
        return BadJson(text[:200].decode("utf-8", "replace"), TOO_DEEP)


def read_list(path: Path) -> Iterator[RawRow]:
    size = os.path.getsize(path)
    if size > LIST_LIMIT_BYTES:
        raise NotReadable(
            "dataset_not_readable",
            f"A JSON list is read as a whole, and this one has {size / (1 << 30):.1f} GiB; the limit is 1 GiB. "
            "Save it as JSON Lines (one row a line), for example with: jq -c '.[]' data.json > data.jsonl",
        )
    rows = parse_list(path.read_bytes().removeprefix(UTF8_MARK))
    for index, value in enumerate(rows):
        yield RawRow(index, None, value, size * (index + 1) // len(rows))


def parse_list(data: bytes) -> list[Any]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotReadable("dataset_not_readable", f"Line {line} is not UTF-8. Save the file as UTF-8.", line=line) from error
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        row = count_whole_rows(text)
        message = f"The JSON breaks in row {row}, line {error.lineno}, character {error.colno}: {error.msg}."
        raise NotReadable("dataset_not_readable", message, row=row, line=error.lineno) from error
    except (ValueError, RecursionError) as error:
        reason = TOO_DEEP if isinstance(error, RecursionError) else TOO_LONG
        row = count_whole_rows(text)
        raise NotReadable("dataset_not_readable", f"Row {row} can't be read: {reason}.", row=row) from error
    return rows


def count_whole_rows(text: str) -> int:
    """The number of the first row of a broken list that does not parse."""
    decoder, position, count = json.JSONDecoder(), text.index("[") + 1, 0
    while True:
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        try:
            _, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return count
        count += 1


def refuse_single_object(path: Path, head: bytes) -> None:
    """`{` may begin lines of rows, or one object over many lines, such as {"data": [...]}."""
    if is_json(head.split(b"\n")[0]) or os.path.getsize(path) > LIST_LIMIT_BYTES:
        return
    try:
        whole = json.loads(path.read_bytes().removeprefix(UTF8_MARK))
    except (ValueError, RecursionError):
        return
    inside = next((key for key, value in whole.items() if isinstance(value, list)), None) if isinstance(whole, dict) else None
    hint = f" Its rows seem to stand under “{inside}”: keep only that list." if inside else " Put it into a list: [ … ]."
    raise NotReadable("dataset_format_unknown", "The file holds one JSON object, not a list of rows." + hint, field=inside)


def is_lines_of_lists(text: bytes) -> bool:
    first, _, rest = text.partition(b"\n")
    return rest.lstrip()[:1] == b"[" and is_json(first)


def is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
