"""`python -m trainer.prepare INPUT OUT_DIR`: any data set that people bring becomes canonical rows, each with its problem or none.

Writes rows.jsonl, rows.idx and report.json; prints progress, then one line with the report or the error (docs/event-log.md).
"""

import hashlib
import json
import sys
import time
from array import array
from itertools import chain, islice
from pathlib import Path
from statistics import median
from typing import Any

from trainer.data.formats import Format, Message, RowError, recognise, shorten
from trainer.data.readers import NotReadable, RawRow, file_type, read_rows

SAMPLE_ROWS = 100
PROBLEMS_SHOWN = 100
COLUMNS_SHOWN = 64
PROGRESS_SECONDS = 0.25
SEPARATORS = (",", ":")


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print("usage: python -m trainer.prepare INPUT OUT_DIR", file=sys.stderr)
        return 2
    try:
        say({"report": prepare(Path(arguments[0]), Path(arguments[1]))})
    except NotReadable as error:
        place = {"row": error.row, "line": error.line, "field": error.field}
        say({"error": {"code": error.code, "message": str(error), **{key: value for key, value in place.items() if value is not None}}})
        return 1
    except OSError as error:
        code = "disk_full" if error.errno in (28, 122) else "dataset_not_readable"
        say({"error": {"code": code, "message": f"{error.strerror}: {error.filename}"}})
        return 1
    return 0


def prepare(source: Path, folder: Path) -> dict[str, Any]:
    kind = file_type(source)
    rows = read_rows(source, kind)
    sample = list(islice(rows, SAMPLE_ROWS))
    if not sample:
        raise NotReadable("dataset_empty", "The file holds no rows.")
    form = recognise([row.value for row in sample])
    folder.mkdir(parents=True, exist_ok=True)
    tally = Tally(source.stat().st_size)
    write_rows(chain(sample, rows), form, folder, tally)
    if tally.usable == 0:
        raise tally.all_bad()
    report = {"format": form.name, "formatReason": form.reason, "fileType": kind, "sha256": hash_file(source), **tally.report()}
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8", errors="replace")
    return report


def write_rows(rows: Any, form: Format, folder: Path, tally: "Tally") -> None:
    offsets = array("Q")
    position = 0
    with open(folder / "rows.jsonl", "wb", buffering=1 << 20) as file:
        for row in rows:
            line = convert_row(row, form, tally)
            offsets.append(position)
            position += file.write(line)
            tally.tell(row)
    if sys.byteorder == "big":
        offsets.byteswap()
    (folder / "rows.idx").write_bytes(offsets.tobytes())


def convert_row(row: RawRow, form: Format, tally: "Tally") -> bytes:
    tally.see(row.value)
    try:
        messages = form.convert(row.value)
        line = encode(row.index, messages, None)
        tally.use(messages)
    except RowError as error:
        problem = describe(row, error.reason, error.field, error.value, str(error))
    except UnicodeEncodeError as error:
        message = "The text holds half of a character (a lone surrogate), which no tokenizer can read."
        problem = describe(row, "bad_unicode", "", error.object[max(0, error.start - 20) : error.end], message)
    else:
        return line
    tally.refuse(problem)
    return encode(row.index, None, problem)


def encode(index: int, messages: list[Message] | None, problem: dict[str, Any] | None) -> bytes:
    row = {"index": index, "messages": messages, "problem": problem}
    return (json.dumps(row, ensure_ascii=False, separators=SEPARATORS) + "\n").encode("utf-8")


def describe(row: RawRow, reason: str, field: str, value: str, message: str) -> dict[str, Any]:
    clean = [text.encode("utf-8", "replace").decode("utf-8") for text in (field, shorten(value), message)]
    return {"row": row.index, "line": row.line, "field": clean[0], "value": clean[1], "reason": reason, "message": clean[2]}


class Tally:
    """Counts while rows go by: one pass, whatever the size."""

    def __init__(self, total_bytes: int):
        self.total_bytes = total_bytes
        self.rows = self.usable = self.turns = self.most_turns = 0
        self.lengths = array("L")
        self.columns: dict[str, None] = {}
        self.problem_counts: dict[str, int] = {}
        self.problems: list[dict[str, Any]] = []
        self.told_at = time.monotonic()

    def see(self, value: Any) -> None:
        self.rows += 1
        if isinstance(value, dict) and len(self.columns) < COLUMNS_SHOWN and not value.keys() <= self.columns.keys():
            self.columns.update(dict.fromkeys(value))

    def use(self, messages: list[Message]) -> None:
        self.usable += 1
        turns = length = 0
        for message in messages:
            length += len(message["content"])
            turns += message["role"] == "assistant"
        self.lengths.append(length)
        self.turns += turns
        self.most_turns = max(self.most_turns, turns)

    def refuse(self, problem: dict[str, Any]) -> None:
        self.problem_counts[problem["reason"]] = self.problem_counts.get(problem["reason"], 0) + 1
        if len(self.problems) < PROBLEMS_SHOWN:
            self.problems.append(problem)

    def tell(self, row: RawRow) -> None:
        if self.rows % 500 == 0 and time.monotonic() - self.told_at > PROGRESS_SECONDS:
            self.told_at = time.monotonic()
            say({"progress": {"rows": self.rows, "bytes": row.bytes_read, "totalBytes": self.total_bytes}})

    def all_bad(self) -> NotReadable:
        first = self.problems[0]
        where = f"row {first['row']}" + (f" (line {first['line']})" if first["line"] else "")
        field = f", field “{first['field']}”" if first["field"] else ""
        message = f"None of the {self.rows} rows can be used. In {where}{field}: {first['message']}"
        return NotReadable("dataset_all_rows_bad", message, row=first["row"], line=first["line"], field=first["field"] or None)

    def report(self) -> dict[str, Any]:
        lengths = sorted(self.lengths)
        return {
            "rows": self.rows,
            "usableRows": self.usable,
            "bytes": self.total_bytes,
            "columns": [column.encode("utf-8", "replace").decode("utf-8") for column in list(self.columns)[:COLUMNS_SHOWN]],
            "problemCounts": self.problem_counts,
            "problems": self.problems,
            "characters": {"median": median(lengths), "p95": lengths[(len(lengths) * 95 + 99) // 100 - 1], "max": lengths[-1]},
            "turns": {"mean": round(self.turns / self.usable, 3), "max": self.most_turns},
        }


def hash_file(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def say(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
