"""Raw rows as lines of JSON, so that reading them again gives the same rows under the same numbers."""

import json
from typing import Any

from trainer.data.problems import BadRow, clean

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def as_line(value: Any) -> bytes:
    """What could not be read stands as a line that can't be read either, with the old reason in front."""
    if isinstance(value, BadRow):
        return bad_line(value)
    try:
        return in_bytes(value) + b"\n"
    except RecursionError:
        return bad_line(BadRow("too_deep", "", ""))


def in_bytes(value: Any) -> bytes:
    try:
        # Bytes that were no characters come back as they were.
        return _encode(value).encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def bad_line(row: BadRow) -> bytes:
    """A bare word and a colon are no JSON, whatever follows."""
    text = " ".join(clean(row.text).split())
    return f"{row.reason}: {text}".encode().rstrip() + b"\n"
