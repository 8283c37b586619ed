"""Each way of writing training data becomes the one that we keep, or a sentence that names the field."""

import json

import pytest
from mappings import ALPACA, MESSAGES, SHAREGPT, mapping, said

from trainer.data.formats import Converter, convert
from trainer.data.problems import RowError

CALL = {"id": "c1", "type": "function", "function": {"name": "sky", "arguments": '{"city": "Ulm"}'}}
TOOL = {"name": "sky", "parameters": {"type": "object"}}
ASKED = [("user", "Hi"), ("assistant", "Hello")]


def refusal(value: object, how: dict) -> tuple[str, str]:
    with pytest.raises(RowError) as error:
        convert(value, how)
    return error.value.reason, error.value.field


def test_alpaca_joins_instruction_and_input_and_puts_system_and_history_before():
    row = {"instruction": "Add.", "input": "1 and 2", "output": "3", "system": "Be brief.", "history": [["Hi", "Hello"]]}
    assert said(convert(row, ALPACA)) == [("system", "Be brief."), *ASKED, ("user", "Add.\n1 and 2"), ("assistant", "3")]


def test_an_instruction_may_be_empty_when_the_input_is_not():
    assert said(convert({"instruction": "", "input": "1+1", "output": "2"}, ALPACA))[0] == ("user", "1+1")
    assert refusal({"instruction": "", "input": "", "output": "2"}, ALPACA) == ("empty_question", "instruction")


def test_columns_may_have_any_name_and_a_system_text_stands_in_for_a_missing_one():
    how = mapping("alpaca", prompt="frage", response="antwort", system="rolle", system_text="Be kind.")
    assert said(convert({"frage": "Hi", "antwort": "Hello"}, how)) == [("system", "Be kind."), *ASKED]
    assert said(convert({"frage": "Hi", "antwort": "Hello", "rolle": "Be stern."}, how))[0] == ("system", "Be stern.")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"instruction": "a", "output": {"text": "b"}}, ("not_a_string", "output")),
        ({"instruction": ["a"], "output": "b"}, ("not_a_string", "instruction")),
        ({"instruction": "a", "output": "b", "history": [["q"]]}, ("not_a_pair", "history[0]")),
        ({"instruction": "a", "output": "b", "history": [["q", 5]]}, ("not_a_string", "history[0][1]")),
        ({"instruction": "a", "output": "b", "images": ["a.png"]}, ("media_not_supported", "images")),
        ("plain", ("not_an_object", "")),
    ],
)
def test_faults_of_type_that_libraries_take_silently_are_told(row, expected):
    assert refusal(row, ALPACA) == expected


def test_sharegpt_with_tools_calls_and_results():
    turns = [
        {"from": "human", "value": "Weather?"},
        {"from": "function_call", "value": json.dumps({"name": "sky", "arguments": {"city": "Ulm"}})},
        {"from": "observation", "value": {"sun": True}},
        {"from": "gpt", "value": "Sunny."},
    ]
    row = convert({"conversations": turns, "tools": json.dumps([TOOL])}, SHAREGPT)
    assert row["messages"][1] == {
        "role": "assistant",
        "content": "",
        "toolCalls": [{"id": None, "name": "sky", "arguments": '{"city": "Ulm"}'}],
    }
    assert row["messages"][2] == {"role": "tool", "content": '{"sun": true}'}
    assert row["tools"] == [{"type": "function", "function": TOOL}]


def test_tags_can_be_set_and_an_unknown_one_is_named():
    how = mapping("sharegpt", messages="talk", keys=("speaker", "text"))
    how["tags"] |= {"user": ["Kunde"], "assistant": ["Hilfe"]}
    assert said(convert({"talk": [{"speaker": "Kunde", "text": "Hi"}, {"speaker": "Hilfe", "text": "Hello"}]}, how)) == ASKED
    assert refusal({"talk": [{"speaker": "Chef", "text": "Hi"}]}, how) == ("unknown_role", "talk[0].speaker")


def test_openai_messages_keep_calls_results_thoughts_and_weights():
    row = convert(
        {
            "messages": [
                {"role": "developer", "content": "Be brief."},
                {"role": "user", "content": [{"type": "text", "text": "Weather"}, {"type": "text", "text": "?"}]},
                {"role": "assistant", "content": None, "tool_calls": [CALL], "reasoning_content": "Look it up."},
                {"role": "tool", "name": "sky", "content": "sun"},
                {"role": "assistant", "content": "Sunny.", "weight": 0},
                {"role": "user", "content": "Thanks"},
                {"role": "assistant", "content": "Welcome."},
            ],
            "tools": [{"type": "function", "function": TOOL}],
        },
        MESSAGES,
    )
    assert row["messages"][:2] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Weather?"}]
    called = {"id": "c1", "name": "sky", "arguments": '{"city": "Ulm"}'}
    assert row["messages"][2] == {"role": "assistant", "content": "", "toolCalls": [called], "reasoning": "Look it up."}
    assert row["messages"][3] == {"role": "tool", "content": "sun", "name": "sky"}
    assert row["messages"][4]["train"] is False and row["tools"] == [{"type": "function", "function": TOOL}]


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}], ("media_not_supported", "messages[0].content[0]")),
        ([{"role": "user", "content": "a"}, {"role": "assistant", "content": None}], ("missing", "messages[1].content")),
        (
            [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"function": {}}]}],
            ("bad_tool_call", "messages[1].tool_calls[0]"),
        ),
        (
            [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0}],
            ("nothing_trained", "messages[1].content"),
        ),
        ([{"role": "assistant", "content": "a"}], ("roles_out_of_order", "messages[0].content")),
        ([], ("no_assistant_turn", "messages[0].content")),
    ],
)
def test_messages_that_make_no_sense_are_refused(turns, expected):
    assert refusal({"messages": turns}, MESSAGES) == expected


