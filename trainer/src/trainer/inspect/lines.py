"""Lines of a pipe, with an end by silence and a bound on what is kept."""

import os
import select
from collections.abc import Iterator

READ_BYTES = 1 << 16


class TooLong:
    """Stands for a line that was longer than allowed; none of it was kept."""


class Lines:
    def __init__(self, file: int, idle_seconds: float, limit: int):
        self.file = file
        self.idle_seconds = idle_seconds
        self.limit = limit

    def __iter__(self) -> Iterator[bytes | TooLong]:
        parts: list[bytes] = []
        size = 0
        while piece := self.read():
            *ends, rest = piece.split(b"\n")
            for end in ends:
                fits = size + len(end) <= self.limit
                yield b"".join((*parts, end)) if fits else TooLong()
                parts, size = [], 0
            size += len(rest)
            if size <= self.limit:
                parts.append(rest)
            else:
                parts.clear()

    def read(self) -> bytes:
        """Empty at the end of the pipe, and when nobody has asked for long enough."""
        ready, _, _ = select.select([self.file], [], [], self.idle_seconds)
        return os.read(self.file, READ_BYTES) if ready else b""
