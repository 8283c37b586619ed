"""A row seen through another template than the model's own, and with less or more of it shown."""

from pathlib import Path

import pytest

from trainer.inspect.methods import Refused, inspect, templates

MODEL = {"path": str(Path(__file__).parents[1] / "demo" / "model"), "trustRemoteCode": False}
CALL = {"id": None, "name": "find_weather", "arguments": '{"place": "Rome"}'}
TOOL = {"type": "function", "function": {"name": "find_weather", "description": "Looks.", "parameters": {"type": "object", "properties": {}}}}
ROW = {
    "index": 0, "text": None, "tools": [TOOL], "problem": None, "warnings": [],
    "messages": [
        {"role": "user", "content": "Weather?"}, {"role": "assistant", "content": "", "reasoning": "Let me look.", "toolCalls": [CALL]},
        {"role": "tool", "content": "Sun"}, {"role": "assistant", "content": "It is sunny."},
    ],
}  # fmt: skip
QWEN = {"name": "qwen3"}


def trained(row: dict) -> str:
    return "".join(piece for piece, lit in zip(row["pieces"], row["trained"], strict=True) if lit)


def codes(row: dict) -> list[str]:
    return [warning["code"] for warning in row["warnings"]]


def test_the_templates_of_trl_are_listed_without_importing_it():
    assert {"qwen3", "llama3_1", "gptoss", "qwen3_training"} <= set(templates())


def test_tool_calls_that_the_own_template_refuses_are_seen_as_trained_tokens_through_another():
    assert inspect(ROW, MODEL, 2048)["refused"] is not None
    row = inspect(ROW, MODEL, 2048, QWEN)
    assert row["refused"] is None
    assert "find_weather" in trained(row) and "Rome" in trained(row) and "sunny" in trained(row)
    assert "Sun" not in trained(row).replace("sunny", "") and "Weather?" not in trained(row)
    assert "unknown_signs" in codes(row) and "<|im_start|>" in next(each for each in row["warnings"] if each["code"] == "unknown_signs")["message"]


def test_tools_and_thoughts_can_be_left_out_and_the_next_answer_asked_for():
    look = {"tools": True, "reasoning": True, "prompt": False}
    assert "# Tools" in inspect(ROW, MODEL, 2048, QWEN, look)["text"]
    assert "# Tools" not in inspect(ROW, MODEL, 2048, QWEN, look | {"tools": False})["text"]
    asked = inspect(ROW, MODEL, 2048, QWEN, look | {"prompt": True})
    assert asked["text"].rstrip().endswith("<|im_start|>assistant") and not asked["trained"][-1]
    thought = {**ROW, "messages": [ROW["messages"][0], {"role": "assistant", "content": "Sunny.", "reasoning": "Let me look."}]}
    assert "Let me look." in trained(inspect(thought, MODEL, 2048, QWEN, look))
    assert "Let me look." not in inspect(thought, MODEL, 2048, QWEN, look | {"reasoning": False})["text"]


def test_a_template_may_be_a_file_and_a_broken_one_is_refused_for_the_row(tmp_path: Path):
    file = tmp_path / "own.jinja"
    file.write_text("{% for m in messages %}<{{ m.role }}>{{ m.content }}</s>{% endfor %}")
    plain = {**ROW, "tools": None, "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}
    assert "<user>Hi" in inspect(plain, MODEL, 2048, {"path": str(file)})["text"]
    file.write_text("{% for m in messages %}{{ nothing.of.this }}{% endfor %}")
    assert inspect(plain, MODEL, 2048, {"path": str(file)})["refused"]["code"] == "template_refused"


def test_two_starts_are_refused(tmp_path: Path):
    file = tmp_path / "twice.jinja"
    file.write_text("{{ bos_token }}{{ bos_token }}{% for m in messages %}{{ m.content }}{{ eos_token }}{% endfor %}")
    row = inspect({**ROW, "tools": None, "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}, MODEL, 2048, {"path": str(file)})
    assert row["refused"]["code"] == "double_bos" and row["refused"]["said"][0]["params"] == {"token": "<|bos|>"}


@pytest.mark.parametrize("choice", [{"name": "nobody"}, {"name": "../../x"}, {"path": "/nowhere/at.jinja"}])
def test_what_is_no_template_is_told_at_its_field(choice: dict):
    with pytest.raises(Refused) as refused:
        inspect(ROW, MODEL, 2048, choice)
    assert refused.value.field == "settings.template"
