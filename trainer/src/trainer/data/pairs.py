"""Answers that were compared: preference pairs, wanted and unwanted answers (KTO), ranked answers."""

import re
from typing import Any

from trainer.data.fields import Message, Reader, from_json
from trainer.data.problems import kind_of, refuse
from trainer.data.prompts import as_turns, read_prompt
from trainer.data.sentences import say
from trainer.data.turns import check_order, read_tools, read_turn, read_turns

SPOKEN = re.compile(r"\n\n(Human|Assistant):")
YES_NO = {"true": True, "false": False, "1": True, "0": False}


def convert_preference(reader: Reader, value: Any) -> dict[str, Any]:
    fields = reader.row(value)
    (chosen, chosen_name), (rejected, rejected_name) = (reader.need(fields, role) for role in ("chosen", "rejected"))
    if reader.columns["messages"] is None and reader.columns["prompt"] is None:
        before, good, bad = split_implicit(
            reader, fields, read_side(reader, chosen, chosen_name), read_side(reader, rejected, rejected_name)
        )
        names = [chosen_name] * len(before)
    else:
        before, names = read_before(reader, fields)
        good, before = read_answer(reader, chosen, chosen_name, before)
        bad, _ = read_answer(reader, rejected, rejected_name, before)
        names = names[: len(before)] + [chosen_name] * (len(before) - len(names))
    messages = check_order(reader, [*before, good], [*names, chosen_name].__getitem__)
    check_order(reader, [*before, bad], [*names, rejected_name].__getitem__)
    return {"messages": messages, "rejected": bad, "tools": read_tools(reader, fields)}


def convert_kto(reader: Reader, value: Any) -> dict[str, Any]:
    fields = reader.row(value)
    if reader.columns["messages"] is not None and reader.columns["response"] is None:
        turns, column = reader.need(fields, "messages")
        messages = read_turns(reader, turns, column)
        system = reader.system(fields) if messages and messages[0]["role"] != "system" else []
        messages, names = system + messages, [column] * max(1, len(messages) + len(system))
    else:
        before, names = read_before(reader, fields)
        response, name = reader.need(fields, "response")
        answer = as_turns(reader, response, name, "assistant")
        messages, names = [*before, *answer], names + [name] * max(1, len(answer))
    messages = check_order(reader, messages, names.__getitem__)
    return {"messages": messages, "label": read_label(reader, fields), "tools": read_tools(reader, fields)}


def convert_ranked(reader: Reader, value: Any) -> dict[str, Any]:
    fields = reader.row(value)
    before, names = read_before(reader, fields)
    answers, name = reader.need(fields, "responses")
    answers = from_json(answers)
    if not isinstance(answers, list) or len(answers) < 2:
        refuse("not_a_list", name, answers, say("ranked_no_list"))
    places = sorted(range(len(answers)), key=lambda index: rank_of(answers[index], index))
    ranked = [read_ranked(reader, answers[index], f"{name}[{index}]") for index in places]
    for index, answer in zip(places, ranked, strict=True):
        check_order(reader, [*before, answer], [*names, f"{name}[{index}]"].__getitem__)
    return {"messages": [*before, ranked[0]], "ranked": ranked, "tools": read_tools(reader, fields)}


def read_before(reader: Reader, fields: dict[str, Any]) -> tuple[list[Message], list[str]]:
    """The conversation up to the answer: a list of turns, a list in the column of prompts, or alpaca's columns."""
    role = "messages" if reader.columns["messages"] is not None else "prompt"
    value, name = reader.need(fields, role)
    if role == "prompt" and not isinstance(from_json(value), list):
        return read_prompt(reader, fields)
    messages = read_turns(reader, value, name)
    if messages and messages[0]["role"] != "system":
        messages = reader.system(fields) + messages
    return messages, [name] * len(messages)


def read_answer(reader: Reader, value: Any, name: str, before: list[Message]) -> tuple[Message, list[Message]]:
    """The answer, and what stands before it: some sets repeat the whole conversation in front of each answer."""
    value = from_json(value) if not isinstance(value, str) else value
    if isinstance(value, str):
        return {"role": "assistant", "content": value}, before
    if isinstance(value, dict):
        return must_answer(read_turn(reader, value, name), name), before
    turns = read_turns(reader, value, name)
    if not turns:
        refuse("missing", name, value, say("side_without_answer", field=name))
    *repeated, answer = turns
    return must_answer(answer, name), repeated if len(repeated) >= len(before) else before


def must_answer(message: Message, name: str) -> Message:
    if message["role"] != "assistant":
        refuse("roles_out_of_order", name, message["role"], say("side_without_end", field=name))
    return message


def read_side(reader: Reader, value: Any, name: str) -> list[Message]:
    """One side of a pair whose prompt is not written apart: messages, or one text spoken by Human and Assistant."""
    if isinstance(from_json(value), list):
        return read_turns(reader, value, name)
    text = reader.text(value, name)
    pieces = SPOKEN.split(text)
    if len(pieces) < 3 or pieces[0].strip():
        refuse("missing", name, text, say("side_without_prompt"))
    roles = {"Human": "user", "Assistant": "assistant"}
    return [{"role": roles[who], "content": words.strip()} for who, words in zip(pieces[1::2], pieces[2::2], strict=True)]


def split_implicit(
    reader: Reader, fields: dict[str, Any], chosen: list[Message], rejected: list[Message]
) -> tuple[list[Message], Message, Message]:
    names = [reader.columns[role] or role for role in ("chosen", "rejected")]
    if not chosen or not rejected:
        refuse("missing", names[0 if not chosen else 1], None, say("side_empty"))
    if chosen[:-1] != rejected[:-1]:
        refuse("roles_out_of_order", names[1], len(rejected), say("sides_differ"))
    before = chosen[:-1]
    if not before or before[0]["role"] != "system":
        before = reader.system(fields) + before
    return before, must_answer(chosen[-1], names[0]), must_answer(rejected[-1], names[1])


def read_label(reader: Reader, fields: dict[str, Any]) -> bool:
    value, name = reader.need(fields, "label")
    label = YES_NO.get(str(value).lower()) if isinstance(value, (bool, int, str)) else None
    if label is None:
        refuse("not_a_label", name, value, say("no_label", field=name, kind=kind_of(value)))
    return label


def rank_of(answer: Any, place: int) -> float:
    if isinstance(answer, dict):
        for key, sign in (("rank", 1), ("score", -1)):
            if isinstance(answer.get(key), (int, float)):
                return sign * answer[key]
    return place


def read_ranked(reader: Reader, answer: Any, field: str) -> Message:
    if isinstance(answer, dict) and reader.role_key in answer:
        return must_answer(read_turn(reader, answer, field), field)
    if isinstance(answer, dict):
        key = next((key for key in ("content", "text", "answer", "response", "value") if key in answer), "text")
        return {"role": "assistant", "content": reader.text(answer.get(key), f"{field}.{key}")}
    return {"role": "assistant", "content": reader.text(answer, field)}
