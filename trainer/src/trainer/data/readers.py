"""Rows of files of every kind, one after the other, in bounded memory: what can't be read becomes a BadRow in its place.

Row numbers agree with the table of the server (server/data): lines of blanks and empty CSV records are no rows.
"""

import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.data.problems import BadRow, RawRow
from trainer.data.read_json import parse_json, parse_line, read_json, to_text
from trainer.data.read_table import read_arrow, read_csv, read_parquet
from trainer.data.sentences import say

RECORD_LIMIT_BYTES = 16 << 20
"""A longer row is no row to train on, and its Python objects would take many times as much memory."""
BLOCK_BYTES = 1 << 20
MARK = "\ufeff"
Watch = Callable[[int], None]
Found = tuple[int | None, Any, tuple[tuple[str, str, str], ...]]
"""Line, value, and what only the reader can see."""


@dataclass(frozen=True)
class Source:
    path: Path
    kind: str
    encoding: str = "utf-8"


def read_rows(sources: Iterable[Source], watch: Watch = lambda _: None, *, lazy: bool = False) -> Iterator[RawRow]:
    """All files as one row of rows. `watch` is told the bytes read since the last time, and may raise.

    `lazy`: lines of JSON are left to who makes rows of them; their value is the bytes of the line.
    """
    index = 0
    for source in sources:
        for line, value, notes in read_file(source, watch, lazy):
            yield RawRow(index, line, value, notes)
            index += 1


def read_file(source: Source, watch: Watch, lazy: bool) -> Iterator[Found]:
    if source.kind == "parquet":
        return read_parquet(source.path, watch)
    if source.kind == "arrow":
        return read_arrow(source.path, watch)
    return read_text_file(source, watch, lazy)


def read_text_file(source: Source, watch: Watch, lazy: bool) -> Iterator[Found]:
    with io.BufferedReader(Watched(source.path, watch), BLOCK_BYTES) as raw:
        # Bytes that are no characters become lone surrogates, which the check finds in the row that has them.
        text = io.TextIOWrapper(raw, source.encoding, errors="surrogateescape", newline="")
        if source.kind == "json":
            yield from read_json(text, RECORD_LIMIT_BYTES)
        elif source.kind in ("csv", "tsv"):
            yield from read_csv(text, source.kind, RECORD_LIMIT_BYTES)
        elif source.encoding != "utf-8":
            text.reconfigure(newline="\n")
            yield from read_lines(text.readline, "\n", as_text if source.kind == "text" else parse_json)
        elif source.kind == "text":
            yield from read_lines(raw.readline, b"\n", lambda line: as_text(to_text(line)))
        else:
            yield from read_lines(raw.readline, b"\n", bytes if lazy else parse_line)


def read_lines(readline: Callable[[int], Any], end: Any, read: Callable[[Any], Any]) -> Iterator[Found]:
    """Lines of blanks are no rows."""
    number = 0
    while line := readline(RECORD_LIMIT_BYTES + 1):
        number += 1
        if len(line) > RECORD_LIMIT_BYTES and not line.endswith(end):
            yield number, too_long(line[:200], skip_line(readline, end)), ()
            continue
        if number == 1:
            line = line.removeprefix(MARK if isinstance(line, str) else MARK.encode())
        if not is_blank(line):
            yield number, read(line), ()


def is_blank(line: Any) -> bool:
    """Bytes know the blanks of ASCII only; a line that begins with others is looked at as text."""
    if not line or line.isspace():
        return True
    return isinstance(line, bytes) and line.lstrip()[0] >= 0x80 and to_text(line).isspace()


def as_text(line: str) -> dict[str, str]:
    return {"text": line.rstrip("\r\n")}


def skip_line(readline: Callable[[int], Any], end: Any) -> int:
    """Reads to the end of the line and returns how much that was."""
    skipped = 0
    while rest := readline(BLOCK_BYTES):
        skipped += len(rest)
        if rest.endswith(end):
            break
    return skipped


def too_long(begin: Any, skipped: int) -> BadRow:
    text = begin if isinstance(begin, str) else begin.decode("utf-8", "replace")
    return BadRow("too_long", text, say("row_megabytes", size=megabytes(RECORD_LIMIT_BYTES + skipped), limit=megabytes(RECORD_LIMIT_BYTES)))


def megabytes(count: int) -> int:
    return round(count / 1e6)


class Watched(io.RawIOBase):
    """A file that tells how much of it is read."""

    def __init__(self, path: Path, watch: Watch):
        self.file = os.open(path, os.O_RDONLY)
        self.watch = watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = os.read(self.file, len(buffer))
        buffer[: len(data)] = data
        self.watch(len(data))
        return len(data)

    def close(self) -> None:
        if not self.closed:
            os.close(self.file)
        super().close()
