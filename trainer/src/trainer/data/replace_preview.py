"""What a replacement would do in some rows, to be looked at before all of them are written anew."""

from collections.abc import Iterator, Sequence
from typing import Any

from trainer.data.fields import Mapping, from_json
from trainer.data.problems import clean
from trainer.data.replace import Match, Place, Replacer, RowGrows

CHANGES_SHOWN = 40
MARKS_SHOWN = 30
CONTEXT = 60
MOST_PATHS = 200
PATHS_FROM_ROWS = 50
Part = dict[str, str]


def preview(change: dict[str, Any], rows: Sequence[dict[str, Any]], tables: bool, mapping: Mapping | None = None) -> dict[str, Any]:
    """`rows` as the server read them: number and value."""
    changes: list[dict[str, Any]] = []
    number = 0

    def tell(place: Place, text: str, found: list[tuple[Match, str]]) -> None:
        if len(changes) < CHANGES_SHOWN:
            changes.append({"row": number, "field": clean(write_place(place)), "parts": parts_of(text, found)})

    replacer = Replacer(change["pairs"], change["scope"], tables=tables, mapping=mapping, tell=tell)
    changed = 0
    for raw in rows:
        number = raw["row"]
        try:
            changed += replacer.row(raw["value"]) is not raw["value"]
        except RowGrows:
            changed += 1
        except RecursionError:
            continue  # The check leaves such a row out.
    paths: dict[tuple[str, ...], None] = {}
    for raw in rows[:PATHS_FROM_ROWS]:
        paths |= dict.fromkeys(paths_of(raw["value"], (), tables)) if isinstance(raw["value"], dict) else {}
    return {
        "changedRows": changed,
        "counts": replacer.counts,
        "changes": changes,
        "paths": [[clean(key) for key in path] for path in list(paths)[:MOST_PATHS]],
    }


def write_place(place: Place) -> str:
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return words.removeprefix(".")


def parts_of(text: str, found: list[tuple[Match, str]]) -> list[Part]:
    """The text with what goes and what comes; long stretches between are cut."""
    parts: list[Part] = []
    at = 0
    for match, new in found[:MARKS_SHOWN]:
        add(parts, "same", shorten(text[at : match.start()], head=at > 0, tail=True))
        add(parts, "removed", match.group())
        add(parts, "added", new)
        at = match.end()
    more = len(found) > MARKS_SHOWN
    add(parts, "same", "…" if more else shorten(text[at:], head=True, tail=False))
    return parts


def add(parts: list[Part], kind: str, text: str) -> None:
    if text:
        parts.append({"text": clean(text if len(text) <= 2000 else text[:1999] + "…"), "is": kind})


def shorten(text: str, *, head: bool, tail: bool) -> str:
    if len(text) <= CONTEXT * (head + tail) + 10:
        return text
    return (text[:CONTEXT] if head else "") + "…" + (text[-CONTEXT:] if tail else "")


def paths_of(value: Any, path: tuple[str, ...], tables: bool, depth: int = 0) -> Iterator[tuple[str, ...]]:
    """Keys down to each text; lists are passed through."""
    value = from_json(value) if tables else value
    if depth > 20:
        return
    if isinstance(value, str) and path:
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_of(inner, (*path, key), tables, depth + 1)
    elif isinstance(value, list):
        for inner in value[:50]:
            yield from paths_of(inner, path, tables, depth + 1)
