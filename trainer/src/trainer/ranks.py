"""Several processes on one machine, each with a share of every batch: torchrun starts them and watches over them, this process over it.

The first one (rank 0) writes the events, marks and answers, as a process alone does. How a process ends badly it writes into rank-N.json;
when all are gone, the last event is ours to write. So one `failed` tells the cause, not what the others made of it.
"""

import json
import os
import re
import signal
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from trainer.attempt import prepare_environment, read_raw, read_spec, report
from trainer.control import Stopped
from trainer.data.sentences import join, restore, say
from trainer.environment import package_versions
from trainer.events import EventLog
from trainer.failures import Failure, explain

# The shim has a patience of its own and ends everything; torchrun's would cut a checkpoint short.
PATIENCE_SECONDS = 24 * 3600
# What a process says when another one has left it.
DESERTED = re.compile(r"Connection (?:reset|closed|refused)|Broken pipe|Socket Timeout|gloo[/:]|remote process exited|communicator was aborted", re.I)


def several(run_dir: Path, attempt: int) -> bool:
    """Before the spec is checked: whatever is wrong with it is said by whoever checks it."""
    job = read_raw(run_dir / f"a{attempt}" / "spec.json").get("job")
    training = job.get("training") if isinstance(job, dict) else None
    wanted = training.get("processes", 1) if isinstance(training, dict) else 1
    return isinstance(wanted, int) and wanted > 1


def lead(run_dir: Path, attempt: int) -> int:
    """Exit code of the attempt. Nothing here is read from control.jsonl: that is for the first process."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop_at_once)
    events = EventLog(run_dir / "events.jsonl")
    folder = run_dir / f"a{attempt}"
    try:
        events.opened(attempt=attempt, kind="train", versions=package_versions())
        spec = read_spec(folder / "spec.json")
        events.phase("importing")
        check(spec.job, spec.device)
        end = launch(spec.job.training.processes, run_dir, attempt)
    except Stopped:
        EventLog(run_dir / "events.jsonl").finished("stopped", {})
        return 0
    except BaseException as error:
        report(error, EventLog(run_dir / "events.jsonl"))
        return 1
    return conclude(end, run_dir / "events.jsonl", folder, spec.job.training.processes)


def stop_at_once(*_: object) -> NoReturn:
    """Until torchrun listens itself."""
    raise Stopped


def check(job: Any, device: str) -> None:
    """What this machine can't do, before anything is started."""
    wanted = job.training.processes
    if job.stage != "sft":
        refuse(wanted, f"are for stage sft only; this is {job.stage}.", "Set it to 1.")
    name = job.training.optimizer
    if name.endswith("_layerwise") or name in ("lomo", "adalomo"):
        refuse(wanted, f"don't go with the optimizer {name}, which changes weights before all have told their gradients.", "Choose another optimizer, or set it to 1.")
    if job.training.gradient_checkpointing and job.training.checkpoint_reentrant:
        refuse(wanted, "don't go with training.checkpointReentrant.", "Switch that off, or set it to 1.")
    if device == "cpu":
        prepare_environment(device)
    import torch

    if device == "auto" and torch.cuda.is_available():
        if wanted > torch.cuda.device_count():
            refuse(wanted, f"need a GPU each, and this machine shows {torch.cuda.device_count()}.", f"Set it to {torch.cuda.device_count()} or fewer.")
        return
    if device == "auto" and torch.backends.mps.is_available():
        refuse(wanted, "can't share an Apple GPU.", "Set it to 1.")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if wanted > cores:
        refuse(wanted, f"need a core each, and this machine has {cores}.", f"Set it to {cores} or fewer.")


def refuse(wanted: int, why: str, remedy: str) -> NoReturn:
    raise Failure("spec_invalid", f"training.processes: {wanted} processes {why}", remedy)


@dataclass
class End:
    """How torchrun ended: asked to by a signal, or because processes failed (exit code by rank; below 0 it is a signal)."""

    signalled: bool = False
    codes: dict[int, int] = field(default_factory=dict)


