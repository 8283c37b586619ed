"""What stands before an answer: system, history and question in alpaca's form, or a list of messages."""

from typing import Any

from trainer.data.fields import Message, Reader, from_json
from trainer.data.problems import refuse
from trainer.data.sentences import say
from trainer.data.turns import read_turns


def read_prompt(reader: Reader, fields: dict[str, Any]) -> tuple[list[Message], list[str]]:
    """System, history and question of a row in alpaca's form, with the names of their columns."""
    messages = reader.system(fields)
    names = [reader.columns["system"] or "system"] * len(messages)
    for index, pair in enumerate(read_history(reader, fields)):
        field = f"{reader.columns['history']}[{index}]"
        if not isinstance(pair, list) or len(pair) != 2:
            refuse("not_a_pair", field, pair, say("no_pair"))
        for role, half in zip(("user", "assistant"), (0, 1), strict=True):
            messages.append({"role": role, "content": reader.text(pair[half], f"{field}[{half}]")})
            names.append(f"{field}[{half}]")
    question, extra = reader.text_of(fields, "prompt"), reader.optional_text(fields, "query")
    messages.append({"role": "user", "content": "\n".join(part for part in (question, extra) if part)})
    return messages, [*names, reader.columns["prompt"] or "prompt"]


def read_history(reader: Reader, fields: dict[str, Any]) -> list[Any]:
    history = from_json(reader.optional(fields, "history"))
    if history is None or history == "":
        return []
    if not isinstance(history, list):
        refuse("not_a_list", reader.columns["history"] or "history", history, say("history_no_list"))
    return history


def as_turns(reader: Reader, value: Any, name: str, role: str) -> list[Message]:
    value = from_json(value)
    if isinstance(value, list):
        return read_turns(reader, value, name)
    return [{"role": role, "content": reader.text(value, name)}]
