"""Recognition: the right mapping first, with how sure we are and why."""

import json
from itertools import islice
from pathlib import Path

import pytest
from test_formats import PAIRS
from test_xtuner import ROWS

from trainer.data.check import check
from trainer.data.formats import convert
from trainer.data.guess import guess
from trainer.data.readers import Source, read_rows

SHARED = Path("/work/shared/data/llama-factory")
TALK = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
KNOWN = {
    "alpaca_en_demo.json": ("alpaca", 999), "alpaca_zh_demo.json": ("alpaca", 1000), "identity.json": ("alpaca", 91),
    "glaive_toolcall_en_demo.json": ("sharegpt", 300), "dpo_en_demo.json": ("preference", 300), "kto_en_demo.json": ("kto", 300),
    "c4_demo.jsonl": ("text", 300), "wiki_demo.txt": ("text", 30),
}  # fmt: skip
KINDS = {".json": "json", ".jsonl": "jsonl", ".txt": "text"}
NOT_SETS = {"dataset_info.json"}


def best(*rows: object) -> dict:
    return guess(list(rows))[0]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared demo data is not on this machine")
@pytest.mark.parametrize("name", KNOWN)
def test_every_shared_set_is_recognised_and_every_row_of_it_converts(name, tmp_path):
    source = Source(SHARED / name, KINDS[Path(name).suffix])
    found = guess([row.value for row in islice(read_rows([source]), 100)])
    form, rows = KNOWN[name]
    assert (found[0]["mapping"]["format"], found[0]["confidence"]) == (form, 1.0)
    report, _ = check([source], found[0]["mapping"], {}, tmp_path)
    assert (report["rows"], report["usableRows"]) == (rows, rows)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared demo data is not on this machine")
def test_no_shared_file_is_forgotten_here():
    assert {path.name for path in SHARED.iterdir()} == {*KNOWN, *NOT_SETS}


@pytest.mark.parametrize(
    ("row", "form", "columns"),
    [
        ({"instruction": "a", "input": "", "output": "b"}, "alpaca", {"prompt": "instruction", "query": "input", "response": "output"}),
        ({"question": "a", "answer": "b"}, "alpaca", {"prompt": "question", "response": "answer"}),
        ({"Question": "a", "Answer": "b"}, "alpaca", {"prompt": "Question", "response": "Answer"}),
        ({"prompt": "a", "completion": "b"}, "prompt_completion", {"prompt": "prompt", "response": "completion"}),
        ({"messages": TALK, "tools": "[]"}, "messages", {"messages": "messages", "tools": "tools"}),
        ({"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}, "sharegpt", {"messages": "conversations"}),
        ({"dialog": json.dumps(TALK)}, "messages", {"messages": "dialog"}),
        ({"prompt": "a", "chosen": "b", "rejected": "c"}, "preference", {"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"}),
        ({"prompt": "a", "completion": "b", "label": True}, "kto", {"prompt": "prompt", "response": "completion", "label": "label"}),
        ({"messages": TALK, "kto_tag": False}, "kto", {"messages": "messages", "label": "kto_tag"}),
        ({"prompt": "a", "responses": ["b", "c"]}, "ranked", {"prompt": "prompt", "responses": "responses"}),
        ({"text": "Once upon a time."}, "text", {"text": "text"}),
        ({"story": "Once upon a time."}, "text", {"text": "story"}),
        ({"notes": "Once upon a time."}, "text", {"text": "notes"}),
    ],
)
def test_columns_tell_the_format(row, form, columns):
    found = best(row, row)
    assert found["mapping"]["format"] == form
    assert {role: name for role, name in found["mapping"]["columns"].items() if name} == columns
    assert found["confidence"] == 1.0 and all(f"“{name}”" in found["reason"] for role, name in columns.items() if role not in ("system",))


@pytest.mark.parametrize("name", PAIRS)
def test_every_form_of_pairs_is_recognised_and_read_alike(name):
    row, how = PAIRS[name]
    assert convert(row, best(row)["mapping"]) == convert(row, how)


@pytest.mark.parametrize("name", ["conversation", "alpaca_zh", "sql", "arxiv", "colors", "oasst1", "openorca"])
def test_sets_of_xtuner_are_recognised(name):
    assert name in [found["mapping"]["xtunerMap"] for found in guess([ROWS[name][0]])]


def test_a_label_of_classes_is_no_kto_and_chosen_alone_is_no_pair():
    assert best({"text": "Nice.", "label": 1})["mapping"]["format"] == "text"
    assert best({"prompt": "a", "completion": "b", "label": "positive"})["mapping"]["format"] == "prompt_completion"
    assert best({"prompt": "a", "completion": "b", "chosen": "c"})["mapping"]["format"] == "prompt_completion"


def test_the_confidence_is_the_share_of_rows_that_convert():
    found = best(*[{"instruction": "a", "output": "b"}] * 3, {"instruction": "a", "output": 5})
    assert found["confidence"] == 0.75 and found["reason"].startswith("3 of the first 4 rows fit")


def test_nothing_is_guessed_where_nothing_fits():
    assert guess([{"colour": 1}]) == [] and guess([]) == [] and guess([None, 5]) == []


def test_lists_of_texts_are_texts():
    assert best("Once.", "Twice.")["mapping"]["format"] == "text"
