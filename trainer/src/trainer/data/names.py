"""Values of a row that are names and no text: who speaks, what a tool and its parameters are called, ids. Another word in their place
would leave a row that trains something else, or nothing."""

from typing import Any, Literal

from trainer.data.fields import Mapping

Part = Literal["row", "tools", "call", "arguments"]
"""Where in a row a value lies: definitions of tools, calls of them, and what a call hands over are written in their own ways."""
IDS = frozenset({"id", "tool_call_id", "call_id"})
CALLS = frozenset({"tool_calls", "function_call"})
DESCRIBING = frozenset({"description", "title"})


class Names:
    def __init__(self, mapping: Mapping | None):
        tags = (mapping or {}).get("tags") or {}
        columns = (mapping or {}).get("columns") or {}
        self.roles = {"role", "from", tags.get("roleKey")}
        self.tools = {"tools", "functions", columns.get("tools")}
        self.called = {"function_call", *tags.get("functionCall", ())}

    def part_of(self, key: str, value: Any, holder: dict[str, Any], part: Part, *, top: bool) -> Part | None:
        """The part that a value of `holder` belongs to; None where it is a name. `top`: the holder is the row itself."""
        if part == "arguments":
            return part
        if part == "tools":
            return None if is_words(value) and key not in DESCRIBING else part
        if key in IDS:
            return None
        if part == "call":
            return self.part_of_call(key)
        if key in self.tools:
            return "tools"
        if key in CALLS:
            return "call"
        return part if top else self.part_of_turn(key, holder)

    def part_of_call(self, key: str) -> Part | None:
        return None if key in ("name", "type") else "arguments" if key in ("arguments", "parameters") else "call"

    def part_of_turn(self, key: str, holder: dict[str, Any]) -> Part | None:
        speaker = next((holder[role] for role in self.roles if role in holder), None)
        if speaker is None:
            return None if key == "type" and "text" in holder else "row"
        if key in self.roles or key in ("name", "type"):
            return None
        return "call" if isinstance(speaker, str) and speaker in self.called else "row"


def is_words(value: Any) -> bool:
    """A text, or a list of texts such as the names of the parameters that are needed."""
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))
