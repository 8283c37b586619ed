"""Text in the place of other text, in the values of rows. Keys, numbers and all that is no text stay as they are; so do names (see
`names`), unless a person chose just them.

Only literal text is looked for: its search takes time in proportion to the text, whatever a person writes.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from trainer.data.fields import Mapping, from_json
from trainer.data.names import Names, Part

GROWTH_LIMIT = 16 << 20
Place = tuple[str | int, ...]
Match = re.Match[str]
Told = Callable[[Place, str, list[tuple[Match, str]]], None]
Node = bool | dict[str, Any]
"""True: all below counts. A dict goes on by key."""


class RowGrows(Exception):
    """One row would become larger than a row may be."""


class Replacer:
    """Pairs and scope made ready. `counts` are the replacements by pair; `tell` hears of every text that changes.

    `tables`: cells hold lists and objects as JSON text, inside of which text is replaced and keys are not.
    `mapping` says how a turn names its speaker, and where tools are defined.
    """

    def __init__(
        self, pairs: Sequence[dict[str, str]], scope: dict[str, Any], *, tables: bool, mapping: Mapping | None = None, tell: Told | None = None
    ):
        self.pairs = pairs
        self.names = Names(mapping)
        self.scope = scope_of(scope["paths"])
        self.counts = [0] * len(pairs)
        self.tables = tables
        self.tell = tell
        # The longer one first, so that “cat” does not take “catalog” away from its pair.
        self.order = sorted(range(len(pairs)), key=lambda at: -len(pairs[at]["find"]))
        self.needles = [pair["find"] for pair in pairs] if scope["matchCase"] else None
        words = (whole_word(pairs[at]["find"]) if scope["wholeWord"] else re.escape(pairs[at]["find"]) for at in self.order)
        self.pattern = re.compile("|".join(f"({word})" for word in words), 0 if scope["matchCase"] else re.IGNORECASE)
        self.grown = 0
        self.found: list[tuple[Match, str]] = []

    def row(self, value: Any) -> Any:
        """The row with its replacements; the very same object where there are none. What is no object is no row and stays."""
        self.grown = 0
        return self.walk(value, self.scope, (), "row") if isinstance(value, dict) else value

    def walk(self, value: Any, node: Node, place: Place, part: Part) -> Any:
        if isinstance(value, str):
            return self.text(value, node, place, part)
        if isinstance(value, dict):
            inner = {key: new for key, old in value.items() if (new := self.step(key, value, node, place, part)) is not old}
            return {**value, **inner} if inner else value
        if isinstance(value, list):
            items = [self.walk(item, node, (*place, at), part) for at, item in enumerate(value)]
            return value if all(new is old for new, old in zip(items, value, strict=True)) else items
        return value

    def step(self, key: str, holder: dict[str, Any], node: Node, place: Place, part: Part) -> Any:
        value = holder[key]
        below = node if node is True else node.get(key) if isinstance(node, dict) else None
        inside = self.names.part_of(key, value, holder, part, top=place == ())
        if below is None or (inside is None and node is True):
            return value
        return self.walk(value, below, (*place, key), inside or "row")

    def text(self, value: str, node: Node, place: Place, part: Part) -> Any:
        inner = from_json(value) if self.tables or part != "row" else value
        if not isinstance(inner, str):
            new = self.walk(inner, node, place, part)
            return value if new is inner else json.dumps(new, ensure_ascii=False)
        if node is not True or (self.needles is not None and not any(needle in value for needle in self.needles)):
            return value
        self.found = []
        new = self.pattern.sub(self.put, value)
        if not self.found:
            return value
        if self.tell is not None:
            self.tell(place, value, self.found)
        return new

    def put(self, match: Match) -> str:
        at = self.order[(match.lastindex or 1) - 1]
        new = self.pairs[at]["replace"]
        if new != match.group():
            self.counts[at] += 1
            self.found.append((match, new))
            self.grown += len(new)
            if self.grown > GROWTH_LIMIT:
                raise RowGrows
        return new


def scope_of(paths: Sequence[Sequence[str]] | None) -> Node:
    if paths is None:
        return True
    root: dict[str, Any] = {}
    for *before, last in paths:
        node = root
        for key in before:
            node = node.setdefault(key, {})
            if node is True:
                break
        if node is not True:
            node[last] = True
    return root


def whole_word(text: str) -> str:
    """Edges that are letters or digits have none of them beside; a sign at an edge is an edge of its own."""
    before = r"(?<!\w)" if re.match(r"\w", text) else ""
    behind = r"(?!\w)" if re.search(r"\w\Z", text) else ""
    return f"{before}{re.escape(text)}{behind}"
