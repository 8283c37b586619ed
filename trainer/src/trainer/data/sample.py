"""What the columns of the first rows hold: texts, turns of a talk, answers, yes and no."""

from collections.abc import Sequence
from typing import Any

from trainer.data.fields import from_json

NAMES = {
    "system": ("system", "developer"),
    "user": ("user", "human", "prompter"),
    "assistant": ("assistant", "gpt", "model", "bot", "chatgpt", "chatbot", "ai"),
    "tool": ("tool", "observation", "function", "function_response", "tool_response", "ipython"),
    "functionCall": ("function_call", "tool_call"),
}
ROLE_KEYS = ("role", "from", "speaker")
CONTENT_KEYS = ("content", "value", "text")
CHAT_COLUMNS = ("messages", "conversations", "conversation", "dialogue", "dialog", "turns", "chat")
SYSTEM_COLUMNS = ("system", "system_prompt")
TOOL_COLUMNS = ("tools", "functions")
QUERIES = {"instruction": ("input", "context"), "instruction_zh": ("input_zh",)}
LABEL_COLUMNS = ("kto_tag", "label")


class Sample:
    """What the columns of the first rows hold."""

    def __init__(self, rows: Sequence[Any]):
        self.rows = [row for row in rows if isinstance(row, dict)]
        self.strings = any(isinstance(row, str) for row in rows)
        self.names = columns_of(rows)

    def values(self, name: str) -> list[Any]:
        return [value for row in self.rows if (value := row.get(name)) is not None]

    def texts(self, name: str) -> list[str]:
        return [value for value in self.values(name) if isinstance(value, str)]

    def is_text(self, name: str) -> bool:
        return name in self.names and bool(self.texts(name))

    def is_yes_no(self, name: str) -> bool:
        values = self.values(name)
        named = name in LABEL_COLUMNS
        return bool(values) and all(isinstance(value, bool) or (named and str(value).lower() in ("true", "false")) for value in values)

    def is_list_of_answers(self, name: str) -> bool:
        lists = [value for value in map(from_json, self.values(name)) if isinstance(value, list) and len(value) > 1]
        return bool(lists) and all(isinstance(answer, (str, dict)) for answer in lists[0]) and not self.tags_of(name)

    def has_keys(self, name: str, keys: tuple[str, ...]) -> bool:
        return any(key in turn for value in self.values(name) for turn in turns_of(value)[:1] for key in keys)

    def chat_columns(self) -> list[str]:
        rest = [name for name in self.names if name not in CHAT_COLUMNS]
        return [*(name for name in CHAT_COLUMNS if name in self.names), *rest]

    def chat(self, name: str) -> tuple[str, Any] | None:
        values = [value for value in self.values(name)[:20] if isinstance(from_json(value), list)]
        tags = self.tags_of(name) if values else None
        return None if tags is None else (name, tags)

    def tags_of(self, name: str) -> Any:
        """How turns of this column say who speaks, and None where they are no turns."""
        for value in self.values(name)[:20]:
            for turn in turns_of(value):
                role = next((key for key in ROLE_KEYS if isinstance(turn.get(key), str)), None)
                content = next((key for key in CONTENT_KEYS if key in turn), None)
                if role is not None and (content is not None or "tool_calls" in turn):
                    return {"roleKey": role, "contentKey": content or "content", **{each: list(tags) for each, tags in NAMES.items()}}
        return None

    def extras(self, *, history: bool = False) -> dict[str, str]:
        wanted = {"system": SYSTEM_COLUMNS, "tools": TOOL_COLUMNS, **({"history": ("history",)} if history else {})}
        found = {role: next((name for name in names if name in self.names), None) for role, names in wanted.items()}
        return {role: name for role, name in found.items() if name is not None}

    def query(self, prompt: str) -> dict[str, str]:
        name = next((name for name in QUERIES.get(prompt, ()) if self.is_text(name)), None)
        return {} if name is None else {"query": name}


def turns_of(value: Any) -> list[dict[str, Any]]:
    value = from_json(value)
    return [turn for turn in (value if isinstance(value, list) else [value]) if isinstance(turn, dict)]


def columns_of(rows: Sequence[Any]) -> list[str]:
    """In the order of the file, without those of a few strays."""
    counts: dict[str, int] = {}
    objects = [row for row in rows if isinstance(row, dict)]
    for row in objects:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
    return [name for name, count in counts.items() if count * 10 >= len(objects)]
