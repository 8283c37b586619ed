"""Data sets as people bring them, through the program as the server runs it."""

import json
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trainer import prepare as program
from trainer.data import readers

SOURCE = Path(__file__).parents[1] / "src"
SHARED = Path("/work/shared/data/llama-factory")
GOOD = {"instruction": "Say hello.", "input": "", "output": "Hello."}


@pytest.fixture
def prepare(tmp_path, capsys):
    """Returns the last line that was printed, and the rows that were written."""

    def run(content: object, name: str = "data.json") -> tuple[dict, list[dict]]:
        source = tmp_path / name
        source.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        code = program.main([str(source), str(tmp_path / "out")])
        last = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert code == (1 if "error" in last else 0)
        rows = tmp_path / "out" / "rows.jsonl"
        return last, [json.loads(line) for line in rows.read_text().splitlines()] if rows.exists() else []

    return run


def lines(*rows: object) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def test_alpaca_becomes_messages_with_system_history_and_input(prepare):
    row = {"instruction": "Add.", "input": "1 and 2", "output": "3", "system": "Be brief.", "history": [["Hi", "Hello"]]}
    printed, rows = prepare([row, GOOD])
    assert printed["report"]["format"] == "alpaca" and printed["report"]["fileType"] == "json"
    assert rows[0]["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": "Add.\n1 and 2"},
        {"role": "assistant", "content": "3"},
    ]
    assert rows[1] == {"index": 1, "problem": None, "messages": [{"role": "user", "content": "Say hello."}, {"role": "assistant", "content": "Hello."}]}


def test_sharegpt_roles_become_ours(prepare):
    tags = [("system", "S"), ("human", "Weather?"), ("function_call", "{}"), ("observation", "sun"), ("gpt", "Sunny.")]
    printed, rows = prepare([{"conversations": [{"from": tag, "value": text} for tag, text in tags]}])
    assert printed["report"]["format"] == "sharegpt"
    assert [message["role"] for message in rows[0]["messages"]] == ["system", "user", "assistant", "tool", "assistant"]
    assert printed["report"]["turns"] == {"mean": 2.0, "max": 2}


def test_messages_are_kept_and_text_parts_are_joined(prepare):
    parts = [{"type": "text", "text": "Hello "}, {"type": "text", "text": "there"}]
    printed, rows = prepare(lines({"messages": [{"role": "user", "content": parts}, {"role": "assistant", "content": "Hi"}]}), "data.jsonl")
    assert (printed["report"]["format"], printed["report"]["fileType"]) == ("messages", "jsonl")
    assert rows[0]["messages"][0] == {"role": "user", "content": "Hello there"}


def test_a_system_column_stands_before_the_conversation(prepare):
    _, rows = prepare([{"system": "Be kind.", "conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]}])
    assert rows[0]["messages"][0] == {"role": "system", "content": "Be kind."}


def test_content_decides_what_a_file_is_and_a_byte_order_mark_does_not_matter(prepare):
    printed, rows = prepare(b"\xef\xbb\xbf" + lines(GOOD, "", GOOD), "data.json")
    assert printed["report"]["fileType"] == "jsonl" and len(rows) == 2
    printed, _ = prepare(b"\xef\xbb\xbf" + json.dumps([GOOD]).encode(), "data.jsonl")
    assert printed["report"]["fileType"] == "json"


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
    "tools_not_supported": ({**FINE, "tools": '[{"name": "f"}]'}, "tools", '[{"name": "f"}]'),
    "bad_json": ('{"messages": [', "", '{"messages": ['),
    "bad_unicode": ('{"messages": [{"role": "user", "content": "\\ud800"}, {"role": "assistant", "content": "x"}]}', "", None),
}


@pytest.mark.parametrize("reason", BAD_ROWS)
def test_a_bad_row_is_kept_with_its_reason_and_the_others_are_used(prepare, reason):
    row, field, value = BAD_ROWS[reason]
    printed, rows = prepare(lines(FINE, "", row, FINE), "data.jsonl")
    report = printed["report"]
    assert (report["rows"], report["usableRows"], report["problemCounts"]) == (3, 2, {reason: 1})
    problem = report["problems"][0]
    assert (problem["row"], problem["line"], problem["field"], problem["reason"]) == (1, 3, field, reason)
    assert problem["message"] and (value is None or problem["value"] == value)
    assert rows[1] == {"index": 1, "messages": None, "problem": problem}


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
    problem = prepare([GOOD, row])[0]["report"]["problems"][0]
    assert (problem["field"], problem["reason"], problem["line"]) == (field, reason, None)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "dataset_empty", "empty"),
        (b"[]", "dataset_empty", "no rows"),
        (b"hello world", "dataset_not_readable", "neither a JSON list nor JSON Lines"),
        (json.dumps([GOOD]).encode("utf-16"), "dataset_not_readable", "UTF-16"),
        ([{"text": "only text"}], "dataset_format_unknown", "“text”"),
        ({"data": [GOOD]}, "dataset_format_unknown", "“data”"),
        (["a", "b"], "dataset_format_unknown", "objects"),
        ([{**GOOD, "output": ""}, {**GOOD, "output": 3}], "dataset_all_rows_bad", "None of the 2 rows"),
        (b"{broken\n{broken\n", "dataset_not_readable", "No line could be read"),
    ],
)
def test_a_file_that_is_no_data_set_is_refused_with_a_code_and_a_sentence(prepare, content, code, words):
    error = prepare(content)[0]["error"]
    assert error["code"] == code and words in error["message"]


