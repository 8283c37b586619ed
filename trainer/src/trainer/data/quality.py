"""Words of a row that train, and that somebody should look at: secrets, leftovers of web pages and templates, invisible characters.

Each search begins with a quick look at the bytes of the whole row, which most rows pass.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from trainer.data.sentences import Sentence, say

Canonical = dict[str, Any]
Finding = tuple[str, str, str, Sentence]
"""Reason, field, value, message."""

VERY_LONG_CHARACTERS = 200_000
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
TEMPLATE_TOKEN = re.compile(
    r"<\|[A-Za-z][A-Za-z0-9_ ]{0,40}\|>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>|<\uff5c[^>\n]{1,40}\uff5c>|<eo[ahm]>"
)
MARKUP = re.compile(
    r"</?(?:div|span|p|br|font|table|tbody|td|tr|ul|ol|li|a|img|strong|em|h[1-6])(?:\s[^<>]{0,200})?/?>|&(?:nbsp|amp|lt|gt|quot|#\d{2,5});"
)
SECRETS = {
    "-----BEGIN ": r"(?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----[A-Za-z0-9+/=\s]*(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY-----)?",
    "sk-": r"(?:ant-|proj-|or-v1-)?[A-Za-z0-9_-]{20,200}",
    "AKIA": r"[A-Z0-9]{16}\b",
    "ASIA": r"[A-Z0-9]{16}\b",
    "ghp_": r"[A-Za-z0-9]{36,255}",
    "gho_": r"[A-Za-z0-9]{36,255}",
    "ghs_": r"[A-Za-z0-9]{36,255}",
    "github_pat_": r"[A-Za-z0-9_]{60,255}",
    "glpat-": r"[A-Za-z0-9_-]{20,100}",
    "hf_": r"[A-Za-z0-9]{30,60}\b",
    "AIza": r"[A-Za-z0-9_-]{35}",
    "xoxb-": r"[A-Za-z0-9-]{10,200}",
    "xoxp-": r"[A-Za-z0-9-]{10,200}",
    "eyJ": r"[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,2000}",
    "://": r"[^\s/:@\"']{1,80}:[^\s/@\"']{3,80}@[A-Za-z0-9.-]{3,200}",
}
"""How a secret begins, and what must follow. The beginning is looked for as plain text: one pattern for all takes ten times as long."""
SECRET_PATTERNS = {mark: re.compile(r"(?<![A-Za-z0-9])" * mark[0].isalpha() + re.escape(mark) + rest) for mark, rest in SECRETS.items()}
MASK = "[SECRET]"


def texts_of(row: Canonical) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Every text that is trained or shown to the model: where it lies, its key, and its name for people."""
    if row["text"] is not None:
        yield row, "text", "text"
    groups = (
        ("messages", row["messages"] or ()),
        ("rejected", (row["rejected"],) if row["rejected"] else ()),
        ("ranked", row["ranked"] or ()),
    )
    for group, messages in groups:
        for index, message in enumerate(messages):
            place = "rejected" if group == "rejected" else f"{group}[{index}]"
            yield message, "content", f"{place}.content"
            if "reasoning" in message:
                yield message, "reasoning", f"{place}.reasoning"
            for number, call in enumerate(message.get("toolCalls", ())):
                yield call, "arguments", f"{place}.toolCalls[{number}].arguments"


def may_have_faults(payloads: list[bytes]) -> list[bool]:
    """One look at many rows for all marks that the searches below begin with: most rows have none."""
    if len(payloads) < FEW_ROWS:
        return [True] * len(payloads)
    import pyarrow
    import pyarrow.compute

    found = pyarrow.compute.match_substring_regex(pyarrow.array(payloads, pyarrow.large_binary()), MARKS)
    doubtful: list[bool] = found.to_pylist()
    return doubtful


def find_faults(row: Canonical, payload: bytes, *, doubtful: bool = True) -> list[Finding]:
    """`payload` is the row as it will be written; it tells quickly that there is nothing to find."""
    found: list[Finding] = []
    if doubtful:
        for may_hold, search in SEARCHES:
            if may_hold(payload):
                found.extend(search(row))
    for message in row["messages"] or ():
        text = message["content"]
        if text and message["role"] == "assistant" and (text[0].isspace() or text[-1].isspace()):
            found.extend(find_space(row))
            break
    if len(payload) > VERY_LONG_CHARACTERS:
        found.append(("very_long", "", f"{len(payload):,} bytes", say("very_long")))
    return found


def find_control(row: Canonical) -> Iterator[Finding]:
    for holder, key, field in texts_of(row):
        match = CONTROL.search(holder[key])
        if match:
            yield (
                "control_characters",
                field,
                repr(around(holder[key], match)),
                say("control", character=f"U+{ord(match.group()):04X}"),
            )


def find_lost(row: Canonical) -> Iterator[Finding]:
    for holder, key, field in texts_of(row):
        at = holder[key].find("\ufffd")
        if at >= 0:
            shown = holder[key][max(0, at - 20) : at + 20]
            yield (
                "lost_characters",
                field,
                shown,
                say("lost"),
            )


