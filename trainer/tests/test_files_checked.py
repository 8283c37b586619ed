"""Files as people bring them: read as their first rows suggest, and checked row by row."""

import hashlib
import json
import struct
from itertools import islice

import pytest

from trainer.data.check import check
from trainer.data.guess import SAMPLE_ROWS, guess
from trainer.data.readers import Source, read_rows

GOOD = {"instruction": "Say hello.", "input": "", "output": "Hello."}


@pytest.fixture
def prepare(tmp_path):
    """Reads a file as its first rows suggest, and checks it. Returns the report and the rows that were written."""

    def run(content: object, name: str = "data.json") -> tuple[dict, list[dict]]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        source = Source(path, path.suffix[1:], "utf-8")
        best = guess([row.value for row in islice(read_rows([source]), SAMPLE_ROWS)])[0]
        folder = tmp_path / "out"
        folder.mkdir()
        report, _ = check([source], best["mapping"], {}, folder)
        return report, [json.loads(line) for line in (folder / "rows.jsonl").read_text().splitlines()]

    return run


def lines(*rows: object) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def test_alpaca_becomes_messages_with_system_history_and_input(prepare):
    row = {"instruction": "Add.", "input": "1 and 2", "output": "3", "system": "Be brief.", "history": [["Hi", "Hello"]]}
    report, rows = prepare([row, GOOD])
    assert report["format"] == "alpaca" and report["fileType"] == "json"
    assert rows[0]["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": "Add.\n1 and 2"},
        {"role": "assistant", "content": "3"},
    ]
    assert rows[1] == {
        "index": 1, "messages": [{"role": "user", "content": "Say hello."}, {"role": "assistant", "content": "Hello."}], "text": None,
        "tools": None, "rejected": None, "ranked": None, "label": None, "problem": None, "warnings": [],
    }  # fmt: skip


def test_sharegpt_roles_become_ours(prepare):
    tags = [
        ("system", "S"),
        ("human", "Weather?"),
        ("function_call", '{"name": "sky", "arguments": {}}'),
        ("observation", "sun"),
        ("gpt", "Sunny."),
    ]
    report, rows = prepare([{"conversations": [{"from": tag, "value": text} for tag, text in tags]}])
    assert report["format"] == "sharegpt"
    assert [message["role"] for message in rows[0]["messages"]] == ["system", "user", "assistant", "tool", "assistant"]
    assert report["turns"] == {"mean": 2.0, "max": 2}


def test_messages_are_kept_and_text_parts_are_joined(prepare):
    parts = [{"type": "text", "text": "Hello "}, {"type": "text", "text": "there"}]
    report, rows = prepare(lines({"messages": [{"role": "user", "content": parts}, {"role": "assistant", "content": "Hi"}]}), "data.jsonl")
    assert (report["format"], report["fileType"]) == ("messages", "jsonl")
    assert rows[0]["messages"][0] == {"role": "user", "content": "Hello there"}


