"""Canonical messages (DatasetRow) as a chat template wants them, and the same conversation with other words put in.

Templates differ in what they call a thought and in whether the arguments of a tool call are an object or text. Which of the ways a
template can read is tried out once per template (render.py); nobody guesses per row.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Message = dict[str, Any]
Kind = Literal["content", "thought", "call"]
THINK_TAGS = re.compile(r"(\s*</?think>\s*)")
THOUGHT_KEYS = ("reasoning_content", "reasoning", "thinking", "thought")


@dataclass(frozen=True)
class Style:
    """How one template is spoken to."""

    thought: str | None = None
    arguments: Literal["object", "text"] = "object"
    empty: Literal["", "none"] = ""
    content: Literal["text", "parts"] = "text"


@dataclass(frozen=True)
class Part:
    """Some words of a message: where they are from, and what they are."""

    message: int
    kind: Kind
    words: str


Words = Callable[[Part], str]
Put = Callable[[Kind, str], str]


def template_messages(messages: Sequence[Message], style: Style, words: Words = lambda part: part.words) -> list[dict[str, Any]]:
    """What is handed to the template. `words` may put other words in place of a part; blank parts are never asked about."""
    ids = call_ids(messages)
    return [template_message(index, message, style, words, ids[index]) for index, message in enumerate(messages)]


def template_message(index: int, message: Message, style: Style, words: Words, ids: list[str]) -> dict[str, Any]:
    def put(kind: Kind, text: str) -> str:
        return words(Part(index, kind, text)) if text.strip() else text

    written: dict[str, Any] = {"role": message["role"]}
    thought = message.get("reasoning")
    if thought and style.thought:
        written[style.thought] = put("thought", thought)
    content = put_content(message["content"], put) if message["role"] == "assistant" else put("content", message["content"])
    if thought and style.thought == "":
        content = f"<think>\n{put('thought', thought)}\n</think>\n\n{content}"
    written["content"] = content
    if calls := message.get("toolCalls"):
        written["tool_calls"] = [write_call(call, call_id, style, put) for call, call_id in zip(calls, ids, strict=True)]
        if content == "" and style.empty == "none":
            written["content"] = None
    if style.content == "parts" and content:
        written["content"] = [{"type": "text", "text": content}]
    if message["role"] == "tool":
        written |= {"tool_call_id": ids[0], "name": message.get("name") or ids[1]} if ids else named(message)
    return written


def put_content(content: str, put: Put) -> str:
    """Thoughts inside the content stay between their tags, because templates look for the tags."""
    pieces = THINK_TAGS.split(content) if "</think>" in content else [content]
    last = len(pieces) - 1
    return "".join(piece if at % 2 else put("content" if at == last else "thought", piece) for at, piece in enumerate(pieces))


def write_call(call: dict[str, Any], call_id: str, style: Style, put: Put) -> dict[str, Any]:
    arguments = replace_texts(read_arguments(call["arguments"]), lambda text: put("call", text))
    if style.arguments == "text" and not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False)
    return {"id": call_id, "type": "function", "function": {"name": call["name"], "arguments": arguments}}


def read_arguments(text: str) -> Any:
    """An object where the text is one; else the text as it is."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, dict) else text


def replace_texts(value: Any, replace: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return replace(value)
    if isinstance(value, dict):
        return {key: replace_texts(inner, replace) for key, inner in value.items()}
    if isinstance(value, list):
        return [replace_texts(inner, replace) for inner in value]
    return value


def fixed_words(call: dict[str, Any]) -> list[list[str]]:
    """What of a call must be seen beside its strings: its name, keys and numbers, each in the ways in which it may be written."""
    found: list[list[str]] = [[call["name"]]]

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                found.append([key, json.dumps(key, ensure_ascii=False)[1:-1]])
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)
        elif not isinstance(value, str):
            found.append([json.dumps(value), str(value)])

    walk(read_arguments(call["arguments"]))
    return found


def call_ids(messages: Sequence[Message]) -> list[list[str]]:
    """Ids of the calls of each message, made up by number where the row has none; for the answer of a tool the id and name of its call."""
    found: list[list[str]] = []
    waiting: list[list[str]] = []
    number = 0
    for message in messages:
        own: list[str] = []
        if message.get("toolCalls"):
            waiting = []
            for call in message["toolCalls"]:
                number += 1
                own.append(call.get("id") or f"call{number:05}")
                waiting.append([own[-1], call["name"]])
        elif message["role"] == "tool" and waiting:
            own = waiting.pop(0)
        found.append(own)
    return found


def named(message: Message) -> dict[str, str]:
    return {"name": message["name"]} if message.get("name") else {}
