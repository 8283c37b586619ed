"""Tables: CSV and TSV record by record, Parquet and Arrow batch by batch."""

import base64
import csv
import datetime
import decimal
import math
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from trainer.data.problems import BadRow, NotReadable
from trainer.data.sentences import say

Notes = tuple[tuple[str, str, str], ...]
SEPARATORS = ",;|"
FORMULA = re.compile(r"[=@][A-Za-z(+\-=]|[+\-][A-Za-z]+\(")
FORMULA_SIGNS = frozenset("=@+-")
BATCH_BYTES = 8 << 20
MAX_BATCH_ROWS = 1024


def read_csv(file: TextIO, kind: str, limit: int) -> Iterator[tuple[int, Any, Notes]]:
    csv.field_size_limit(limit)
    lines = Lines(file, limit)
    separator = "\t" if kind == "tsv" else find_separator(lines.peek())
    records = csv.reader(lines, delimiter=separator)
    header = None
    while True:
        line = lines.begin_record()
        try:
            cells = next(records, None)
        except (csv.Error, TooLong):
            lines.skip_rest()
            yield (
                line,
                BadRow(
                    "too_long",
                    lines.shown,
                    say("record_long", line=line, limit=round(limit / 1e6)),
                ),
                (),
            )
            continue
        if cells is None:
            return
        if not cells:
            continue
        if header is None:
            header = name_columns(cells)
        elif lines.ended:
            yield line, BadRow("bad_csv", lines.shown, say("quote_open", line=line)), ()
        elif len(cells) != len(header):
            yield (
                line,
                BadRow("ragged", separator.join(cells)[:200], say("cells", cells=len(cells), header=len(header))),
                (),
            )
        else:
            yield line, dict(zip(header, cells, strict=True)), find_formulas(header, cells)


class TooLong(Exception):
    """A record goes on beyond what is kept of it."""


class Lines:
    """Lines for csv.reader, which asks for as many as a record has; counts what one record takes."""

    def __init__(self, file: TextIO, limit: int):
        self.file = file
        self.limit = limit
        self.number = 0
        self.first: str | None = file.readline(limit).removeprefix("\ufeff")
        self.taken = 0
        self.torn = self.ended = False
        self.shown = ""

    def peek(self) -> str:
        return self.first or ""

    def begin_record(self) -> int:
        self.taken = 0
        self.shown = ""
        return self.number + 1

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line, self.first = (self.file.readline(self.limit), None) if self.first is None else (self.first, None)
        if not line:
            # Only inside quotes does csv.reader ask for a line behind the last and still have a record to give.
            self.ended = True
            raise StopIteration
        self.number += 1
        self.taken += len(line)
        self.shown = self.shown or line[:200]
        self.torn = len(line) >= self.limit and not line.endswith("\n")
        if self.torn or self.taken > self.limit:
            raise TooLong
        return line

    def skip_rest(self) -> None:
        while self.torn:
            rest = self.file.readline(1 << 20)
            self.torn = bool(rest) and not rest.endswith("\n")


def find_separator(line: str) -> str:
    """The sign that parts the names of the columns, outside of quotes."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(SEPARATORS, key=bare.count)


def name_columns(cells: list[str]) -> list[str]:
    """The same rule as the server's table: an empty name gets its number, and so does a second one."""
    seen: list[str] = []
    for index, cell in enumerate(cells):
        name = cell or f"column {index + 1}"
        seen.append(f"{name} ({index + 1})" if name in seen else name)
    return seen


def find_formulas(header: list[str], cells: list[str]) -> Notes:
    """A spreadsheet would run such a cell as a program."""
    found = [(name, cell) for name, cell in zip(header, cells, strict=True) if cell[:1] in FORMULA_SIGNS and FORMULA.match(cell)]
    return tuple(("formula", name, cell) for name, cell in found)


def read_parquet(path: Path, watch: Callable[[int], None]) -> Iterator[tuple[None, Any, Notes]]:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        with parquet.ParquetFile(path, memory_map=True) as file:
            facts = file.metadata
            size = sum(facts.row_group(index).total_byte_size for index in range(facts.num_row_groups))
            step = batch_rows(size, facts.num_rows)
            share = os.path.getsize(path) / max(1, facts.num_rows)
            for batch in file.iter_batches(batch_size=step, use_threads=False):
                yield from batch_values(batch)
                watch(int(share * batch.num_rows))
    except (arrow.ArrowException, OSError) as error:
        raise not_readable("Parquet", path, error) from error


def read_arrow(path: Path, watch: Callable[[int], None]) -> Iterator[tuple[None, Any, Notes]]:
    import pyarrow as arrow

    try:
        with arrow.memory_map(str(path)) as source:
            done = 0
            for batch in arrow_batches(arrow, source):
                step = batch_rows(batch.nbytes, batch.num_rows)
                for start in range(0, batch.num_rows, step):
                    yield from batch_values(batch.slice(start, step))
                    watch(0)
                watch(max(0, source.tell() - done))
                done = max(done, source.tell())
    except (arrow.ArrowException, OSError) as error:
        raise not_readable("Arrow", path, error) from error


def arrow_batches(arrow: Any, source: Any) -> Iterator[Any]:
    """Files of batches begin with their name; streams, as the datasets library writes them, do not."""
    if source.read(6) == b"ARROW1":
        source.seek(0)
        file = arrow.ipc.open_file(source)
        for index in range(file.num_record_batches):
            yield file.get_batch(index)
    else:
        source.seek(0)
        yield from arrow.ipc.open_stream(source)


def batch_rows(size: int, rows: int) -> int:
    return max(1, min(MAX_BATCH_ROWS, BATCH_BYTES * max(1, rows) // max(1, size)))


def batch_values(batch: Any) -> Iterator[tuple[None, Any, Notes]]:
    try:
        rows = batch.to_pylist()
    except UnicodeDecodeError:
        rows = [one_value(batch, index) for index in range(batch.num_rows)]
    for row in rows:
        yield None, row if isinstance(row, BadRow) else {key: plain(value) for key, value in row.items()}, ()


def one_value(batch: Any, index: int) -> Any:
    try:
        return batch.slice(index, 1).to_pylist()[0]
    except UnicodeDecodeError as error:
        return BadRow("bad_encoding", error.object[:200].decode("utf-8", "replace"), say("not_utf8"))


def plain(value: Any) -> Any:
    """Tables know more types than JSON."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return str(value)
    return value


def not_readable(kind: str, path: Path, error: Exception) -> NotReadable:
    words = str(error).split("\n")[0][:200]
    return NotReadable("dataset_not_readable", say("file_damaged", file=path.name, form=kind, words=words))
