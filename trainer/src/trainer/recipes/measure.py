"""Counts the tokens of all usable rows with one model's tokenizer and template: what is counted is what a training would encode.

Writes one LengthReport to OUTPUT.json, whole or not at all. Rows stream by; nothing of them is kept but counts.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from trainer.control import Control
from trainer.data.lengths import Lengths, find_cutoffs
from trainer.data.light import allow_torch, hide_torch
from trainer.data.masks import RowRefused
from trainer.data.render import ChatEncoder, Draft
from trainer.data.rows import is_usable, stop_ids
from trainer.data.sentences import say
from trainer.events import EventLog
from trainer.failures import Failure
from trainer.helpers import count_helpers, helped
from trainer.imports import quick_imports
from trainer.spec import DataWorkerSpec
from trainer.stop import stop_check

PROGRESS_SECONDS = 0.25
BATCH_ROWS = 256
BATCH_BYTES = 1_000_000
WORTH_ROWS = 20_000
"""Each helper reads the tokenizer anew, which takes as long as some thousand rows."""
MAX_ROW_BYTES = 50_000_000
INDEX_BYTES = 8


def run(spec: DataWorkerSpec, run_dir: Path, events: EventLog, control: Control) -> None:
    model, source = spec.inputs.model, spec.inputs.rows_path
    if model is None or model.path is None or source is None:
        raise Failure("spec_invalid", "inputs: Rows and a model's folder are needed to measure.", "Choose a model of a local folder.")
    obey = stop_check(control, "Measuring has nothing to save or evaluate; it can be stopped.")
    folder, rows = Path(model.path), Path(source)
    events.phase("measuring")
    total = count_rows(rows)
    helpers = count_helpers(total, worth=WORTH_ROWS)
    lengths: Lengths | None = None
    done, told_at = 0, 0.0
    with helped(measurer, (folder, model.trust_remote_code), helpers) as work:
        for part, count in work(batches(rows)):
            obey()
            lengths = part if lengths is None else lengths.merge(part)
            done += count
            if time.monotonic() - told_at >= PROGRESS_SECONDS:
                told_at = time.monotonic()
                events.progress(done, total, "rows")
    events.progress(done, total, "rows")
    if lengths is None or (not lengths.rows and not lengths.refusals):
        raise Failure("data_empty", say("no_usable_row"), say("look_at_problems"))
    write_whole(Path(f"{spec.inputs.output_path}.json"), lengths.report(obey))
    events.finished("succeeded", {"rows": sum(lengths.rows.values()), "refusedRows": sum(lengths.refusals.values())})


def measurer(folder: Path, trust_remote_code: bool) -> Callable[[list[bytes]], tuple[Lengths, int]]:
    encoder = load_encoder(folder, trust_remote_code)
    cutoffs = find_cutoffs(context_length(folder, encoder))

    def work(lines: list[bytes]) -> tuple[Lengths, int]:
        lengths = Lengths(cutoffs)
        measure(encoder, lines, lengths)
        return lengths, len(lines)

    return work


def load_encoder(folder: Path, trust_remote_code: bool) -> ChatEncoder:
    hide_torch()
    if trust_remote_code:
        allow_torch()
    with quick_imports():
        from trainer.models import load_tokenizer

        return ChatEncoder(load_tokenizer(folder, trust_remote_code), stop_ids(folder))


def context_length(folder: Path, encoder: ChatEncoder) -> int | None:
    try:
        config = json.loads((folder / "config.json").read_bytes())
    except (OSError, ValueError):
        config = {}
    known = [config.get("max_position_embeddings"), config.get("text_config", {}).get("max_position_embeddings"), encoder.tokenizer.model_max_length]
    return next((length for length in known if isinstance(length, int) and 0 < length < 10**9), None)


def count_rows(rows: Path) -> int:
    try:
        return os.path.getsize(rows.with_name("rows.idx")) // INDEX_BYTES
    except OSError as error:
        raise Failure("data_invalid", say("index_unreadable", path=str(rows), words=str(error)), say("check_again")) from error


def batches(rows: Path, most_rows: int = BATCH_ROWS) -> Iterator[list[bytes]]:
    """Few rows, or few bytes where rows are long: a wish to end is heard within a second."""
    with open(rows, "rb") as file:
        lines = iter(file)
        while first := next(lines, None):
            batch, size = [first], len(first)
            for line in islice(lines, most_rows - 1):
                batch.append(line)
                size += len(line)
                if size >= BATCH_BYTES:
                    break
            yield batch


def measure(encoder: ChatEncoder, lines: list[bytes], lengths: Lengths) -> None:
    drafts: list[Draft] = []
    for line in lines:
        row = read_row(line)
        if row is None:
            continue
        try:
            if len(line) > MAX_ROW_BYTES:
                raise RowRefused("too_large", say("row_too_large"))
            drafts.append(encoder.draft(row))
        except RowRefused as refusal:
            lengths.refusals[refusal.reason] += 1
    for encoded in encoder.finish(drafts):
        if isinstance(encoded, RowRefused):
            lengths.refusals[encoded.reason] += 1
        else:
            lengths.add(encoded)


def read_row(line: bytes) -> Any | None:
    """Rows that a training reads: without a problem, and not marked as unwanted."""
    if not is_usable(line):
        return None
    row = json.loads(line)
    return None if row.get("label") is False else row


def write_whole(path: Path, report: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(json.dumps(report, ensure_ascii=False, separators=(",", ":")))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


