"""Tokenizers and templates need no torch: without it transformers is there in 2 s in place of 6, and in 76 MB in place of 345."""

import os
import sys


def hide_torch() -> None:
    """To be called before transformers is imported, in a process that loads no weights."""
    sys.modules.setdefault("torch", None)  # type: ignore[arg-type]
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")  # It would tell everybody that torch is missing.


def allow_torch() -> None:
    """A tokenizer that brings its own Python may want what is hidden from transformers."""
    if sys.modules.get("torch", ...) is None:
        del sys.modules["torch"]
