"""Starts one worker, exactly once, and records how it ended. Standard library only: a broken environment must still leave a record.

    python -I -S shim.py ATTEMPT_DIR GRACE_SECONDS -- PROGRAM ARGUMENT...

Leaves in ATTEMPT_DIR: claim, pid.json, exit.json, output.log (+ .1, .offset). The protocol is in docs/event-log.md.
Runs in a session of its own and outlives the server. On Linux it adopts orphans, so that nothing the worker started stays behind.
"""

import errno
import json
import os
import selectors
import signal
import sys
import time

LOG_BYTES = 8 * 1024 * 1024
PIPE_BYTES = 64 * 1024
LEFTOVER_SECONDS = 2.0
GIVE_UP_SECONDS = 10.0
KILL_AGAIN_SECONDS = 0.05
START_FAILED = 127
RESERVED_BYTES = 4096
# Of the fields of /proc/PID/stat from the third on: where the environment lies in memory (`env_start`).
ENVIRONMENT_START = 47
FORWARDED = (signal.SIGTERM, signal.SIGINT)


def main(arguments: list[str]) -> int:
    if len(arguments) < 4 or arguments[2] != "--":
        print("usage: shim.py ATTEMPT_DIR GRACE_SECONDS -- PROGRAM ARGUMENT...", file=sys.stderr)
        return 2
    folder, grace_seconds, command = os.path.abspath(arguments[0]), float(arguments[1]), arguments[3:]
    if not claim(folder):
        return 0
    leave_session()
    adopt_orphans()
    shim = Shim(grace_seconds)
    shim.enter(folder)
    shim.write_pid_record()
    return shim.follow(shim.start(command))


