"""What every process of an attempt needs at its start and its end."""

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from trainer.events import EventLog
from trainer.failures import Failure, explain


def read_raw(spec_path: Path) -> dict[str, Any]:
    """What is asked before the rules are read; a spec that can't be read says nothing, and is refused later."""
    try:
        raw = json.loads(spec_path.read_bytes())
    except (OSError, ValueError):
        return {}
    return raw if isinstance(raw, dict) else {}


def read_spec(spec_path: Path) -> Any:
    """Checked after the log is open: reading the rules takes a fifth of a second in which the person already sees the start."""
    from trainer.spec import SpecError, load_spec

    try:
        return load_spec(spec_path)
    except SpecError as error:
        remedy = "Correct the named field and launch again."
        raise Failure("spec_invalid", f"The settings are refused. {error}", remedy) from error


def prepare_environment(device: str) -> None:
    """Before the libraries are imported, which look at these once."""
    for name in ("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Threads that spin while they wait starve each other where cores are shared: 0.2 against 4 steps a second on a busy machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    elif "WORLD_SIZE" not in os.environ:
        # One process drives one GPU; of several that it sees, transformers would use all, and badly.
        os.environ["CUDA_VISIBLE_DEVICES"] = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0]


def report(error: BaseException, events: EventLog) -> None:
    """The log of events first; the plain output too, for the case that the disk takes no more events."""
    text = "".join(traceback.format_exception(error))
    print(text, file=sys.stderr, flush=True)
    failure = explain(error)
    events.failed(code=failure.code, message=failure.message, remedy=failure.remedy, said=failure.said, traceback=text[-20_000:])