def test_lists_in_tables_may_be_written_as_json_text():
    assert (
        said(convert({"messages": json.dumps([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}])}, MESSAGES))
        == ASKED
    )


def test_prompt_and_completion_are_texts_or_lists_of_messages():
    how = mapping("prompt_completion", prompt="prompt", response="completion")
    assert said(convert({"prompt": "Hi", "completion": "Hello"}, how)) == ASKED
    lists = {"prompt": [{"role": "user", "content": "Hi"}], "completion": [{"role": "assistant", "content": "Hello"}]}
    assert said(convert(lists, how)) == ASKED


ANSWERS = {"chosen": "Hello", "rejected": "No"}
TURNS = {"chosen": [{"role": "assistant", "content": "Hello"}], "rejected": [{"role": "assistant", "content": "No"}]}
WHOLE = {
    side: [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": words}]
    for side, words in (("chosen", "Hello"), ("rejected", "No"))
}
SIDES = {"chosen": "chosen", "rejected": "rejected"}
PAIRS = {
    "llama-factory alpaca": (
        {"instruction": "Hi", "input": "", **ANSWERS},
        mapping("preference", prompt="instruction", query="input", **SIDES),
    ),
    "llama-factory sharegpt": (
        {
            "conversations": [{"from": "human", "value": "Hi"}],
            "chosen": {"from": "gpt", "value": "Hello"},
            "rejected": {"from": "gpt", "value": "No"},
        },
        mapping("preference", messages="conversations", keys=("from", "value"), **SIDES),
    ),
    "trl": ({"prompt": "Hi", **ANSWERS}, mapping("preference", prompt="prompt", **SIDES)),
    "trl messages": ({"prompt": [{"role": "user", "content": "Hi"}], **TURNS}, mapping("preference", prompt="prompt", **SIDES)),
    "trl implicit prompt": (WHOLE, mapping("preference", **SIDES)),
    "the conversation repeated on both sides": ({"prompt": "Hi", **WHOLE}, mapping("preference", prompt="prompt", **SIDES)),
    "human and assistant in one text": (
        {"chosen": "\n\nHuman: Hi\n\nAssistant: Hello", "rejected": "\n\nHuman: Hi\n\nAssistant: No"},
        mapping("preference", **SIDES),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_pairs_of_answers_in_every_form_say_the_same(name):
    row = convert(*PAIRS[name])
    assert said(row) == ASKED and row["rejected"] == {"role": "assistant", "content": "No"}


def test_a_pair_without_a_prompt_is_refused():
    assert refusal(ANSWERS, mapping("preference", **SIDES)) == ("missing", "chosen")
    assert (
        refusal({**WHOLE, "rejected": [{"role": "user", "content": "Bye"}, WHOLE["rejected"][1]]}, mapping("preference", **SIDES))[0]
        == "roles_out_of_order"
    )


@pytest.mark.parametrize(
    ("row", "how"),
    [
        (
            {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}], "label": False},
            mapping("kto", messages="messages", label="label"),
        ),
        (
            {"instruction": "Hi", "output": "Hello", "kto_tag": False},
            mapping("kto", prompt="instruction", response="output", label="kto_tag"),
        ),
        ({"prompt": "Hi", "completion": "Hello", "label": "false"}, mapping("kto", prompt="prompt", response="completion", label="label")),
        (
            {"prompt": [{"role": "user", "content": "Hi"}], "completion": TURNS["chosen"], "label": 0},
            mapping("kto", prompt="prompt", response="completion", label="label"),
        ),
    ],
)
def test_kto_in_every_form_keeps_its_label(row, how):
    assert said(convert(row, how)) == ASKED and convert(row, how)["label"] is False
    assert refusal({**row, how["columns"]["label"]: "maybe"}, how) == ("not_a_label", how["columns"]["label"])


@pytest.mark.parametrize(
    "answers",
    [
        ["Hello", "Hm", "No"],
        [{"text": "No", "rank": 3}, {"text": "Hello", "rank": 1}, {"text": "Hm", "rank": 2}],
        [{"content": "No", "score": 0.1}, {"content": "Hello", "score": 0.9}, {"content": "Hm", "score": 0.5}],
    ],
)
def test_ranked_answers_stand_best_first(answers):
    row = convert({"prompt": "Hi", "responses": answers}, mapping("ranked", prompt="prompt", responses="responses"))
    assert said(row) == ASKED and [answer["content"] for answer in row["ranked"]] == ["Hello", "Hm", "No"]


def test_plain_text_has_no_messages():
    row = convert({"text": "Once upon a time."}, mapping("text", text="text"))
    assert (row["text"], row["messages"]) == ("Once upon a time.", None)
    assert convert("Once.", mapping("text"))["text"] == "Once."
    assert refusal({"text": " "}, mapping("text", text="text")) == ("empty_text", "text")


def test_what_can_be_mended_is_mended_only_when_asked():
    turns = [("assistant", "Welcome"), ("user", "Hi"), ("user", "you"), ("assistant", "Hello")]
    row = {"messages": [{"role": role, "content": words} for role, words in turns]}
    assert refusal(row, MESSAGES)[0] == "roles_out_of_order"
    mender = Converter(MESSAGES, frozenset({"roles_out_of_order", "not_a_string"}))
    assert said(mender(row)) == [("user", "Hi\nyou"), ("assistant", "Hello")]
    assert [each[0] for each in mender.mended] == ["roles_out_of_order"]
    assert said(mender({"messages": [{"role": "user", "content": 5}, {"role": "assistant", "content": True}]})) == [
        ("user", "5"),
        ("assistant", "true"),
    ]
    assert (
        said(mender({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]})) == ASKED
        and not mender.mended
    )
