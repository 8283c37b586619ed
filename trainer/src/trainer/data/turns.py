"""Turns of a conversation: who speaks, what is said, which tools are called, and whether the order makes sense."""

import json
from collections.abc import Callable
from typing import Any

from trainer.data.fields import Message, Reader, from_json, need
from trainer.data.problems import refuse
from trainer.data.sentences import say

MAY_FOLLOW: dict[str, frozenset[str]] = {
    "system": frozenset(),
    "user": frozenset({"start", "system", "assistant"}),
    "assistant": frozenset({"user", "tool"}),
    "tool": frozenset({"assistant", "tool"}),
}
REASONING_KEYS = ("reasoning_content", "reasoning", "thinking")
Names = Callable[[int], str]


def read_turns(reader: Reader, turns: Any, column: str) -> list[Message]:
    turns = from_json(turns)
    if not isinstance(turns, list):
        refuse("not_a_list", column, turns, say("turns_no_list", field=column))
    return [read_turn(reader, turn, f"{column}[{index}]") for index, turn in enumerate(turns)]


def read_turn(reader: Reader, turn: Any, field: str) -> Message:
    if not isinstance(turn, dict):
        refuse("not_an_object", field, turn, say("turn_no_object", role=reader.role_key, content=reader.content_key))
    tag = need(turn, reader.role_key, field)
    role = (reader.roles.get(tag) or reader.roles.get(tag.lower())) if isinstance(tag, str) else None
    if role is None:
        refuse("unknown_role", f"{field}.{reader.role_key}", tag, say("role_unknown", roles=", ".join(sorted(reader.roles))))
    content, place = turn.get(reader.content_key), f"{field}.{reader.content_key}"
    if role == "function_call":
        return {"role": "assistant", "content": "", "toolCalls": read_called(content, place)}
    calls = read_calls(turn, field) if role == "assistant" else []
    if role == "tool" and isinstance(content, (dict, list)) and not is_parts(content):
        content = json.dumps(content, ensure_ascii=False)  # A tool answers with what it likes; models read its JSON.
    if content is None and calls:
        content = ""
    message: Message = {"role": role, "content": reader.text(need(turn, reader.content_key, field) if content is None else content, place)}
    if calls:
        message["toolCalls"] = calls
    add_extras(message, turn)
    return message


def add_extras(message: Message, turn: dict[str, Any]) -> None:
    if message["role"] == "assistant":
        thought = next((turn[key] for key in REASONING_KEYS if isinstance(turn.get(key), str) and turn[key].strip()), None)
        if thought is not None:
            message["reasoning"] = thought
        if turn.get("weight") == 0 or turn.get("train") is False:
            message["train"] = False
    elif message["role"] == "tool" and isinstance(turn.get("name"), str):
        message["name"] = turn["name"]


def is_parts(content: Any) -> bool:
    return isinstance(content, list) and bool(content) and all(isinstance(part, dict) and "text" in part for part in content)


