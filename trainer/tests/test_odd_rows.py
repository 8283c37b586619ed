"""Whatever stands where in a row, it becomes a canonical row or is refused with a reason: a check never breaks in the middle."""

import copy
import json
import random
from typing import Any

import pytest
from mappings import ALPACA, MESSAGES, SHAREGPT, mapping
from test_formats import PAIRS
from test_xtuner import ROWS

from trainer.data.guess import guess
from trainer.data.problems import REASONS, RawRow
from trainer.data.row_maker import RowMaker

CALL = {"function": {"name": "f", "arguments": "{}"}}
TURNS = [
    {"role": "user", "content": "Hi"},
    {"role": "assistant", "content": "Hello", "tool_calls": [CALL], "reasoning": "x"},
    {"role": "tool", "content": {"a": 1}, "name": "n"},
    {"role": "assistant", "content": "b"},
]
THOUGHT = '<|startofthink|>{"api_name":"x","parameters":1}<|endofthink|><|startofexec|>{}<|endofexec|>ok'
AGENT = [
    {"from": "system", "value": '{"name":"a","description":"b","paths":[{"parameters":[{}]}]}'},
    {"from": "user", "value": "a"},
    {"from": "assistant", "value": THOUGHT},
]
FORMS: dict[str, tuple[Any, dict]] = {
    **PAIRS,
    **{f"xtuner {name}": (row, mapping("xtuner", xtuner=name)) for name, (row, _) in ROWS.items()},
    "messages": ({"messages": TURNS, "tools": [{"name": "f"}], "system": "s"}, MESSAGES),
    "sharegpt": ({"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}, SHAREGPT),
    "alpaca": ({"instruction": "a", "input": "b", "output": "c", "history": [["a", "b"]]}, ALPACA),
    "ranked": ({"prompt": "a", "responses": [{"text": "x", "rank": 1}, "y"]}, mapping("ranked", prompt="prompt", responses="responses")),
    "kto lists": (
        {"prompt": [{"role": "user", "content": "Hi"}], "completion": [{"role": "assistant", "content": "b"}], "label": False},
        mapping("kto", prompt="prompt", response="completion", label="label"),
    ),
    "kto": ({"messages": TURNS, "label": True}, mapping("kto", messages="messages", label="label")),
    "text": ({"text": "x"}, mapping("text", text="text")),
    "agent": ({"conversations": AGENT}, mapping("xtuner", xtuner="msagent_react")),
}
ODD: list[Any] = [
    None, 0, -1.5, True, "", "\ud800", "\x00", " a ", "[1", "{}", "[]", [], {}, [1], [[]], [{}], {"a": 1}, [None], {"role": "user"},
    [["a"]], "null", 10**30, ["a", "b"], "<|im_end|>", "sk-" + "a" * 30,
]  # fmt: skip
FIX_ALL = {reason: "fix" for reason, kind in REASONS.items() if kind.fixable}


@pytest.mark.parametrize("name", FORMS)
def test_odd_values_anywhere_never_break_a_check(name):
    row, how = FORMS[name]
    makers = [RowMaker(how, actions) for actions in ({}, FIX_ALL)]
    chance = random.Random(name)
    for index in range(300):
        odd = spoil(row, chance)
        for maker in makers:
            made = json.loads(maker.make(RawRow(index, None, odd)).as_line())
            assert made["problem"] is not None or (made["messages"] is None) != (made["text"] is None), odd
    assert isinstance(guess([row, spoil(row, chance)]), list)


def spoil(row: Any, chance: random.Random) -> Any:
    row = copy.deepcopy(row)
    for _ in range(chance.randint(1, 3)):
        node, place = row, None
        while isinstance(node, (dict, list)) and node and chance.random() < 0.8:
            place = (node, chance.choice(list(node) if isinstance(node, dict) else range(len(node))))
            node = node[place[1]]
        if place is None:
            return chance.choice(ODD)
        holder, key = place
        if isinstance(holder, dict) and chance.random() < 0.15:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(chance.choice(ODD))
    return row
