"""Brings the files of a data set in: those of the hub are fetched, packed ones unpacked, all into OUTPUT.

OUTPUT/brought.json, which names them, goes last; the server takes the files from there. A stop or a failure leaves it out, and the
server throws OUTPUT away.
"""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from trainer.control import Control
from trainer.data.sentences import say
from trainer.events import EventLog
from trainer.failures import Failure
from trainer.fetch_dataset import PACKED, Refused, fetch
from trainer.recipes.data import LOOK_SECONDS, find_size, progress
from trainer.spec import DataWorkerSpec
from trainer.spec_data import BringTask, DataFile
from trainer.stop import stop_check
from trainer.unpack import unpack

MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


def run(spec: DataWorkerSpec, task: BringTask, events: EventLog, control: Control) -> None:
    output, packed = Path(spec.inputs.output_path), list(spec.inputs.files)
    obey = stop_check(control, "There is nothing to save or evaluate while files are brought in; it can be stopped.")
    brought: list[dict[str, str | None]] = []
    if task.hub is not None:
        events.phase("downloading")
        for name in fetched(task, output, events, obey):
            kind = packing(output / name)
            if kind is None:
                brought.append({"name": name, "file": name, "compression": None})
            else:
                packed.append(DataFile(name=name, path=str(output / name), kind="text", encoding=kind))
    total = find_size(packed) if packed else 0
    if packed:
        events.phase("importing")
    watch = progress(events, total, obey)
    for number, file in enumerate(packed):
        target = output / f"unpacked-{number}"
        # Half of the disk: the check writes about as much again.
        unpack(file.encoding, file.name, Path(file.path), target, shutil.disk_usage(output).free // 2, watch)
        brought.append({"name": plain_name(file.name), "file": target.name, "compression": file.encoding})
    obey()
    (output / "brought.json").write_text(json.dumps({"files": brought}, ensure_ascii=False), encoding="utf-8")
    events.finished("succeeded", {"files": len(brought)})


def fetched(task: BringTask, output: Path, events: EventLog, obey: Callable[[], None]) -> list[str]:
    hub = task.hub
    assert hub is not None
    done = 0
    looked_at = 0.0

    def watch(count: int, total: int) -> None:
        nonlocal done, looked_at
        done += count
        now = time.monotonic()
        if now - looked_at < LOOK_SECONDS:
            return
        looked_at = now
        obey()
        if total > 0:
            events.progress(min(done, total), total, "bytes")

    try:
        return fetch(output, hub.repo, hub.subset, hub.split, hub.revision, watch)
    except Refused as error:
        raise Failure("data_invalid", say("hub_refused", words=str(error)), say("hub_elsewhere")) from error


def packing(path: Path) -> str | None:
    with open(path, "rb") as file:
        head = file.read(4)
    return next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)


def plain_name(name: str) -> str:
    for ending in PACKED:
        name = name.removesuffix(ending)
    return name