def test_a_broken_list_names_the_row_and_the_line(prepare):
    error = prepare(b'[\n {"instruction": "a", "output": "b"},\n {"instruction": "a" "output": "b"}\n]')[0]["error"]
    assert (error["code"], error["row"], error["line"]) == ("dataset_not_readable", 1, 3)


def test_a_list_beyond_the_limit_is_refused_before_it_is_read(prepare, monkeypatch):
    monkeypatch.setattr(readers, "LIST_LIMIT_BYTES", 10)
    error = prepare([GOOD])[0]["error"]
    assert error["code"] == "dataset_not_readable" and "JSON Lines" in error["message"]


def test_the_index_points_at_every_row(prepare, tmp_path):
    prepare([{**GOOD, "output": f"Grüße {index} 你好"} for index in range(50)])
    data = (tmp_path / "out" / "rows.jsonl").read_bytes()
    index = (tmp_path / "out" / "rows.idx").read_bytes()
    offsets = struct.unpack(f"<{len(index) // 8}Q", index)
    assert [json.loads(data[offset:].split(b"\n")[0])["index"] for offset in offsets] == list(range(50))


def test_the_report_counts_characters_and_hashes_the_file(prepare, tmp_path):
    report = prepare([{"instruction": "a" * n, "output": "b"} for n in range(1, 101)])[0]["report"]
    assert report["characters"] == {"median": 51.5, "p95": 96, "max": 101}
    assert len(report["sha256"]) == 64 and report["bytes"] == (tmp_path / "data.json").stat().st_size
    assert report["columns"] == ["instruction", "output"]
    assert json.loads((tmp_path / "out" / "report.json").read_text()) == report


def test_it_starts_without_torch_and_reads_fast(tmp_path):
    source = tmp_path / "many.jsonl"
    source.write_bytes(lines(*[GOOD] * 40_000))
    command = [sys.executable, "-X", "importtime", "-m", "trainer.prepare", str(source), str(tmp_path / "out")]
    began = time.monotonic()
    done = subprocess.run(command, env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, timeout=60)
    assert time.monotonic() - began < 40_000 / 5_000  # Four times slower than the aim, for busy machines.
    assert "torch" not in done.stderr and "transformers" not in done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["report"]["usableRows"] == 40_000


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared demo data is not on this machine")
@pytest.mark.parametrize(("name", "form"), [("alpaca_zh_demo.json", "alpaca"), ("glaive_toolcall_en_demo.json", "sharegpt"), ("kto_en_demo.json", "messages")])
def test_well_known_sets_are_recognised(name, form, tmp_path):
    assert program.prepare(SHARED / name, tmp_path)["format"] == form


HOSTILE = ["9" * 5000, "[" * 100_000, '{"a":' * 400 + "1" + "}" * 400, '{"a":' * 50_000]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_line_with_an_endless_number_or_bottomless_nesting_is_one_bad_row(prepare, value):
    printed, rows = prepare(lines(GOOD, '{"instruction":"a","output":' + value + "}", GOOD), "data.jsonl")
    assert printed["report"]["usableRows"] == 2 and rows[1]["problem"]["row"] == 1


@pytest.mark.parametrize("content", ['{"a":' * 30_000, "[" * 100_000, "[" + json.dumps(GOOD) + "," + "9" * 5000 + "]", "[" + json.dumps(GOOD) + "," + "[" * 100_000])
def test_a_file_that_python_cannot_parse_is_refused_with_a_sentence(prepare, content):
    assert prepare(content.encode())[0]["error"]["code"].startswith("dataset_")
