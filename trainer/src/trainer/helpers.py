"""The same work on many pieces, in several processes: pieces go out in turn, and what comes of them comes back in order.

A helper ends when its worker does, however that ends: its pipe is then closed. Pieces are pickled by us for us; nothing else comes in.
"""

import os
import pickle
import queue
import subprocess
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

MOST_HELPERS = 8
PIECES_AHEAD = 2
"""Of each helper: while one piece is on its way, the next is worked on."""
NICE = 5
HEAD_BYTES = 8
Work = Callable[[Any], Any]
Map = Callable[[Iterable[Any]], Iterator[Any]]


def count_helpers(size: int, *, worth: int) -> int:
    """None where there is one core, or less work than it takes to start them."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_HELPERS) if size >= worth and cores > 1 else 0


@contextmanager
def helped(make: Callable[..., Work], arguments: tuple[Any, ...], helpers: int) -> Iterator[Map]:
    """`make(*arguments)` gives what works on a piece; it is called in each helper, or here where there are none."""
    if helpers == 0:
        work = make(*arguments)
        yield lambda pieces: map(work, pieces)
        return
    team = [Helper(make, arguments) for _ in range(helpers)]
    try:
        yield lambda pieces: hand_out(team, pieces)
    finally:
        for helper in team:
            helper.end()


def hand_out(team: list["Helper"], pieces: Iterable[Any]) -> Iterator[Any]:
    waiting: deque[Helper] = deque()
    for number, piece in enumerate(pieces):
        if len(waiting) == len(team) * PIECES_AHEAD:
            yield waiting.popleft().take()
        helper = team[number % len(team)]
        helper.give(piece)
        waiting.append(helper)
    while waiting:
        yield waiting.popleft().take()


class Helper:
    def __init__(self, make: Callable[..., Work], arguments: tuple[Any, ...]):
        command = [sys.executable, "-m", "trainer.helpers"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own module
        self.give((make, arguments))

    def give(self, piece: Any) -> None:
        try:
            send(pipe(self.process.stdin), piece)
        except BrokenPipeError:
            raise self.gone() from None

    def take(self) -> Any:
        answer = receive(pipe(self.process.stdout))
        if answer is None:
            raise self.gone()
        fault, result = answer
        if fault is not None:
            raise fault
        return result

    def gone(self) -> Exception:
        code = self.process.wait()
        # The kernel ends with SIGKILL what takes the last memory.
        return MemoryError(f"A helper was ended by signal {-code}.") if code == -9 else RuntimeError(f"A helper ended with {code}.")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for end in (self.process.stdin, self.process.stdout):
            try:
                pipe(end).close()
            except BrokenPipeError:
                pass  # what it was still to get


def pipe(end: IO[bytes] | None) -> IO[bytes]:
    if end is None:
        raise RuntimeError("A helper without pipes.")
    return end


def send(file: IO[bytes], value: Any) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    file.write(len(data).to_bytes(HEAD_BYTES, "little"))
    file.write(data)
    file.flush()


def receive(file: IO[bytes]) -> Any:
    head = file.read(HEAD_BYTES)
    if len(head) < HEAD_BYTES:
        return None
    size = int.from_bytes(head, "little")
    data = file.read(size)
    return pickle.loads(data) if len(data) == size else None  # noqa: S301 - from our own worker


def serve() -> None:
    """What lies in the pipe is taken out at once, so that the worker never waits for us while we wait for it."""
    answers, sys.stdout = os.fdopen(os.dup(1), "wb"), sys.stderr
    os.dup2(2, 1)
    os.nice(NICE)
    pieces: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def read() -> None:
        try:
            while (piece := receive(sys.stdin.buffer)) is not None:
                pieces.put(piece)
        finally:
            pieces.put(None)

    threading.Thread(target=read, daemon=True).start()
    first = pieces.get()
    if first is None:
        sys.exit("What a helper is to do can't be read.")
    work = start(*first)
    while (piece := pieces.get()) is not None:
        try:
            answer = (None, work(piece))
        except Exception as error:  # The worker raises it again.
            traceback.print_exc()
            answer = (error, None)
        try:
            send(answers, answer)
        except BrokenPipeError:
            break
    # The reader stands in a read that nothing ends.
    os._exit(0)


def start(make: Callable[..., Work], arguments: tuple[Any, ...]) -> Work:
    """What could not be started fails in every piece, with its own words."""
    try:
        return make(*arguments)
    except Exception as error:
        fault = error

        def fail(_: Any) -> Any:
            raise fault

        return fail


if __name__ == "__main__":
    serve()