def read_calls(turn: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """OpenAI's list of tool calls, or its older single function call."""
    calls = from_json(turn.get("tool_calls"))
    if not calls and isinstance(turn.get("function_call"), dict):
        calls, field = [turn["function_call"]], f"{field}.function_call"
    else:
        field = f"{field}.tool_calls"
    if not calls:
        return []
    if not isinstance(calls, list):
        refuse("bad_tool_call", field, calls, say("calls_no_list"))
    return [read_call(call, f"{field}[{index}]") for index, call in enumerate(calls)]


def read_called(content: Any, field: str) -> list[dict[str, Any]]:
    """A turn that is nothing but a call, as JSON text: one object, or a list of them."""
    called = from_json(content)
    if isinstance(called, (dict, list)) and called:
        return [read_call(call, field) for call in (called if isinstance(called, list) else [called])]
    refuse("bad_tool_call", field, content, say("call_no_json"))


def read_call(call: Any, field: str) -> dict[str, Any]:
    inner = call.get("function") if isinstance(call, dict) and isinstance(call.get("function"), dict) else call
    if not isinstance(inner, dict) or not isinstance(inner.get("name"), str) or not inner["name"]:
        refuse("bad_tool_call", field, call, say("call_no_name"))
    arguments = inner.get("arguments", inner.get("parameters"))
    if isinstance(arguments, str):
        try:
            json.loads(arguments)
        except (ValueError, RecursionError):
            refuse("bad_tool_call", field, arguments, say("arguments_no_json", tool=inner["name"]))
    else:
        arguments = json.dumps({} if arguments is None else arguments, ensure_ascii=False)
    number = call.get("id")
    return {"id": number if isinstance(number, str) else None, "name": inner["name"], "arguments": arguments}


def read_tools(reader: Reader, fields: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Definitions of tools, in OpenAI's form whatever they came in: templates expect that."""
    value, name = reader.optional(fields, "tools"), reader.columns["tools"] or "tools"
    if value is None or value == "" or value == []:
        return None
    tools = from_json(value)
    if isinstance(tools, dict):
        tools = [tools]
    if not isinstance(tools, list):
        refuse("bad_tools", name, value, say("tools_no_list"))
    return [read_tool(tool, f"{name}[{index}]") for index, tool in enumerate(tools)] or None


def read_tool(tool: Any, field: str) -> dict[str, Any]:
    tool = from_json(tool)
    inner = tool.get("function") if isinstance(tool, dict) and isinstance(tool.get("function"), dict) else tool
    if not isinstance(inner, dict) or not isinstance(inner.get("name"), str):
        refuse("bad_tools", field, tool, say("tool_no_name"))
    return tool if inner is not tool else {"type": "function", "function": tool}


def check_order(reader: Reader, messages: list[Message], name: Names, *, answered: bool = True) -> list[Message]:
    """The conversation, mended where the reader may; refused where the turns make no sense."""
    if not is_ordered(messages) and reader.mend("roles_out_of_order", name(0), roles_of(messages), say("in_order")):
        messages = bring_into_order(messages)
    previous = "start"
    for index, message in enumerate(messages):
        role = message["role"]
        if previous not in MAY_FOLLOW[role] and not (role == "system" and index == 0):
            message = say("order_start", speaker=role) if previous == "start" else say("order_after", speaker=role, before=previous)
            refuse("roles_out_of_order", name(index), role, message)
        check_words(message, name(index))
        previous = role
    if answered:
        check_answers(messages, name)
    return messages


def check_words(message: Message, field: str) -> None:
    if message["content"].strip() or message.get("toolCalls"):
        return
    if message["role"] == "assistant":
        refuse("empty_answer", field, message["content"], say("empty_answer"))
    if message["role"] == "user":
        refuse("empty_question", field, message["content"], say("empty_question"))


def check_answers(messages: list[Message], name: Names) -> None:
    last = max(0, len(messages) - 1)
    answers = [message for message in messages if message["role"] == "assistant"]
    if not answers:
        refuse("no_assistant_turn", name(last), len(messages), say("no_answer"))
    if all(message.get("train") is False for message in answers):
        refuse("nothing_trained", name(last), len(answers), say("none_trained"))


def is_ordered(messages: list[Message]) -> bool:
    previous = "start"
    for index, message in enumerate(messages):
        if previous not in MAY_FOLLOW[message["role"]] and not (message["role"] == "system" and index == 0):
            return False
        previous = message["role"]
    return True


def bring_into_order(messages: list[Message]) -> list[Message]:
    """Neighbours of one role become one turn; answers before the first question have nothing to answer and go."""
    ordered: list[Message] = []
    for message in messages:
        previous = ordered[-1] if ordered else None
        same = previous is not None and previous["role"] == message["role"] != "tool"
        if previous is not None and same:
            ordered[-1] = join(previous, message)
        elif message["role"] in ("assistant", "tool") and not any(other["role"] == "user" for other in ordered):
            continue
        else:
            ordered.append(message)
    return ordered


def join(first: Message, second: Message) -> Message:
    words = "\n".join(part for part in (first["content"], second["content"]) if part)
    calls = [*first.get("toolCalls", []), *second.get("toolCalls", [])]
    return {**first, **second, "content": words, **({"toolCalls": calls} if calls else {})}


def roles_of(messages: list[Message]) -> str:
    return ", ".join(message["role"] for message in messages)