def find_template_tokens(row: Canonical) -> Iterator[Finding]:
    for holder, key, field in texts_of(row):
        match = TEMPLATE_TOKEN.search(holder[key])
        if match:
            yield (
                "template_token",
                field,
                match.group(),
                say("template_sign"),
            )


def find_markup(row: Canonical) -> Iterator[Finding]:
    for holder, key, field in texts_of(row):
        match = MARKUP.search(holder[key])
        if match:
            yield "markup", field, match.group(), say("markup")


def find_secrets(row: Canonical) -> Iterator[Finding]:
    for holder, key, field in texts_of(row):
        found = next(secrets_in(holder[key]), None)
        if found is not None:
            yield (
                "secret",
                field,
                mask(holder[key][slice(*found)]),
                say("secret"),
            )


def find_space(row: Canonical) -> Iterator[Finding]:
    for index, message in enumerate(row["messages"] or ()):
        text = message["content"]
        if message["role"] == "assistant" and text and (text[0].isspace() or text[-1].isspace()):
            shown = repr(text[:10] + "…" + text[-10:])
            yield "space_around", f"messages[{index}].content", shown, say("blanks")


def secrets_in(text: str) -> Iterator[tuple[int, int]]:
    for mark, pattern in SECRET_PATTERNS.items():
        at = text.find(mark)
        while at >= 0:
            match = pattern.match(text, at)
            if match:
                yield match.span()
            at = text.find(mark, match.end() if match else at + len(mark))


def hide_secrets(text: str) -> str:
    for start, end in sorted(secrets_in(text), reverse=True):
        text = text[:start] + MASK + text[end:]
    return text


def mask(secret: str) -> str:
    """Enough to recognise it, too little to use it."""
    shown = secret[: min(4, len(secret) // 5)]
    return f"{shown}… ({len(secret)} characters)"


def around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 20) : match.end() + 20]


def may_hold_control(payload: bytes) -> bool:
    return b"\x7f" in payload or (b"\\" in payload and (b"\\u00" in payload or b"\\b" in payload or b"\\f" in payload))


def may_hold_lost(payload: bytes) -> bool:
    return b"\xef" in payload and b"\xef\xbf\xbd" in payload


def may_hold_template_tokens(payload: bytes) -> bool:
    return b"<" in payload or b"INST]" in payload


def may_hold_markup(payload: bytes) -> bool:
    return b"<" in payload or b"&" in payload


def may_hold_secrets(payload: bytes) -> bool:
    """Every mark of SECRETS is asked for. A single byte is found ten times as fast as a word, so it is asked first where it is rare."""
    return (
        b"sk-" in payload
        or b"eyJ" in payload
        or b"xox" in payload
        or (b"K" in payload and (b"AKIA" in payload or b"KEY" in payload))
        or b"ASIA" in payload
        or b"AIza" in payload
        or b"glpat-" in payload
        or (b"@" in payload and b"://" in payload)
        or (b"_" in payload and any(mark in payload for mark in LINE_MARKS))
    )


FEW_ROWS = 256
MARKS = r"[\x7f<&]|\\(?:u00|[bf])|\xef\xbf\xbd|INST\]|://|KEY|" + "|".join(re.escape(mark) for mark in SECRETS if mark[0].isalpha())
"""Whatever `SEARCHES` ask for first, as Arrow's regular expressions want it."""
LINE_MARKS = tuple(mark.encode() for mark in SECRETS if "_" in mark)
SEARCHES: tuple[tuple[Callable[[bytes], bool], Callable[[Canonical], Iterator[Finding]]], ...] = (
    (may_hold_control, find_control),
    (may_hold_lost, find_lost),
    (may_hold_template_tokens, find_template_tokens),
    (may_hold_markup, find_markup),
    (may_hold_secrets, find_secrets),
)


# ---------------------------------------------------------------- mending


def mend(row: Canonical, reason: str) -> None:
    """Changes the texts of a row in place; only what `problems.REASONS` calls fixable comes here."""
    if reason == "trailing_question":
        while row["messages"] and row["messages"][-1]["role"] == "user":
            row["messages"].pop()
        return
    change = CHANGES[reason]
    for holder, key, _ in texts_of(row):
        if reason != "space_around" or holder.get("role") == "assistant":
            holder[key] = change(holder[key])


def join_surrogates(text: str) -> str:
    """Halves of one character that were written apart are joined; bytes that were no UTF-8 get a second chance as such."""
    data = text.encode("utf-8", "surrogateescape") if ESCAPED.search(text) else text.encode("utf-8", "surrogatepass")
    return data.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le")


ESCAPED = re.compile("[\udc80-\udcff]")
CHANGES: dict[str, Callable[[str], str]] = {
    "control_characters": lambda text: CONTROL.sub("", text),
    "space_around": str.strip,
    "secret": hide_secrets,
    "bad_unicode": join_surrogates,
}
