"""XTuner's form and its map functions, with what people rely on (reference: seeds 8.2)."""

import json

import pytest
from mappings import mapping, said

from trainer.data import xtuner
from trainer.data.formats import convert
from trainer.data.problems import RowError


def mapped(name: str, row: object) -> dict:
    return convert(row, mapping("xtuner", xtuner=name))


def reason(name: str, row: object) -> tuple[str, str]:
    with pytest.raises(RowError) as error:
        mapped(name, row)
    return error.value.reason, error.value.field


ASKED = [("user", "Q"), ("assistant", "A")]
ROWS = {
    "conversation": ({"conversation": [{"system": "S", "input": "Q", "output": "A"}]}, [("system", "S"), *ASKED]),
    "alpaca": ({"instruction": "Q", "input": "", "output": "A"}, [("user", "Q\n"), ("assistant", "A")]),
    "alpaca_zh": ({"instruction_zh": "Q", "input_zh": "x", "output_zh": "A"}, [("user", "Q\nx"), ("assistant", "A")]),
    "default": ({"input": "Q", "output": "A"}, ASKED),
    "oasst1": ({"text": "### Human: Q### Assistant: A### Human: more"}, ASKED),
    "openai": (
        {"messages": [{"role": "assistant", "content": "x"}, {"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]},
        ASKED,
    ),
    "openorca": ({"system_prompt": "S", "question": "Q", "response": "A"}, [("system", "S"), *ASKED]),
    "wizardlm": ({"conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]}, ASKED),
    "medical": ({"instruction": "Q", "input": "x", "output": "A"}, [("system", xtuner.DOCTOR), ("user", "Q\nx"), ("assistant", "A")]),
    "law_reference": ({"question": "Q", "answer": "A"}, [("system", xtuner.LAWYER), *ASKED]),
    "crime_kg_assitant": ({"input": "Q", "output": "A"}, [("system", xtuner.LAWYER), *ASKED]),
    "sql": ({"context": "TABLE", "question": "Q", "answer": "A"}, [("system", xtuner.SQL), ("user", "TABLE\nQ"), ("assistant", "A")]),
    "code_alpaca": ({"prompt": "Q", "completion": "A"}, [("system", xtuner.CODER), *ASKED]),
    "tiny_codes": ({"prompt": "Q", "response": "A"}, [("system", xtuner.CODER), *ASKED]),
    "stack_exchange": ({"question": "Q", "response": "A"}, ASKED),
    "arxiv": ({"abstract": "Q", "title": "A"}, [("system", xtuner.TITLES), *ASKED]),
    "colors": ({"description": "Red: Q", "color": "A"}, [("system", xtuner.COLORIST), *ASKED]),
}


@pytest.mark.parametrize("name", ROWS)
def test_each_map_function_makes_its_turns(name):
    row, turns = ROWS[name]
    assert said(mapped(name, row)) == turns


def test_every_map_function_is_tried_here():
    assert {*ROWS, "msagent_react", "pretrain"} == set(xtuner.MAPS)


def test_rows_that_say_they_have_no_answer_are_dropped():
    assert reason("alpaca", {"instruction": "Q", "input": "", "output": "<nooutput>"}) == ("no_output", "output")


def test_answers_without_loss_are_shown_and_not_trained():
    turns = [{"input": "Q", "output": "A", "output_with_loss": False}, {"input": "R", "output": "B"}]
    assert [message.get("train") for message in mapped("conversation", {"conversation": turns})["messages"]] == [None, False, None, None]
    talk = [
        {"role": "user", "content": "Q"},
        {"role": "assistant", "content": "A", "loss": "false"},
        {"role": "user", "content": "R"},
        {"role": "assistant", "content": "B", "loss": True},
    ]
    assert [message.get("train") for message in mapped("openai", {"messages": talk})["messages"]] == [None, False, None, None]


def test_a_turn_without_a_question_is_text_for_pre_training():
    assert mapped("conversation", {"conversation": [{"input": "", "output": "Once upon a time."}]})["text"] == "Once upon a time."
    assert mapped("pretrain", {"text": " Once. \n"})["text"] == "Once."


@pytest.mark.parametrize(
    ("conversation", "expected"),
    [
        ([], ("not_a_list", "conversation")),
        ([{"input": {"conversation": "x"}, "output": "A"}], ("not_a_string", "conversation[0].input")),
        ([{"input": "Q"}], ("missing", "conversation[0].output")),
        ([{"input": "Q", "output": "A"}, {"system": "S", "input": "R", "output": "B"}], ("roles_out_of_order", "conversation[1].system")),
    ],
)
def test_a_conversation_that_xtuner_would_choke_on_names_its_field(conversation, expected):
    assert reason("conversation", {"conversation": conversation}) == expected


def test_the_message_of_a_nested_object_names_its_keys():
    with pytest.raises(RowError, match=r"conversation\[0\].input” must be text; it is an object with “conversation”"):
        mapped("conversation", {"conversation": [{"input": {"conversation": "x"}, "output": "A"}]})


def test_agent_dialogues_become_thought_action_and_answer():
    tool = {"name": "sky", "description": "Weather", "paths": [{"parameters": [{"name": "city", "description": "Where"}]}]}
    call = '<|startofthink|>```JSON\n{"api_name": "sky", "parameters": {"city": "Ulm"}}```<|endofthink|>'
    answer = f'I look.{call}<|startofexec|>```JSON\n{{"sun": true}}```<|endofexec|>It is sunny.'
    turns = [
        {"from": "system", "value": f"Tools: {json.dumps(tool)}"},
        {"from": "user", "value": "Weather?"},
        {"from": "assistant", "value": answer},
    ]
    messages = mapped("msagent_react", {"conversations": json.dumps(turns)})["messages"]
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "tool", "assistant"]
    assert "sky" in messages[0]["content"] and "Where" in messages[0]["content"]
    assert messages[2]["content"] == "Thought:I look.\nAction:sky\nAction Input:{'city': 'Ulm'}\n\n"
    assert messages[3]["content"] == "Response:{'sun': True}\n" and messages[4]["content"] == "Final Answer:It is sunny.\n"
    plain = [turns[1], {"from": "assistant", "value": "Sunny."}]
    assert said(mapped("msagent_react", {"conversations": plain}))[1] == ("assistant", "Final Answer:Sunny.\n")