def claim(folder: str) -> bool:
    """Whoever creates this file may start the worker; the server creates it itself to say that nobody may."""
    try:
        os.close(os.open(os.path.join(folder, "claim"), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        return True
    except FileExistsError:
        return False


def leave_session() -> None:
    try:
        os.setsid()
    except OSError:
        return  # The spawner has made the session already.


def adopt_orphans() -> None:
    """Children of children come to us when their parent dies. Linux only; elsewhere the process group has to do."""
    if not sys.platform.startswith("linux"):
        return
    try:
        import ctypes

        set_child_subreaper = 36
        ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        return


class Shim:
    def __init__(self, grace_seconds: float):
        self.grace_seconds = grace_seconds
        self.worker = 0
        self.status: int | None = None
        self.max_rss_bytes = 0
        self.kill_at: float | None = None
        self.killed = False
        self.signals: list[int] = []

    def enter(self, folder: str) -> None:
        """From here on it is about this attempt."""
        self.folder = folder
        self.started_at, self.oom_kills = now_ms(), count_oom_kills()
        self.log = RotatingLog(os.path.join(folder, "output.log"))
        reserve(folder, "exit.json")

    def follow(self, output: int) -> int:
        """To the end of the worker and of all that it started; leaves the record of it."""
        self.tell_worker()
        self.watch(output)
        self.end_leftovers(output)
        code, killed_by = read_status(self.status)
        record = {
            "code": code,
            "signal": killed_by,
            "killed": self.killed,
            "oomKills": max(0, count_oom_kills() - self.oom_kills),
            "maxRssBytes": self.max_rss_bytes,
            "startedAt": self.started_at,
            "endedAt": now_ms(),
        }
        write_json(self.folder, "exit.json", record)
        return code if code is not None else 128 + (killed_by or 0)

    def write_pid_record(self) -> None:
        worker = {"pid": self.worker, "startTicks": start_ticks(self.worker)} if self.worker else None
        shim = {"pid": os.getpid(), "startTicks": start_ticks(os.getpid())}
        write_json(self.folder, "pid.json", {"shim": shim, "worker": worker, "bootId": boot_id()})

    def tell_worker(self) -> None:
        """The worker runs by now. A disk that has become full keeps its number from being told, and no more than that."""
        try:
            self.write_pid_record()
        except OSError:
            return

    def start(self, command: list[str], source: int | None = None) -> int:
        """Forks and executes; returns our end of the worker's output. Signals wait until both sides know what to do with them.

        `source` becomes the worker's stdin, which is otherwise empty."""
        read_end, write_end = os.pipe()
        self.wake_end, wake_write = os.pipe()
        for end in (self.wake_end, wake_write, read_end):
            os.set_blocking(end, False)
        signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
        self.worker = os.fork()
        if self.worker == 0:
            become_worker(command, write_end, source)
        os.close(write_end)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        for number in FORWARDED:
            signal.signal(number, lambda received, _frame: self.signals.append(received))
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
        return read_end

    def watch(self, output: int) -> None:
        """Until the worker is gone: copy its output, pass signals on, keep the grace clock."""
        selector = selectors.DefaultSelector()
        selector.register(output, selectors.EVENT_READ)
        selector.register(self.wake_end, selectors.EVENT_READ)
        open_output = True
        self.reap()  # It may have ended before we listened for its end.
        while self.status is None:
            for key, _ in selector.select(self.seconds_to_wait()):
                if key.fd == self.wake_end:
                    drain(self.wake_end)
                elif open_output and not self.copy(output):
                    selector.unregister(output)
                    open_output = False
            self.forward_signals()
            self.kill_when_due()
            self.reap()
        selector.close()

    def seconds_to_wait(self) -> float | None:
        if self.killed:
            return KILL_AGAIN_SECONDS
        return None if self.kill_at is None else max(0.0, self.kill_at - time.monotonic())

    def forward_signals(self) -> None:
        """To the worker only: torchrun passes them on itself, and hearing twice counts as impatience."""
        while self.signals:
            send(self.worker, self.signals.pop(0))
            if self.kill_at is None:
                self.kill_at = time.monotonic() + self.grace_seconds

    def kill_when_due(self) -> None:
        if self.kill_at is not None and time.monotonic() >= self.kill_at:
            self.killed = True
            self.kill_all(signal.SIGKILL)

    def kill_all(self, number: int) -> None:
        for pid in descendants():
            send(pid, number)
        if not sys.platform.startswith("linux"):
            send_group(self.worker, number)

    def reap(self) -> None:
        """Collects every child that has ended, adopted ones too; remembers how the worker did."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self.worker:
                self.status = status
                self.max_rss_bytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)

    def copy(self, output: int) -> bool:
        """One piece of output; False at its end."""
        try:
            piece = os.read(output, PIPE_BYTES)
        except BlockingIOError:
            return True
        self.log.write(piece)
        return piece != b""

    def end_leftovers(self, output: int) -> None:
        """What the worker started and left behind: asked first, then killed until nothing is left."""
        began = time.monotonic()
        self.kill_all(signal.SIGKILL if self.killed else signal.SIGTERM)
        while descendants() and time.monotonic() - began < GIVE_UP_SECONDS:
            if self.killed or time.monotonic() - began > LEFTOVER_SECONDS:
                self.kill_all(signal.SIGKILL)
            self.empty(output)
            time.sleep(0.01)
            self.reap()
        self.empty(output)

    def empty(self, output: int) -> None:
        while True:
            try:
                piece = os.read(output, PIPE_BYTES)
            except OSError:
                return
            if not piece:
                return
            self.log.write(piece)


class RotatingLog:
    """output.log and output.log.1, at most 8 MB each. output.log.offset holds how many bytes were written before output.log began."""

    def __init__(self, path: str):
        self.path = path
        self.offset = 0
        self.size = 0
        self.file = self.open()

    def open(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def write(self, piece: bytes) -> None:
        """A full disk loses output, never the run: the pipe is emptied all the same."""
        try:
            if self.size and self.size + len(piece) > LOG_BYTES:
                self.rotate()
            self.size += os.write(self.file, piece)
        except OSError:
            return

    def rotate(self) -> None:
        """The old file leaves before the offset changes, and the new one appears after: a reader that sees both sees them agree."""
        os.rename(self.path, self.path + ".1")
        self.offset += self.size
        with open(self.path + ".offset.tmp", "w") as file:
            file.write(str(self.offset))
        os.rename(self.path + ".offset.tmp", self.path + ".offset")
        os.close(self.file)
        self.size = 0
        self.file = self.open()


def become_worker(command: list[str], output: int, source: int | None) -> None:
    """In the child: easier prey for the memory killer than the server is, deaf to nothing, output into the pipe. Never returns."""
    try:
        os.setsid()
        raise_oom_score()
        for number in (*FORWARDED, signal.SIGCHLD, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for end, target in ((nothing if source is None else source, 0), (output, 1), (output, 2)):
            os.dup2(end, target)
        os.execvp(command[0], command)
    except OSError as error:
        os.write(output, f"The worker could not be started: {command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(START_FAILED)


def take_token(token: str) -> None:
    """Carries this token in its environment as if it had been started with it, so that what was left behind is found by it.

    /proc shows the bytes that a process was started with: the token takes the place of one of the same length."""
    before = f"TUNEBOARD_TOKEN={os.environ.get('TUNEBOARD_TOKEN', '')}".encode()
    after = f"TUNEBOARD_TOKEN={token}".encode()
    os.environ["TUNEBOARD_TOKEN"] = token
    if not sys.platform.startswith("linux"):
        return
    with open("/proc/self/environ", "rb") as file:
        at = (b"\0" + file.read()).find(b"\0" + before + b"\0")
    if at < 0 or len(before) != len(after):
        raise ValueError("no place for the token")
    with open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(int(stat_fields(os.getpid())[ENVIRONMENT_START]) + at)
        memory.write(after)


def raise_oom_score() -> None:
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("500")
    except OSError:
        return


def descendants() -> list[int]:
    """All living processes below this one. None are known without /proc; there the worker's group is signalled."""
    if not sys.platform.startswith("linux"):
        return []
    parents: dict[int, int] = {}
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        fields = stat_fields(pid)
        if fields and fields[0] != "Z":
            parents[pid] = int(fields[1])
    found, frontier = [], {os.getpid()}
    while frontier:
        frontier = {pid for pid, parent in parents.items() if parent in frontier}
        found += frontier
    return found


def stat_fields(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the third on. A program's name may hold spaces and brackets, so the last bracket counts."""
    try:
        with open(f"/proc/{pid}/stat", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def start_ticks(pid: int) -> int:
    fields = stat_fields(pid)
    return int(fields[19]) if len(fields) > 19 else 0


def boot_id() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return file.read().strip()
    except OSError:
        return ""


def count_oom_kills() -> int:
    try:
        with open("/proc/vmstat") as file:
            counts = [int(line.split()[1]) for line in file if line.startswith("oom_kill ")]
    except OSError:
        return 0
    return counts[0] if counts else 0


def send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def send_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def drain(end: int) -> None:
    try:
        while os.read(end, 512):
            continue
    except BlockingIOError:
        return


def read_status(status: int | None) -> tuple[int | None, int | None]:
    if status is None:
        return None, None
    return (None, os.WTERMSIG(status)) if os.WIFSIGNALED(status) else (os.WEXITSTATUS(status), None)


def now_ms() -> int:
    return int(time.time() * 1000)


def reserve(folder: str, name: str) -> None:
    """Room for a record that must be written even when the disk is full by then: it will be written over these bytes."""
    file = os.open(os.path.join(folder, name + ".tmp"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.write(file, b" " * RESERVED_BYTES)
        os.fsync(file)
    finally:
        os.close(file)


def write_json(folder: str, name: str, record: dict) -> None:
    """Whole or not at all, also after a power cut."""
    path = os.path.join(folder, name)
    text = json.dumps(record).encode()
    # Not emptied first: what is reserved stays ours until it is written over.
    file = os.open(path + ".tmp", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.write(file, text)
        os.ftruncate(file, len(text))
        os.fsync(file)
    finally:
        os.close(file)
    os.rename(path + ".tmp", path)
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(directory)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
