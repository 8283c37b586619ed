"""Three ways in which people write conversations, and one way in which we keep them: a list of messages.

Every converter checks as it converts, and says field, value and reason of the first thing that is wrong in a row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from trainer.data.readers import BadJson, NotReadable

Message = dict[str, str]
Role = Literal["system", "user", "assistant", "tool"]

ROLES: dict[str, Role] = {
    "system": "system", "developer": "system",
    "user": "user", "human": "user",
    "assistant": "assistant", "gpt": "assistant", "model": "assistant", "bot": "assistant", "chatgpt": "assistant", "function_call": "assistant",
    "tool": "tool", "observation": "tool", "function": "tool", "function_response": "tool",
}  # fmt: skip
CHAT_COLUMNS = ("messages", "conversations", "conversation")
CHAT_KEYS = {"messages": ("role", "content"), "sharegpt": ("from", "value")}
MAY_FOLLOW: dict[str, frozenset[str]] = {
    "system": frozenset(),
    "user": frozenset({"start", "system", "assistant"}),
    "assistant": frozenset({"user", "tool"}),
    "tool": frozenset({"assistant", "tool"}),
}
VALUE_LENGTH = 120


class RowError(Exception):
    """One row cannot be used. `reason` is a code of RowProblem in lib/contract/dataset.ts."""

    def __init__(self, reason: str, field: str, value: Any, message: str):
        super().__init__(message)
        self.reason = reason
        self.field = field
        self.value = shorten(value)


@dataclass(frozen=True)
class Format:
    name: Literal["alpaca", "sharegpt", "messages"]
    reason: str
    convert: Callable[[Any], list[Message]]


def recognise(rows: Sequence[Any]) -> Format:
    """By the columns of the first rows. The most frequent form wins; rows of another form are then told one by one."""
    objects = [row for row in rows if isinstance(row, dict)]
    counts: dict[tuple[str, str], int] = {}
    for row in objects:
        form = form_of(row)
        if form is not None:
            counts[form] = counts.get(form, 0) + 1
    if not counts:
        raise unknown_format(rows, objects)
    (name, column), count = max(counts.items(), key=lambda item: item[1])
    share = "All rows looked at have" if count == len(rows) else f"{count} of the first {len(rows)} rows have"
    if name == "alpaca":
        return Format("alpaca", f"{share} “instruction” and “output”.", convert_alpaca)
    role_key, text_key = CHAT_KEYS[name]
    reason = f"{share} a list “{column}” of turns with “{role_key}” and “{text_key}”."
    return Format("messages" if name == "messages" else "sharegpt", reason, lambda row: convert_chat(row, column, role_key, text_key))


def form_of(row: dict[str, Any]) -> tuple[str, str] | None:
    for column in CHAT_COLUMNS:
        turns = row.get(column)
        first = turns[0] if isinstance(turns, list) and turns else None
        if isinstance(first, dict):
            for name, (role_key, text_key) in CHAT_KEYS.items():
                if role_key in first or text_key in first:
                    return name, column
    if "instruction" in row and "output" in row:
        return "alpaca", "instruction"
    return None


def unknown_format(rows: Sequence[Any], objects: list[dict[str, Any]]) -> NotReadable:
    if rows and all(isinstance(row, BadJson) for row in rows):
        return NotReadable("dataset_not_readable", f"No line could be read as JSON; in the first, {rows[0].reason}.", row=0, line=1)
    if not objects:
        return NotReadable("dataset_format_unknown", f"Rows must be objects; the first is {shorten(rows[0])}.", row=0)
    columns = ", ".join(f"“{key}”" for key in list(objects[0])[:12])
    return NotReadable(
        "dataset_format_unknown",
        f"The rows have {columns or 'no columns'}. Known are alpaca (“instruction”, “output”), "
        "sharegpt (“conversations” with “from”, “value”) and messages (“messages” with “role”, “content”). Rename the columns.",
        row=0,
    )


def convert_alpaca(row: Any) -> list[Message]:
    fields = need_object(row)
    messages = system_message(fields)
    for index, pair in enumerate(optional(fields, "history", list) or []):
        if not isinstance(pair, list) or len(pair) != 2:
            refuse("not_a_pair", f"history[{index}]", pair, "A turn of the history is a pair of question and answer.")
        messages.append({"role": "user", "content": need_text(pair[0], f"history[{index}][0]")})
        messages.append({"role": "assistant", "content": need_text(pair[1], f"history[{index}][1]")})
    question = need_text(need(fields, "instruction"), "instruction")
    extra = optional(fields, "input", str) or ""
    question = f"{question}\n{extra}" if extra else question
    messages.append({"role": "user", "content": question})
    messages.append({"role": "assistant", "content": need_text(need(fields, "output"), "output")})
    names = ["history", "instruction", "output"]
    check_conversation(messages, lambda index: names[max(0, index - len(messages) + len(names))])
    return messages


def convert_chat(row: Any, column: str, role_key: str, text_key: str) -> list[Message]:
    fields = need_object(row)
    turns = need(fields, column)
    if not isinstance(turns, list):
        refuse("not_a_list", column, turns, f"“{column}” must be a list of turns.")
    tools = fields.get("tools")
    if tools and tools != "[]":
        refuse("tools_not_supported", "tools", tools, "Definitions of tools are not trained yet; remove the column to train the words only.")
    messages = [convert_turn(turn, f"{column}[{index}]", role_key, text_key) for index, turn in enumerate(turns)]
    offset = 0
    if messages and messages[0]["role"] != "system":
        system = system_message(fields)
        offset = len(system)
        messages = system + messages
    check_conversation(messages, lambda index: f"{column}[{index - offset}].{text_key}")
    return messages


def convert_turn(turn: Any, field: str, role_key: str, text_key: str) -> Message:
    if not isinstance(turn, dict):
        refuse("not_an_object", field, turn, f"A turn must be an object with “{role_key}” and “{text_key}”.")
    tag = need(turn, role_key, field)
    role = ROLES.get(tag.lower()) if isinstance(tag, str) else None
    if role is None:
        refuse("unknown_role", f"{field}.{role_key}", tag, f"The role is not known; known are {', '.join(ROLES)}.")
    return {"role": role, "content": need_text(need(turn, text_key, field), f"{field}.{text_key}")}


def check_conversation(messages: list[Message], field: Callable[[int], str]) -> None:
    previous = "start"
    for index, message in enumerate(messages):
        role = message["role"]
        if previous not in MAY_FOLLOW[role] and not (role == "system" and index == 0):
            place = "at the start" if previous == "start" else f"after “{previous}”"
            refuse("roles_out_of_order", field(index), role, f"“{role}” cannot stand {place}: a system message first, then user and assistant in turn.")
        if role == "assistant" and not message["content"].strip():
            refuse("empty_answer", field(index), message["content"], "The answer is empty: there is nothing to learn from it.")
        if role == "user" and not message["content"].strip():
            refuse("empty_question", field(index), message["content"], "The question is empty.")
        previous = role
    if not any(message["role"] == "assistant" for message in messages):
        refuse("no_assistant_turn", field(max(0, len(messages) - 1)), len(messages), "There is no answer of the assistant in this row.")


def system_message(fields: dict[str, Any]) -> list[Message]:
    system = optional(fields, "system", str)
    return [{"role": "system", "content": system}] if system and system.strip() else []


def need_object(row: Any) -> dict[str, Any]:
    if isinstance(row, BadJson):
        refuse("bad_json", "", row.text, f"The line is not valid JSON: {row.reason}.")
    if not isinstance(row, dict):
        refuse("not_an_object", "", row, "A row must be an object.")
    return row


def need(fields: dict[str, Any], key: str, inside: str = "") -> Any:
    if key not in fields or fields[key] is None:
        refuse("missing", f"{inside}.{key}" if inside else key, None, f"“{key}” is missing.")
    return fields[key]


def need_text(value: Any, field: str) -> str:
    """OpenAI's form of content, a list of text parts, is text too."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(part, dict) and isinstance(part.get("text"), str) for part in value):
        return "".join(part["text"] for part in value)
    refuse("not_a_string", field, value, f"“{field}” must be text.")


def optional(fields: dict[str, Any], key: str, kind: type) -> Any:
    value = fields.get(key)
    if value is not None and not isinstance(value, kind):
        wanted = "text" if kind is str else "a list"
        refuse("not_a_string" if kind is str else "not_a_list", key, value, f"“{key}” must be {wanted}.")
    return value


def refuse(reason: str, field: str, value: Any, message: str) -> NoReturn:
    raise RowError(reason, field, value, message)


def shorten(value: Any) -> str:
    try:
        text = value if isinstance(value, str) else repr(value)
    except (RecursionError, ValueError):  # nested deeper, or a number longer, than Python writes
        text = type(value).__name__
    return text if len(text) <= VALUE_LENGTH else text[: VALUE_LENGTH - 1] + "…"
