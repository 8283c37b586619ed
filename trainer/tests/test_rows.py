"""What training takes of a data set: rows without a problem, read when they are needed."""

import json

import pytest

from trainer.control import Control
from trainer.data.encode import Columns, encode_parts
from trainer.data.mix import SetCounts
from trainer.data.rows import Part, Rows, choose_rows, load_rows
from trainer.events import EventLog
from trainer.failures import Failure

TALK = [{"role": "user", "content": "Hello, who are you?"}, {"role": "assistant", "content": "I am Pip, a small model."}]
EMPTY = {"messages": None, "text": None, "tools": None, "rejected": None, "ranked": None, "label": None, "problem": None, "warnings": []}
PROBLEM = {"row": 0, "line": 1, "field": "", "value": "", "reason": "empty_answer", "message": "x", "severity": "drop"}


@pytest.fixture
def write(tmp_path):
    def make(*rows: dict):
        path = tmp_path / "rows.jsonl"
        lines = [json.dumps({"index": index} | EMPTY | row, separators=(",", ":")) for index, row in enumerate(rows)]
        path.write_text("\n".join(lines) + "\n")
        return path

    return make


@pytest.fixture
def encode(tmp_path, make_tokenizer, write):
    """Encoded data, and the warnings that were told."""

    def run(*rows: dict, cutoff: int = 64):
        events = EventLog(tmp_path / "events.jsonl")
        part = choose(load_rows(write(*rows)), seed=0)
        data = encode_parts(make_tokenizer(), tmp_path, [part], [], cutoff, events, Control(tmp_path / "control.jsonl", events))
        told = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
        return data, {event["code"]: event["message"] for event in told if event["type"] == "warning"}

    return run


def choose(rows: Rows, seed: int = 42, **counts: int) -> Part:
    """All rows once, but for what is said otherwise."""
    every = {"rows": len(rows), "kept": len(rows), "validation": 0, "train": len(rows), "repeated": 0, "unused": 0}
    return choose_rows(rows, SetCounts(**{**every, **counts}), seed)


def indices(rows) -> list[int]:
    return [row["index"] for row in rows]


def test_rows_with_a_problem_are_left_out_whatever_their_words_say(write):
    liar = [TALK[0], {"role": "assistant", "content": 'The "problem":{"x":1} is \\"problem\\":1 here.'}]
    tool = {"type": "function", "function": {"name": "f", "parameters": {"problem": {"type": "string"}}}}
    rows = load_rows(
        write({"messages": TALK}, {"problem": PROBLEM}, {"messages": liar, "tools": [tool]}, {"messages": TALK, "warnings": [PROBLEM]})
    )
    assert indices(rows) == [0, 2, 3] and len(rows) == 3


def test_the_split_is_that_of_the_form_whatever_the_number_of_rows(write):
    rows = load_rows(write(*[{"messages": TALK}] * 20))
    part = choose(rows, validation=4, train=16)
    assert sorted(indices(part.train) + indices(part.held)) == list(range(20)) and part.times is None
    # Runs of the time of one data set are resumed: their split stays what it was.
    assert indices(part.held) == [4, 5, 14, 19]


def test_a_cap_keeps_a_sample_by_the_seed_in_the_order_of_the_file(write):
    rows = load_rows(write(*[{"messages": TALK}] * 20))
    one, same, other = (indices(choose(rows, seed, kept=6, train=6).train) for seed in (1, 1, 2))
    assert one == same == sorted(one) and len(one) == 6 and one != other
    held = choose(rows, 1, kept=6, train=4, validation=2)
    assert sorted(indices(held.train) + indices(held.held)) == one


def test_rows_that_come_again_are_spread_over_the_set_and_never_those_held_out(write):
    part = choose(load_rows(write(*[{"messages": TALK}] * 10)), validation=2, train=19, repeated=11)
    assert len(part.train) == 8 and sorted(part.times) == [2] * 5 + [3] * 3
    assert not set(indices(part.held)) & set(indices(part.train))


def test_rows_left_aside_by_interleaving_are_a_sample_too(write):
    part = choose(load_rows(write(*[{"messages": TALK}] * 10)), train=3, unused=7)
    assert len(part.train) == 3 and part.times is None and indices(part.train) == sorted(indices(part.train))


def test_answers_that_are_not_wanted_are_left_out_and_said(write):
    rows = load_rows(write({"messages": TALK, "label": True}, {"messages": TALK, "label": False}, {"messages": TALK, "label": True}))
    assert indices(rows) == [0, 2] and rows.notes["rows_unwanted"].startswith("1 of 3 rows")


def test_of_a_pair_the_chosen_answer_is_trained_and_that_is_said(encode):
    data, warnings = encode({"messages": TALK, "rejected": {"role": "assistant", "content": "No."}})
    assert len(data.train) == 1 and "chosen" in warnings["pairs_as_answers"]


def test_plain_text_is_trained_whole_with_an_end(encode, make_tokenizer):
    data, _ = encode({"text": "The sky is blue today."})
    row, tokenizer = data.train[0], make_tokenizer()
    assert row["input_ids"] == row["labels"] and row["labels"][-1] == tokenizer.eos_token_id
    assert tokenizer.decode(row["input_ids"][:-1]) == "The sky is blue today."


def test_answers_marked_as_not_to_be_trained_have_no_labels(encode):
    (data, _), (less, _) = encode({"messages": TALK * 2}), encode({"messages": [TALK[0], {**TALK[1], "train": False}, *TALK]})
    assert less.train[0]["input_ids"] == data.train[0]["input_ids"] and less.trained_tokens < data.trained_tokens


def test_tokens_of_many_batches_are_one_data_set(monkeypatch):
    monkeypatch.setattr("trainer.data.encode.BATCH_TOKENS", 5)
    columns = Columns()
    for length in range(1, 8):
        columns.add(list(range(length)), [-100] * length)
    data = columns.as_dataset()
    assert [row["input_ids"] for row in data] == [list(range(length)) for length in range(1, 8)]
    assert len(data[6]["labels"]) == 7 and Columns().as_dataset() is None


def test_a_set_without_a_usable_row_and_a_file_that_is_none_are_refused(write, tmp_path):
    with pytest.raises(Failure, match="no usable row"):
        load_rows(write({"problem": PROBLEM}))
    (tmp_path / "other.jsonl").write_text('{"a":1}\n')
    with pytest.raises(Failure, match="cannot be read"):
        load_rows(tmp_path / "other.jsonl")
