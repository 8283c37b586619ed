"""Importing torch, transformers and trl makes millions of objects that live as long as the process.

Looking through them for garbage meanwhile costs an eighth of the time (8.4 against 9.8 s of CPU for trl). peft imports bitsandbytes
for a helper that we do not use, and again for each adapter, which costs two seconds: it stays out of runs that do not `reveal` it.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

HIDDEN = "bitsandbytes"
# Each remembers what it has found for as long as the process lives.
REMEMBERS = {
    "peft.import_utils": ("is_bnb_available", "is_bnb_4bit_available"),
    "transformers.utils.import_utils": ("is_bitsandbytes_available",),
}


@contextmanager
def quick_imports() -> Iterator[None]:
    sys.modules.setdefault(HIDDEN, None)  # type: ignore[arg-type]  # as `import` understands it: not there
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def reveal() -> None:
    """From here on bitsandbytes is what it is: installed or not."""
    if HIDDEN in sys.modules and sys.modules[HIDDEN] is None:
        del sys.modules[HIDDEN]
        for name, functions in REMEMBERS.items():
            if name in sys.modules:
                for function in functions:
                    clear = getattr(getattr(import_module(name), function, None), "cache_clear", None)
                    if clear:
                        clear()
