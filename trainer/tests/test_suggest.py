"""Rows of no known form begin the mapping at what is most plausible, and say why."""

from typing import Any

from trainer.data.guess import guess
from trainer.data.suggest import suggest


def told(rows: list[Any]) -> tuple[str, dict[str, str], list[str]]:
    assert guess(rows) == []
    found = suggest(rows)
    columns = {role: name for role, name in found["mapping"]["columns"].items() if name}
    return found["mapping"]["format"], columns, [each["code"] for each in found["said"]]


def test_columns_that_sound_like_a_question_and_an_answer_are_one():
    rows = [{"ask": f"What is {number}?", "reply": f"It is {number}.", "source": "us"} for number in range(20)]
    assert told(rows) == ("prompt_completion", {"prompt": "ask", "response": "reply"}, ["likely_pair_names"])
    assert suggest(rows)["confidence"] == 1


def test_chinese_names_sound_too():
    rows = [{"用户提问": f"{number} 是什么？", "客服答复": f"它是 {number}。"} for number in range(20)]
    assert told(rows) == ("prompt_completion", {"prompt": "用户提问", "response": "客服答复"}, ["likely_pair_names"])


def test_of_two_texts_without_telling_names_the_longer_one_is_the_answer():
    rows = [{"body": f"A long story about {number}, and some more.", "head": f"Story {number}", "kind": "news"} for number in range(20)]
    assert told([{"b": row["body"], "h": row["head"], "kind": "news"} for row in rows]) == (
        "prompt_completion", {"prompt": "h", "response": "b"}, ["likely_pair_longer"],
    )  # fmt: skip


def test_one_text_beside_numbers_and_categories_is_plain_text():
    rows = [{"id": number, "lines": f"Some words about {number}.", "kind": "news"} for number in range(20)]
    assert told(rows) == ("text", {"text": "lines"}, ["likely_text"])


def test_a_list_of_objects_is_a_talk_with_its_own_keys_and_tags():
    talk = [{"who": "patient", "says": "It hurts here, doctor."}, {"who": "doctor", "says": "Then leave it alone for a week."}]
    rows = [{"visit": talk, "id": number} for number in range(5)]
    assert told(rows) == ("sharegpt", {"messages": "visit"}, ["likely_turns", "likely_tags"])
    found = suggest(rows)
    tags = found["mapping"]["tags"]
    assert (tags["roleKey"], tags["contentKey"], tags["user"], tags["assistant"]) == ("who", "says", ["patient"], ["doctor"])
    assert found["confidence"] == 1 and "“patient”, “doctor”" in found["reason"]


def test_known_tags_in_unknown_keys_keep_their_part():
    talk = [{"kind": "assistant", "body": "Yes?"}, {"kind": "user", "body": "Hello"}, {"kind": "assistant", "body": "Good morning."}]
    tags = suggest([{"log": talk}] * 3)["mapping"]["tags"]
    assert (tags["roleKey"], tags["user"], tags["assistant"]) == ("kind", ["user"], ["assistant"])


def test_numbers_alone_are_nothing():
    assert told([{"a": 1, "b": 2}] * 3) == ("prompt_completion", {}, ["likely_nothing"])
    assert suggest([1, 2])["confidence"] == 0


def test_known_columns_of_which_no_row_can_be_read_say_what_is_wrong_with_the_first():
    rows = [{"instruction": f"Question {number}", "output": ""} for number in range(5)]
    assert told(rows) == ("alpaca", {"prompt": "instruction", "response": "output"}, ["form_pair", "likely_near", "empty_answer"])
