"""The event log of a run: the only thing the server learns a run's course from (docs/event-log.md).

One writer, one line per event, one `write` per line. `seq` rises by one over all attempts, so a new attempt reads the tail first.
"""

import json
import math
import os
import shutil
import socket
import threading
import time
from pathlib import Path
from typing import Any

SYNC_SECONDS = 1.0
TAIL_BYTES = 1 << 16
RESERVED_BYTES = 1 << 17


class EventLog:
    """Writes events.jsonl. Only rank 0 of a distributed run writes; the other ranks' log leads nowhere."""

    def __init__(self, path: Path):
        leader = os.environ.get("RANK", "0") == "0"
        self._reserve = Reserve(path.parent) if leader else None
        self._lock = threading.Lock()
        self._file = os.open(path if leader else os.devnull, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._seq = cut_torn_tail(self._file) + 1 if leader else 0
        self._dirty = threading.Event()
        threading.Thread(target=self._sync_forever, name="event-sync", daemon=True).start()

    @property
    def last_seq(self) -> int:
        return self._seq - 1

    def opened(self, *, attempt: int, kind: str, versions: dict[str, str]) -> None:
        self._emit("opened", attempt=attempt, kind=kind, pid=os.getpid(), host=socket.gethostname(), versions=versions)

    def phase(self, name: str, done: float | None = None, total: float | None = None) -> None:
        self._emit("phase", name=name, done=done, total=total)

    def plan(self, plan: dict[str, Any]) -> None:
        self._emit("plan", plan=plan)

    def metric(self, *, step: int, epoch: float, tokens: int, seconds: float, values: dict[str, float]) -> None:
        self._emit("metric", step=step, epoch=epoch, tokens=tokens, seconds=seconds, values=values)

    def checkpoint(self, *, name: str, step: int, bytes: int, reason: str) -> None:
        self._emit("checkpoint", name=name, step=step, bytes=bytes, reason=reason, durable=True)

    def checkpoint_removed(self, name: str) -> None:
        self._emit("checkpoint_removed", name=name)

    def rewind(self, to_step: int) -> None:
        self._emit("rewind", toStep=to_step)

    def progress(self, done: float, total: float, unit: str) -> None:
        self._emit("progress", done=done, total=total, unit=unit)

    def artifact(self, *, path: str, bytes: int, files: list[dict[str, Any]]) -> None:
        self._emit("artifact", path=path, bytes=bytes, files=files, durable=True)

    def ready(self) -> None:
        self._emit("ready")

    def ack(self, control_id: str, verb: str, outcome: str, note: str | None = None) -> None:
        self._emit("ack", controlId=control_id, verb=verb, outcome=outcome, note=note)

    def warning(self, code: str, message: str) -> None:
        self._emit("warning", code=code, message=message)

    def heartbeat(self, rss_bytes: int, device_bytes: int | None = None) -> None:
        self._emit("heartbeat", rssBytes=rss_bytes, deviceBytes=device_bytes)

    def failed(self, *, code: str, message: str, remedy: str | None = None, said: list[Any] | None = None, traceback: str | None = None) -> None:
        """The last word, and the one that must come through: on a full disk, room is made for it first."""
        if self._reserve is not None:
            self._reserve.release(everything=code == "disk_full")
        self._emit("failed", code=code, message=message, remedy=remedy, said=said or None, traceback=traceback, durable=True)

    def finished(self, outcome: str, summary: dict[str, float | str]) -> None:
        self._emit("finished", outcome=outcome, summary=summary, durable=True)
        if self._reserve is not None:
            self._reserve.release()

    def _emit(self, type: str, *, durable: bool = False, **fields: Any) -> None:
        present = {key: spell_non_finite(value) for key, value in fields.items() if value is not None}
        with self._lock:
            event = {"seq": self._seq, "t": int(time.time() * 1000), "type": type, **present}
            self._append((json.dumps(event, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "replace"))
            self._seq += 1
        if durable:
            sync(self._file)
        else:
            self._dirty.set()

    def _append(self, line: bytes) -> None:
        """A full disk can end a write half way; the half is taken back, so that the next line does not grow onto it."""
        written = 0
        try:
            written = os.write(self._file, line)
            if written < len(line):
                written += os.write(self._file, line[written:])
        finally:
            if 0 < written < len(line):
                os.ftruncate(self._file, os.fstat(self._file).st_size - written)

    def _sync_forever(self) -> None:
        while True:
            self._dirty.wait()
            self._dirty.clear()
            sync(self._file)
            time.sleep(SYNC_SECONDS)


class Reserve:
    """Bytes kept for the last words of a run whose disk has become full."""

    def __init__(self, run_dir: Path):
        self._run_dir = run_dir
        self._path = run_dir / ".reserve"
        try:
            with open(self._path, "wb") as file:
                file.write(b" " * RESERVED_BYTES)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self._path.unlink(missing_ok=True)  # Full already: the first event will say so.

    def release(self, everything: bool = False) -> None:
        """`everything`: a checkpoint or an export that was cut short goes too. It is of use to nobody and may be what filled the disk."""
        self._path.unlink(missing_ok=True)
        if everything:
            torn = [folder for folder in self._run_dir.glob("checkpoints/checkpoint-*") if not (folder / "COMPLETE.json").exists()]
            for folder in [*torn, *self._run_dir.glob("artifacts/*.partial")]:
                shutil.rmtree(folder, ignore_errors=True)


def cut_torn_tail(file: int) -> int:
    """Cut what a crash left half written or zero-filled; returns the last `seq`, or -1 for an empty log."""
    size = os.fstat(file).st_size
    window = TAIL_BYTES
    while size > 0:
        start = max(0, size - window)
        found = last_whole_line(os.pread(file, size - start, start), whole_file=start == 0)
        if found is not None:
            seq, end = found
            if start + end < size:
                os.ftruncate(file, start + end)
            return seq
        if start == 0:
            os.ftruncate(file, 0)
            return -1
        window *= 4
    return -1


def last_whole_line(tail: bytes, whole_file: bool) -> tuple[int, int] | None:
    """The `seq` of the last line that is an event, and where that line ends. The first piece counts only if it begins the file."""
    end = tail.rfind(b"\n") + 1
    while end > 0:
        start = tail.rfind(b"\n", 0, end - 1) + 1
        if start == 0 and not whole_file:
            return None
        seq = read_seq(tail[start:end])
        if seq is not None:
            return seq, end
        end = start
    return None


def read_seq(line: bytes) -> int | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    seq = event.get("seq") if isinstance(event, dict) else None
    return seq if isinstance(seq, int) else None


def spell_non_finite(value: Any) -> Any:
    """JSON has no NaN and no infinity: they are written as the words that the contract knows."""
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if isinstance(value, dict):
        return {key: spell_non_finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [spell_non_finite(inner) for inner in value]
    return value


def sync(file: int) -> None:
    """macOS has no fdatasync; a device such as /dev/null refuses."""
    try:
        getattr(os, "fdatasync", os.fsync)(file)
    except OSError:
        return