def launch(processes: int, run_dir: Path, attempt: int) -> End:
    """`torchrun --standalone --nproc_per_node N -m trainer RUN_DIR ATTEMPT`, of which we are told how each process ended."""
    from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    # They speak with each other over this machine's own address only.
    loopback = "lo0" if sys.platform == "darwin" else "lo"
    for name in ("GLOO_SOCKET_IFNAME", "NCCL_SOCKET_IFNAME"):
        os.environ.setdefault(name, loopback)
    with tempfile.TemporaryDirectory(prefix="tuneboard-ranks-") as logs:
        config = LaunchConfig(
            min_nodes=1,
            max_nodes=1,
            nproc_per_node=processes,
            run_id=f"{run_dir.name}-{attempt}",
            rdzv_backend="c10d",
            rdzv_endpoint="localhost:0",
            local_addr="127.0.0.1",
            max_restarts=0,
            logs_specs=DefaultLogsSpecs(log_dir=logs),
            signals_to_handle="SIGTERM,SIGINT",
            shutdown_timeout=PATIENCE_SECONDS,
        )
        end = End()
        try:
            elastic_launch(config, sys.executable)("-m", "trainer", str(run_dir), str(attempt))
        except ChildFailedError as error:
            end.codes = {rank: failure.exitcode for rank, failure in error.failures.items()}
        except (SignalException, Stopped):
            end.signalled = True
        finally:
            wait_for_all()
        return end


def wait_for_all() -> None:
    """A second signal makes torchrun leave before its processes have."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def leave_word(error: BaseException, run_dir: Path, attempt: int, rank: int) -> int:
    """In a process that torchrun has started: how it ends. A code other than 0 makes torchrun end the others too."""
    text = "".join(traceback.format_exception(error))
    print(f"Rank {rank}:\n{text}", file=sys.stderr, flush=True)
    failure = explain(error)
    word = {
        "rank": rank,
        "at": time.time(),
        "stopped": isinstance(error, Stopped),
        "deserted": not isinstance(error, Failure) and DESERTED.search(text) is not None,
        **{"code": failure.code, "message": failure.message, "remedy": failure.remedy, "said": failure.said, "traceback": text[-20_000:]},
    }
    with suppress(OSError):
        (run_dir / f"a{attempt}" / f"rank-{rank}.json").write_text(json.dumps(word, ensure_ascii=False))
    # Not by way of the interpreter's end: groups of processes would wait there for those that are gone.
    sys.stdout.flush()
    os._exit(1)


def conclude(end: End, log: Path, folder: Path, processes: int) -> int:
    """The last event, where the first process has not written it."""
    if last_type(log) == "finished":
        return 0
    words = [json.loads(path.read_text()) for path in sorted(folder.glob("rank-*.json"))]
    own = sorted((word for word in words if not word["stopped"] and not word["deserted"]), key=lambda word: word["at"])
    killed = {rank: -code for rank, code in end.codes.items() if code < 0 and -code != signal.SIGTERM}
    events = EventLog(log)
    if own:
        tell(events, own[0], processes, alone=len(own) < processes)
    elif killed:
        rank, number = min(killed.items())
        failure = Failure("killed", say("rank_killed", rank=rank, count=processes, signal=name_of(number)), say("rank_killed_remedy"))
        events.failed(code=failure.code, message=failure.message, remedy=failure.remedy, said=failure.said)
    elif end.signalled or any(word["stopped"] for word in words):
        events.finished("stopped", {})
        return 0
    elif words:
        tell(events, words[0], processes, alone=len(words) < processes)
    else:
        rank, code = min(end.codes.items(), default=(0, 0))
        text = f"Rank {rank} of {processes} processes ended with exit code {code} and told nothing."
        events.failed(code="unknown", message=text, remedy="The output of the run tells more.")
    return 1


def tell(events: EventLog, word: dict[str, Any], processes: int, *, alone: bool) -> None:
    """What went wrong in all of them needs no number."""
    message = str(word["message"])
    said = word["said"]
    if alone:
        place = say("in_rank", rank=word["rank"], count=processes)
        joined = join(place, restore(message, said))
        message, said = str(joined), joined.said if said else []
    events.failed(code=word["code"], message=message, remedy=word["remedy"], said=said, traceback=word["traceback"])


def name_of(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def last_type(log: Path) -> str | None:
    lines = read_tail(log).splitlines()
    try:
        return json.loads(lines[-1])["type"]
    except (IndexError, ValueError, KeyError):
        return None


def read_tail(log: Path) -> bytes:
    with open(log, "rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - 65_536))
        return file.read()
