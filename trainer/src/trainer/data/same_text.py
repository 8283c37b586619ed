"""When two texts say the same: without capitals, blanks, forms of one character, and punctuation that carries no meaning.

The words that are left are compared by shingles: three words behind each other, where a character of a script without blanks
(Chinese, Japanese, Thai, …) is a word of its own. Jaccard is the share of shingles that both texts have.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

SHINGLE_WORDS = 3
NO_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
SIGNS = frozenset("*/%#&@\\_")
"""Of arithmetic and of programs; they stay."""
MIXED = "-.,:!"
MEANINGLESS = re.compile(r"[-.,:!](?:(?<=[.,:])(?:(?!\d)|(?<!\d.))|(?<=!)(?!=)|(?<=-)(?:(?![\d\s])|(?<=\w-)(?=\s)))")
"""These stay in 3.14, 12:30, a != b, -5 and 7 - 2, and go elsewhere."""
Words = list[str]


@dataclass(frozen=True, slots=True)
class Said:
    """A row in the words that are compared."""

    exact: bytes
    system: Words
    prompt: Words | None
    """All before the last answer, without the system message; None for plain text."""
    prompt_exact: bytes
    answer: Words
    """The last answer and what follows it, or the plain text."""
    one_answer: bool
    """False where several answers to one prompt are meant: pairs, ranks, labels, plain text."""

    @property
    def conversation(self) -> Words:
        return [*(self.prompt or ()), *self.answer]

    @property
    def question(self) -> Words:
        """What must not be answered in two ways: with the system message, which may change the answer."""
        return [*self.system, "\0", *(self.prompt or ())]


def read_said(row: Mapping[str, Any]) -> Said:
    messages = row.get("messages")
    exact = as_bytes([row.get(key) for key in ("messages", "text", "tools", "rejected", "ranked", "label")])
    if messages is None:
        return Said(exact, [], None, b"", words_of(row.get("text") or ""), one_answer=False)
    last = max((at for at, message in enumerate(messages) if message["role"] == "assistant"), default=len(messages) - 1)
    system = [message["content"] for message in messages if message["role"] == "system"]
    if row.get("tools"):
        system.append(json.dumps(row["tools"], sort_keys=True))
    asked = [(message["role"], spoken(message)) for message in messages[:last] if message["role"] != "system"]
    return Said(
        exact=exact,
        system=words_of("\n".join(system)),
        prompt=words_of("\n".join(text for _, text in asked)),
        prompt_exact=as_bytes(asked),
        answer=words_of("\n".join(map(spoken, messages[last:]))),
        one_answer=not any(row.get(key) is not None for key in ("rejected", "ranked", "label")),
    )


def as_bytes(parts: Any) -> bytes:
    """`repr` is quick, and keys of canonical rows always stand in one order."""
    return repr(parts).encode("utf-8")


def spoken(message: Mapping[str, Any]) -> str:
    calls = [f"{call['name']} {call['arguments']}" for call in message.get("toolCalls") or ()]
    return "\n".join([*filter(None, (message.get("reasoning"),)), message["content"], *calls])


def words_of(text: str) -> Words:
    if not text.isascii():
        text = NO_BLANKS.sub(r" \g<0> ", unicodedata.normalize("NFKC", text))
    words = MEANINGLESS.sub(" ", text.casefold().translate(punctuation())).split()
    # Of “???” nothing is left; such texts are compared as they stand.
    return words or text.split()


@cache
def punctuation() -> dict[int, str]:
    marks = (chr(code) for code in range(sys.maxunicode + 1))
    return {ord(mark): " " for mark in marks if unicodedata.category(mark)[0] == "P" and mark not in SIGNS and mark not in MIXED}


def digest(words: Iterable[str] | bytes) -> int:
    data = words if isinstance(words, bytes) else " ".join(words).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


def shingles(words: Words) -> set[tuple[str, ...]]:
    """A text of fewer words is one shingle."""
    return set(zip(words, words[1:], words[2:], strict=False)) or {tuple(words)}


def jaccard(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
