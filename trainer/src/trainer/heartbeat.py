"""A sign of life every five seconds, from a thread of its own, so that a hang can be told from a long step."""

import os
import sys
import threading
from pathlib import Path

from trainer.events import EventLog

SECONDS = 5.0


def start_heartbeat(events: EventLog) -> threading.Event:
    """Set the returned event to end it: nothing may follow `finished` or `failed`."""
    over = threading.Event()
    threading.Thread(target=beat_until, args=(over, events), name="heartbeat", daemon=True).start()
    return over


def beat_until(over: threading.Event, events: EventLog) -> None:
    while not over.wait(SECONDS):
        events.heartbeat(resident_bytes(), device_bytes())


def resident_bytes() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def peak_bytes() -> dict[str, float]:
    """The most that was held at any time: by the process, and on the GPU where one was used."""
    import resource

    # Linux counts kilobytes, macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    peaks = {"peak_rss_bytes": float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)}
    if device_bytes() is not None:
        peaks["peak_device_bytes"] = float(sys.modules["torch"].cuda.max_memory_reserved())
    return peaks


def device_bytes() -> int | None:
    """Only once the recipe itself has woken the GPU: asking earlier would wake it."""
    torch = sys.modules.get("torch")
    cuda = getattr(torch, "cuda", None)
    if cuda is None or not hasattr(cuda, "memory_reserved") or not cuda.is_initialized():
        return None
    return int(cuda.memory_reserved())
