"""Two versions of a data set beside each other: counts in OUTPUT/report.json, row numbers in OUTPUT/<kind>.idx; the report goes last."""

import json
import os
import shutil
from pathlib import Path

from trainer.control import Control
from trainer.data.compare import as_files, compare_by_content, compare_by_number
from trainer.data.sentences import say
from trainer.events import EventLog
from trainer.failures import Failure
from trainer.recipes.data import find_size, progress
from trainer.spec import DataWorkerSpec
from trainer.spec_data import CompareTask
from trainer.stop import stop_check


def run(spec: DataWorkerSpec, task: CompareTask, events: EventLog, control: Control) -> None:
    if spec.inputs.rows_path is None or len(spec.inputs.files) != 1:
        raise Failure("spec_invalid", say("versions_needed"), say("check_both"))
    before, after = Path(spec.inputs.files[0].path), Path(spec.inputs.rows_path)
    total = find_size(spec.inputs.files) + os.path.getsize(after)
    obey = stop_check(control, "A comparison has nothing to save or evaluate; it can be stopped.")
    events.phase("comparing")
    watch = progress(events, total, obey)
    found, same = (compare_by_number if task.by_number else compare_by_content)(before, after, watch)
    report = {"byNumber": task.by_number, "same": same, **{kind: len(rows) for kind, rows in found.items()}}
    output = Path(spec.inputs.output_path)
    partial = output.with_name(f"{output.name}.{os.getpid()}.partial")
    try:
        partial.mkdir(parents=True)
        list(as_files(found, partial))
        (partial / "report.json").write_text(json.dumps(report))
        shutil.rmtree(output, ignore_errors=True)
        partial.rename(output)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    events.progress(total, total, "bytes")
    events.finished("succeeded", {kind: count for kind, count in report.items() if kind != "byNumber"})
