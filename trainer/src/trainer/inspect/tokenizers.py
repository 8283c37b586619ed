"""Tokenizers kept ready, the least recently used one given up first. A changed file makes a new one."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.data.light import allow_torch
from trainer.data.render import ChatEncoder
from trainer.data.rows import stop_ids
from trainer.failures import Failure, explain
from trainer.models import TOKENIZER_FILES, load_tokenizer

KEPT = 4


@dataclass(frozen=True)
class Key:
    path: str
    trust_remote_code: bool
    stamp: tuple[tuple[str, int, int], ...]
    template: str | None


_encoders: OrderedDict[Key, ChatEncoder] = OrderedDict()


def find_encoder(path: str, trust_remote_code: bool, template: str | None = None) -> ChatEncoder:
    """`template` stands in place of the model's own."""
    folder = Path(path)
    key = Key(path, trust_remote_code, stamp(folder), template)
    encoder = _encoders.get(key)
    if encoder is None:
        tokenizer = load(folder, trust_remote_code)
        if template is not None:
            tokenizer.chat_template = template
        encoder = _encoders[key] = ChatEncoder(tokenizer, stop_ids(folder))
    _encoders.move_to_end(key)
    while len(_encoders) > KEPT:
        _encoders.popitem(last=False)
    return encoder


def load(folder: Path, trust_remote_code: bool) -> Any:
    try:
        if trust_remote_code:
            allow_torch()
        return load_tokenizer(folder, trust_remote_code)
    except Failure:
        raise
    except Exception as error:  # Tokenizer files are written by others and fail in many ways.
        raise explain(error) from error


def stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of every file that makes a tokenizer."""
    files = sorted({path for pattern in TOKENIZER_FILES for path in folder.glob(pattern)})
    return tuple((path.name, entry.st_size, entry.st_mtime_ns) for path in files for entry in [path.stat()])
