"""What the person wants while the worker runs: lines that the server appends to control.jsonl, and SIGTERM, which means stop.

A poll is one `stat`; it may be called at every step.
"""

import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path

from trainer.events import EventLog

VERBS = frozenset({"save", "stop", "abort", "evaluate"})


class Stopped(BaseException):
    """The person asked to end before there was anything to save. Not an error, so no `except Exception` may swallow it."""


@dataclass(frozen=True)
class Request:
    id: str
    verb: str


class Control:
    def __init__(self, path: Path, events: EventLog):
        self._path = path
        self._events = events
        self._offset = 0
        self._half = b""
        self.signalled = False

    def listen_to_signals(self) -> None:
        """SIGTERM and SIGINT ask for the same as `stop`: save, then leave."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, *_: object) -> None:
        self.signalled = True

    def poll(self) -> list[Request]:
        """New requests, oldest first. Each must be answered by `done` or `refuse`."""
        requests = [self._parse(line) for line in self._new_lines()]
        return [request for request in requests if request is not None]

    def done(self, request: Request, note: str | None = None) -> None:
        self._events.ack(request.id, request.verb, "done", note)

    def refuse(self, request: Request, note: str) -> None:
        self._events.ack(request.id, request.verb, "refused", note)

    def check(self) -> None:
        """Between the phases before the first step: raises Stopped when an end is asked for; nothing can be saved yet."""
        for request in self.poll():
            if request.verb in ("stop", "abort"):
                self.done(request)
                raise Stopped
            self.refuse(request, "Training has not begun yet; ask again when steps are counted.")
        if self.signalled:
            raise Stopped

    def _new_lines(self) -> list[bytes]:
        try:
            if os.stat(self._path).st_size <= self._offset:
                return []
        except FileNotFoundError:
            return []
        with open(self._path, "rb") as file:
            file.seek(self._offset)
            new = file.read()
        self._offset += len(new)
        *lines, self._half = (self._half + new).split(b"\n")
        return lines

    def _parse(self, line: bytes) -> Request | None:
        try:
            fields = json.loads(line)
            request = Request(id=str(fields["id"]), verb=str(fields["verb"]))
        except (ValueError, KeyError, TypeError):
            self._events.warning("control_unreadable", f"A line of control.jsonl could not be read: {line[:200]!r}")
            return None
        if request.verb not in VERBS:
            self.refuse(request, f"“{request.verb}” is not known; known are {', '.join(sorted(VERBS))}.")
            return None
        return request