def test_a_system_column_stands_before_the_conversation(prepare):
    _, rows = prepare([{"system": "Be kind.", "conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]}])
    assert rows[0]["messages"][0] == {"role": "system", "content": "Be kind."}


def chat(*turns: tuple) -> dict:
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


FINE = chat(("user", "Hi"), ("assistant", "Hello"))
BAD_ROWS = {
    "not_a_string": (chat(("user", 5), ("assistant", "x")), "messages[0].content", "5"),
    "missing": ({"messages": [{"role": "user"}, {"role": "assistant", "content": "x"}]}, "messages[0].content", "None"),
    "empty_answer": (chat(("user", "Hi"), ("assistant", " \n")), "messages[1].content", " \n"),
    "empty_question": (chat(("user", ""), ("assistant", "x")), "messages[0].content", ""),
    "unknown_role": (chat(("alien", "Hi"), ("assistant", "x")), "messages[0].role", "alien"),
    "roles_out_of_order": (chat(("user", "Hi"), ("user", "Hi"), ("assistant", "x")), "messages[1].content", "user"),
    "no_assistant_turn": (chat(("user", "Hi")), "messages[0].content", "1"),
    "not_an_object": ([1, 2], "", "[1, 2]"),
    "not_a_list": ({"messages": "Hi"}, "messages", "Hi"),
    "bad_tools": ({**FINE, "tools": "[1]"}, "tools[0]", "1"),
    "bad_json": ('{"messages": [', "", '{"messages": ['),
    "bad_unicode": (
        '{"messages": [{"role": "user", "content": "\\ud800"}, {"role": "assistant", "content": "x"}]}',
        "messages[0].content",
        None,
    ),
}


@pytest.mark.parametrize("reason", BAD_ROWS)
def test_a_bad_row_is_kept_with_its_reason_and_the_others_are_used(prepare, reason):
    row, field, value = BAD_ROWS[reason]
    report, rows = prepare(lines(FINE, "", row, FINE), "data.jsonl")
    assert (report["rows"], report["usableRows"], report["problemCounts"]) == (3, 2, {reason: 1})
    problem = next(each for each in report["problems"] if each["row"] == 1)
    assert (problem["row"], problem["line"], problem["field"], problem["reason"]) == (1, 3, field, reason)
    assert problem["message"] and (value is None or problem["value"] == value)
    assert (rows[1]["messages"], rows[1]["problem"], problem["severity"]) == (None, problem, "drop")


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({"instruction": "Hi", "output": None}, "output", "missing"),
        ({"instruction": "Hi", "output": 4}, "output", "not_a_string"),
        ({"instruction": "Hi", "output": ""}, "output", "empty_answer"),
        ({"instruction": "", "output": "x"}, "instruction", "empty_question"),
        ({"instruction": "Hi", "output": "x", "history": [["a"]]}, "history[0]", "not_a_pair"),
        ({"instruction": "Hi", "output": "x", "input": 3}, "input", "not_a_string"),
    ],
)
def test_a_bad_alpaca_row_names_its_column(prepare, row, field, reason):
    problem = prepare([GOOD, row])[0]["problems"][0]
    assert (problem["field"], problem["reason"], problem["line"]) == (field, reason, 1)


def test_a_broken_element_of_a_list_is_one_bad_row_with_its_line(prepare):
    broken = b'[\n {"instruction": "a", "output": "b"},\n {"instruction": "a" "output": "b"},\n {"instruction": "c", "output": "d"}\n]'
    report = prepare(broken)[0]
    problem = report["problems"][0]
    assert (report["rows"], report["usableRows"]) == (3, 2)
    assert (problem["row"], problem["line"], problem["reason"]) == (1, 3, "bad_json")


def test_the_index_points_at_every_row(prepare, tmp_path):
    prepare([{**GOOD, "output": f"Grüße {index} 你好"} for index in range(50)])
    data = (tmp_path / "out" / "rows.jsonl").read_bytes()
    index = (tmp_path / "out" / "rows.idx").read_bytes()
    offsets = struct.unpack(f"<{len(index) // 8}Q", index)
    assert [json.loads(data[offset:].split(b"\n")[0])["index"] for offset in offsets] == list(range(50))


def test_the_report_counts_characters_and_hashes_the_file(prepare, tmp_path):
    report = prepare([{"instruction": "a" * n, "output": "b"} for n in range(1, 101)])[0]
    assert report["characters"] == {"median": 51.5, "p95": 96, "max": 101}
    assert report["bytes"] == (tmp_path / "data.json").stat().st_size
    assert report["sha256"] == hashlib.sha256((tmp_path / "out" / "rows.jsonl").read_bytes()).hexdigest()
    assert report["columns"] == ["instruction", "output"]
    assert json.loads((tmp_path / "out" / "report.json").read_text()) == report


HOSTILE = ["9" * 5000, "[" * 100_000, '{"a":' * 400 + "1" + "}" * 400, '{"a":' * 50_000]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_line_with_an_endless_number_or_bottomless_nesting_is_one_bad_row(prepare, value):
    report, rows = prepare(lines(GOOD, '{"instruction":"a","output":' + value + "}", GOOD), "data.jsonl")
    assert report["usableRows"] == 2 and rows[1]["problem"]["row"] == 1


@pytest.mark.parametrize("element", ["9" * 5000, "[" * 500 + "]" * 500])
def test_an_element_of_a_list_that_python_cannot_parse_is_one_bad_row(prepare, element):
    report = prepare(f"[{json.dumps(GOOD)},{element},{json.dumps(GOOD)}]".encode())[0]
    assert (report["rows"], report["usableRows"]) == (3, 2)
