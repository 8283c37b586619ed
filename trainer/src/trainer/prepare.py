"""`python -m trainer.prepare INPUT OUT_DIR`: one file that people bring becomes canonical rows, each with its problem or none.

Finds out by itself what the file is and how its rows are to be read; then does what a check of a data set does. Prints progress, then
one line with the report or the error (docs/event-log.md). `python -m trainer.prepare probe PATH…` only tells what the files are.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from trainer import unpack
from trainer.data.check import check
from trainer.data.guess import SAMPLE_ROWS, guess, guess_or_refuse
from trainer.data.problems import NotReadable
from trainer.data.readers import Source, read_rows
from trainer.data.sniff import sniff

PROGRESS_SECONDS = 0.25
SHOWN_ROWS = 5


def main(arguments: list[str]) -> int:
    if len(arguments) < 2 or (len(arguments) > 2 and arguments[0] != "probe"):
        print("usage: python -m trainer.prepare INPUT OUT_DIR\n       python -m trainer.prepare probe PATH…", file=sys.stderr)
        return 2
    if arguments[0] == "probe":
        say({"files": [probe(Path(path)) for path in arguments[1:]]})
        return 0
    try:
        say({"report": prepare(Path(arguments[0]), Path(arguments[1]))})
    except (NotReadable, OSError, unpack.Refused) as error:
        say({"error": explain(error)})
        return 1
    return 0


def prepare(path: Path, folder: Path) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = folder / f"{path.stem}.unpacked{Path(path.stem).suffix}"
    try:
        facts = sniff(path)
        if facts.compression is not None:
            unpack.unpack(facts.compression, path, unpacked, shutil.disk_usage(folder).free)
            path, facts = unpacked, sniff(unpacked)
        source = Source(path, facts.kind or "text", facts.encoding)
        best = guess_or_refuse([row.value for row in islice(read_rows([source]), SAMPLE_ROWS)])
        report, _ = check([source], best["mapping"], {}, folder, progress(path.stat().st_size), best["reason"])
        return report
    finally:
        unpacked.unlink(missing_ok=True)


def probe(path: Path) -> dict[str, Any]:
    """What a file is, its columns and first rows, and how they could be read; or why it can't."""
    try:
        facts = sniff(path)
        told = {"path": str(path), "kind": facts.kind, "encoding": facts.encoding, "compression": facts.compression}
        if facts.kind is None:
            return told
        rows = [row.value for row in islice(read_rows([Source(path, facts.kind, facts.encoding)]), SAMPLE_ROWS)]
    except (NotReadable, OSError) as error:
        return {"path": str(path), "error": explain(error)}
    shown = [row for row in rows if isinstance(row, (dict, str))]
    columns = list(dict.fromkeys(name for row in shown if isinstance(row, dict) for name in row))
    return told | {"columns": columns, "rows": shown[:SHOWN_ROWS], "guesses": guess(rows)}


def progress(total: int) -> Callable[[int], None]:
    done, told_at = 0, time.monotonic()

    def watch(count: int) -> None:
        nonlocal done, told_at
        done += count
        if time.monotonic() - told_at > PROGRESS_SECONDS:
            told_at = time.monotonic()
            say({"progress": {"bytes": done, "totalBytes": total}})

    return watch


def explain(error: Exception) -> dict[str, Any]:
    if isinstance(error, NotReadable):
        place = {"row": error.row, "line": error.line, "field": error.field}
        return {"code": error.code, "message": str(error), **{key: value for key, value in place.items() if value is not None}}
    if isinstance(error, OSError) and error.strerror:
        code = "disk_full" if error.errno in (28, 122) else "dataset_not_readable"
        return {"code": code, "message": f"{error.strerror}: {error.filename}"}
    return {"code": "dataset_not_readable", "message": str(error)}


def say(line: dict[str, Any]) -> None:
    print(json.dumps(line, default=str), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
