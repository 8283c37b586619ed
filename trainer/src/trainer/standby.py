"""A worker that waits for its run: the libraries are imported, no device is touched. See standby_shim.py, which speaks with us over stdin."""

import json
import os
from importlib import import_module

from trainer.imports import quick_imports
from trainer.shim import take_token

# What every training imports, and what its first steps would import one by one.
MODULES = (
    "trainer.spec",
    "trainer.recipes.train",
    "trainer.callbacks",
    "trainer.stages.sft",
    "trainer.data.render",
    "datasets",
    "peft",
    "transformers.models.auto.modeling_auto",
    "transformers.models.auto.tokenization_auto",
    "transformers.models.llama.modeling_llama",
    "transformers.models.qwen2.modeling_qwen2",
    "transformers.models.qwen3.modeling_qwen3",
    "transformers.utils.chat_template_utils",
)


def wait_for_run() -> list[str] | None:
    """The arguments of the run that was handed over; None when there will be none."""
    # Whether there is a GPU is asked of the driver's library; CUDA itself stays asleep, so that the run may still choose.
    os.environ.setdefault("PYTORCH_NVML_BASED_CUDA_CHECK", "1")
    with quick_imports():
        for name in MODULES:
            import_module(name)
    os.write(0, b"ready\n")
    line = read_line()
    if line is None:
        return None
    start = json.loads(line)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    take_token(start["token"])
    os.environ["TUNEBOARD_RUN_DIR"] = start["runDir"]
    os.chdir(start["runDir"])
    return [start["runDir"], str(start["attempt"])]


def read_line() -> bytes | None:
    heard = b""
    while not heard.endswith(b"\n"):
        piece = os.read(0, 1 << 16)
        if not piece:
            return None
        heard += piece
    return heard
