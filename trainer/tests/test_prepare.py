"""Data sets as people bring them, through the program as the server runs it."""

import gzip
import hashlib
import json
import struct
import subprocess
import sys
import time
from pathlib import Path

import pyarrow
import pytest

from trainer import prepare as program

SOURCE = Path(__file__).parents[1] / "src"
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
    printed, rows = prepare(lines(FINE, "", row, FINE), "data.jsonl")
    report = printed["report"]
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
    problem = prepare([GOOD, row])[0]["report"]["problems"][0]
    assert (problem["field"], problem["reason"], problem["line"]) == (field, reason, 1)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "dataset_empty", "empty"),
        (b"[]", "dataset_empty", "no rows"),
        (b"hello world", "dataset_not_readable", "neither a JSON list nor JSON Lines"),
        ([{"colour": 1}], "dataset_format_unknown", "“colour”"),
        ({"data": [GOOD]}, "dataset_format_unknown", "“data”"),
        ([1, 2], "dataset_format_unknown", "objects"),
        ([{**GOOD, "output": ""}, {**GOOD, "output": 3}], "dataset_format_unknown", "The answer is empty"),
        (b"{broken\n{broken\n", "dataset_format_unknown", "{broken"),
        (b"PK\x03\x04 and so on", "dataset_not_readable", "zip"),
    ],
)
def test_a_file_that_is_no_data_set_is_refused_with_a_code_and_a_sentence(prepare, content, code, words):
    error = prepare(content)[0]["error"]
    assert error["code"] == code and words in error["message"]


def test_a_broken_element_of_a_list_is_one_bad_row_with_its_line(prepare):
    broken = b'[\n {"instruction": "a", "output": "b"},\n {"instruction": "a" "output": "b"},\n {"instruction": "c", "output": "d"}\n]'
    report = prepare(broken)[0]["report"]
    problem = report["problems"][0]
    assert (report["rows"], report["usableRows"]) == (3, 2)
    assert (problem["row"], problem["line"], problem["reason"]) == (1, 3, "bad_json")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030", "big5"])
def test_other_encodings_are_found_and_read(prepare, encoding):
    row = {"instruction": "請用一句話介紹自己。你是誰？", "input": "", "output": "我是一個小模型，很高興見到你。我可以回答簡單的問題。"}
    printed, rows = prepare("\n".join(json.dumps(row, ensure_ascii=False) for _ in range(30)).encode(encoding), "data.jsonl")
    assert printed["report"]["usableRows"] == 30 and rows[29]["messages"][1]["content"] == row["output"]


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_packed_files_are_unpacked(prepare, packing, tmp_path):
    printed, rows = prepare(
        pyarrow.compress(lines(GOOD, GOOD), packing, asbytes=True) if packing == "zstd" else gzip.compress(lines(GOOD, GOOD)), "a.jsonl.gz"
    )
    assert printed["report"]["usableRows"] == 2 and len(rows) == 2
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["problems.jsonl", "report.json", "rows.idx", "rows.jsonl"]


def test_the_index_points_at_every_row(prepare, tmp_path):
    prepare([{**GOOD, "output": f"Grüße {index} 你好"} for index in range(50)])
    data = (tmp_path / "out" / "rows.jsonl").read_bytes()
    index = (tmp_path / "out" / "rows.idx").read_bytes()
    offsets = struct.unpack(f"<{len(index) // 8}Q", index)
    assert [json.loads(data[offset:].split(b"\n")[0])["index"] for offset in offsets] == list(range(50))


def test_the_report_counts_characters_and_hashes_the_file(prepare, tmp_path):
    report = prepare([{"instruction": "a" * n, "output": "b"} for n in range(1, 101)])[0]["report"]
    assert report["characters"] == {"median": 51.5, "p95": 96, "max": 101}
    assert report["bytes"] == (tmp_path / "data.json").stat().st_size
    assert report["sha256"] == hashlib.sha256((tmp_path / "out" / "rows.jsonl").read_bytes()).hexdigest()
    assert report["columns"] == ["instruction", "output"]
    assert json.loads((tmp_path / "out" / "report.json").read_text()) == report


def test_it_starts_without_torch_and_reads_fast(tmp_path):
    source = tmp_path / "many.jsonl"
    source.write_bytes(lines(*[GOOD] * 40_000))
    command = [sys.executable, "-X", "importtime", "-m", "trainer.prepare", str(source), str(tmp_path / "out")]
    began = time.monotonic()
    done = subprocess.run(command, env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, timeout=60)
    assert time.monotonic() - began < 60  # Five times slower than on a quiet machine.
    assert "torch" not in done.stderr and "transformers" not in done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["report"]["usableRows"] == 40_000


def test_a_probe_tells_what_files_are_and_how_they_could_be_read(tmp_path, capsys):
    (tmp_path / "a.csv").write_bytes("question;answer\nWer bist du?;Ich bin Mäuschen\n".encode("cp1252") * 20)
    (tmp_path / "b.json").write_bytes(b"hello world")
    assert program.main(["probe", str(tmp_path / "a.csv"), str(tmp_path / "b.json")]) == 0
    table, lie = json.loads(capsys.readouterr().out)["files"]
    assert (table["kind"], table["encoding"], table["columns"]) == ("csv", "windows-1252", ["question", "answer"])
    assert table["guesses"][0]["mapping"]["format"] == "alpaca" and table["rows"][0]["answer"] == "Ich bin Mäuschen"
    assert lie["error"]["code"] == "dataset_not_readable"


HOSTILE = ["9" * 5000, "[" * 100_000, '{"a":' * 400 + "1" + "}" * 400, '{"a":' * 50_000]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_line_with_an_endless_number_or_bottomless_nesting_is_one_bad_row(prepare, value):
    printed, rows = prepare(lines(GOOD, '{"instruction":"a","output":' + value + "}", GOOD), "data.jsonl")
    assert printed["report"]["usableRows"] == 2 and rows[1]["problem"]["row"] == 1


@pytest.mark.parametrize("content", ['{"a":' * 30_000, "[" * 100_000])
def test_a_file_that_is_nothing_but_nesting_is_refused_with_a_sentence(prepare, content):
    assert prepare(content.encode())[0]["error"]["code"].startswith("dataset_")


@pytest.mark.parametrize("element", ["9" * 5000, "[" * 500 + "]" * 500])
def test_an_element_of_a_list_that_python_cannot_parse_is_one_bad_row(prepare, element):
    report = prepare(f"[{json.dumps(GOOD)},{element},{json.dumps(GOOD)}]".encode())[0]["report"]
    assert (report["rows"], report["usableRows"]) == (3, 2)
