"""Tokenizers kept ready, the least recently used one given up first. A changed file makes a new one."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import AddedToken

from trainer.data.light import allow_torch
from trainer.data.render import ChatEncoder
from trainer.data.rows import stop_ids
from trainer.failures import Failure, explain
from trainer.models import TOKENIZER_FILES, load_tokenizer

KEPT = 4
SIGN = re.compile(r"<[|\uff5c][^|\uff5c<>\s'\"+]{1,40}[|\uff5c]>|<\|[a-z_]{1,30}>|<[a-z_]{1,30}\|>|<(?:start|end)_of_turn>|</s>")


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
        encoder = ChatEncoder(tokenizer, stop_ids(folder))
        if template is not None:
            encoder = with_template(tokenizer, template)
        _encoders[key] = encoder
    _encoders.move_to_end(key)
    while len(_encoders) > KEPT:
        _encoders.popitem(last=False)
    return encoder


def with_template(tokenizer: Any, template: str) -> ChatEncoder:
    """Signs of the template that the tokenizer does not know are lent to it, each as one token, as whoever trains with it would do."""
    tokenizer.chat_template = template
    talk = [{"role": role, "content": word} for role, word in (("user", "a"), ("assistant", "b")) * 2]
    shown = template + ChatEncoder(tokenizer).try_render(talk)
    known = {token.content for token in tokenizer.added_tokens_decoder.values()}
    lent = [sign for sign in dict.fromkeys(SIGN.findall(shown)) if sign not in known]
    tokenizer.add_tokens([AddedToken(sign, special=True, normalized=False) for sign in lent], special_tokens=True)
    return ChatEncoder(tokenizer, lent=lent)


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
