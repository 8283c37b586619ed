"""Holds a worker that has its libraries imported and waits for a run; then it is that run's shim. Standard library only.

    python -I -S standby_shim.py GRACE_SECONDS -- PROGRAM ARGUMENT...

Writes `ready` to stdout when the worker waits. One line of JSON on stdin hands over a run: attemptDir, runDir, attempt, token. It is answered
`taken` once the claim is ours and pid.json is written; from then on all is as with shim.py, and the server may come and go.
Until then it belongs to the server: with the end of stdin, on TERM, and when the worker dies, both leave without a trace.
"""

import importlib.util
import json
import os
import selectors
import signal
import socket
import sys
from typing import Any

KEPT_OUTPUT = 64 * 1024


def main(arguments: list[str]) -> int:
    if len(arguments) < 3 or arguments[1] != "--":
        print("usage: standby_shim.py GRACE_SECONDS -- PROGRAM ARGUMENT...", file=sys.stderr)
        return 2
    shim.leave_session()
    shim.adopt_orphans()
    return Standby(float(arguments[0])).run(arguments[2:])


def load_shim() -> Any:
    """By its path: the folder holds modules of the trainer that have names of Python's own."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shim.py")
    spec = importlib.util.spec_from_file_location("shim", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


shim = load_shim()


class Standby:
    def __init__(self, grace_seconds: float):
        self.shim = shim.Shim(grace_seconds)
        self.said = b""
        self.heard = b""

    def run(self, command: list[str]) -> int:
        self.ours, theirs = socket.socketpair()
        self.output = self.shim.start(command, theirs.fileno())
        theirs.close()
        taken = False
        try:
            start = self.wait()
            taken = start is not None and self.take(start)
        finally:
            if not taken:
                self.shim.kill_all(signal.SIGKILL)
        return self.shim.follow(self.output) if taken else 0

    def wait(self) -> dict[str, Any] | None:
        """What the server hands over; None where it is gone or the worker has ended."""
        os.set_blocking(0, False)
        with selectors.DefaultSelector() as selector:
            for end in (0, self.ours.fileno(), self.output, self.shim.wake_end):
                selector.register(end, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fd == 0:
                        piece = read(0)
                        if piece == b"":
                            return None
                        self.heard += piece or b""
                    elif key.fd == self.output:
                        piece = read(self.output)
                        self.said = (self.said + (piece or b""))[-KEPT_OUTPUT:]
                        if piece == b"":
                            return None
                    elif key.fd == self.ours.fileno():
                        if self.ours.recv(64) == b"":
                            return None
                        os.write(1, b"ready\n")
                    else:
                        shim.drain(self.shim.wake_end)
                self.shim.reap()
                if self.shim.status is not None or self.shim.signals:
                    return None
                if b"\n" in self.heard:
                    return json.loads(self.heard)

    def take(self, start: dict[str, Any]) -> bool:
        """The same steps in the same order as a shim that was started for this run."""
        # Before the claim: without the token another shim may still start the run.
        shim.take_token(start["token"])
        if not shim.claim(start["attemptDir"]):
            return False
        os.chdir(start["runDir"])
        self.shim.enter(start["attemptDir"])
        self.shim.write_pid_record()
        self.shim.log.write(self.said)
        self.ours.sendall(self.heard)
        try:
            os.write(1, b"taken\n")
        except BrokenPipeError:
            pass  # The server has just gone: the run is ours all the same.
        nothing = os.open(os.devnull, os.O_RDWR)
        for end in (0, 1):
            os.dup2(nothing, end)
        self.ours.close()
        return True


def read(end: int) -> bytes | None:
    """None where nothing is there yet."""
    try:
        return os.read(end, 1 << 16)
    except BlockingIOError:
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
