"""A version made from another: text replaced, rows drawn; and two versions beside each other."""

import json
import time
from array import array
from pathlib import Path

import pytest
from mappings import ALPACA
from worker import Worker

from trainer.data.check import check
from trainer.data.compare import compare_by_content, compare_by_number
from trainer.data.draw import draw_rows
from trainer.data.problems import BadRow
from trainer.data.readers import Source, read_rows
from trainer.data.replace import GROWTH_LIMIT, Replacer, RowGrows
from trainer.data.replace_preview import preview
from trainer.data.write_rows import as_line

EVERYWHERE = {"paths": None, "matchCase": True, "wholeWord": False}


def pairs(*texts: tuple[str, str]) -> list[dict[str, str]]:
    return [{"find": find, "replace": replace} for find, replace in texts]


def replace(value, *texts, tables=False, mapping=None, **scope):
    replacer = Replacer(pairs(*texts), EVERYWHERE | scope, tables=tables, mapping=mapping)
    return replacer.row(value), replacer.counts


def test_text_is_replaced_in_nested_objects_and_lists_and_in_nothing_else():
    row = {"system": "我是尖米", "n": 1, "ok": True, "尖米": None, "turns": [{"input": {"conversation": "尖米？"}, "output": "尖米尖米", "x": [1.5]}]}
    new, counts = replace(row, ("尖米", "X"))
    assert new == {"system": "我是X", "n": 1, "ok": True, "尖米": None, "turns": [{"input": {"conversation": "X？"}, "output": "XX", "x": [1.5]}]}
    assert counts == [4] and list(new) == list(row) and new["n"] is row["n"]
    assert row["system"] == "我是尖米", "the row that was read is changed"


def test_a_row_without_the_text_is_the_very_same_object():
    row = {"a": "nothing", "b": [{"c": "here"}]}
    assert replace(row, ("X", "Y"))[0] is row


def test_pairs_are_looked_for_at_once_so_that_two_texts_can_change_places():
    assert replace({"a": "cat and dog"}, ("cat", "dog"), ("dog", "cat")) == ({"a": "dog and cat"}, [1, 1])


def test_the_longer_text_wins_where_two_begin_at_one_place():
    assert replace({"a": "catalog cat"}, ("cat", "dog"), ("catalog", "list")) == ({"a": "list dog"}, [1, 1])


@pytest.mark.parametrize(
    ("scope", "after"),
    [
        ({}, "X Xs Cat"), ({"matchCase": False}, "X Xs X"), ({"wholeWord": True}, "X cats Cat"),
        ({"wholeWord": True, "matchCase": False}, "X cats X"),
    ],
)  # fmt: skip
def test_case_and_whole_words(scope, after):
    assert replace({"a": "cat cats Cat"}, ("cat", "X"), **scope)[0]["a"] == after


def test_a_sign_at_the_edge_of_what_is_looked_for_needs_no_edge_of_a_word():
    assert replace({"a": "see C++11, C++"}, ("C++", "D"), wholeWord=True)[0]["a"] == "see D11, D"


def test_signs_of_regular_expressions_are_plain_text_and_their_search_takes_no_time():
    began = time.monotonic()
    assert replace({"a": "a" * 200_000}, ("(a+)+$", "X"))[1] == [0]
    assert replace({"a": "(a+)+$ \\1"}, ("(a+)+$", "\\1"))[0]["a"] == "\\1 \\1"
    assert time.monotonic() - began < 2


def test_chosen_places_only_with_all_that_is_below_them():
    row = {"messages": [{"role": "a cat", "content": "cat", "more": {"x": "cat"}}], "system": "cat"}
    inside = replace(row, ("cat", "X"), paths=[["messages", "content"]])[0]
    assert inside == {"messages": [{"role": "a cat", "content": "X", "more": {"x": "cat"}}], "system": "cat"}
    below = replace(row, ("cat", "X"), paths=[["messages"], ["messages", "content"]])[0]
    assert below == {"messages": [{"role": "a cat", "content": "X", "more": {"x": "X"}}], "system": "cat"}
    assert replace(row, ("cat", "X"), paths=[["messages", "role"]])[0]["messages"][0]["role"] == "a X", "chosen by itself it is text"


def test_who_speaks_and_what_tools_are_called_stays_while_all_text_is_replaced():
    parameters = {"type": "object", "properties": {"city": {"type": "string", "description": "a user"}}, "required": ["user"]}
    row = {
        "id": "user-1", "tools": [{"type": "function", "function": {"name": "user", "description": "a user", "parameters": parameters}}],
        "messages": [
            {"role": "user", "content": "the user"},
            {"role": "assistant", "content": "", "tool_calls": [{"id": "user", "function": {"name": "user", "arguments": '{"user": "user"}'}}]},
            {"role": "tool", "name": "user", "tool_call_id": "user", "content": [{"type": "text", "text": "user"}]},
        ],
    }  # fmt: skip
    new, counts = replace(row, ("user", "X"), ("text", "Y"), ("function", "Z"))
    assert new["id"] == "user-1" and counts == [5, 0, 0]
    [tool] = new["tools"]
    assert (tool["type"], tool["function"]["name"], tool["function"]["description"]) == ("function", "user", "a X")
    assert tool["function"]["parameters"]["properties"]["city"]["description"] == "a X"
    assert tool["function"]["parameters"]["required"] == ["user"]
    asked, called, answered = new["messages"]
    assert asked == {"role": "user", "content": "the X"}
    assert called["tool_calls"] == [{"id": "user", "function": {"name": "user", "arguments": '{"user": "X"}'}}]
    assert answered == {"role": "tool", "name": "user", "tool_call_id": "user", "content": [{"type": "text", "text": "X"}]}


def test_calls_and_tools_that_are_written_as_json_text_stay_json_and_keep_their_names():
    tags = {"roleKey": "speaker", "contentKey": "said", "functionCall": ["calls"]}
    row = {
        "api": '[{"name": "look", "description": "look up", "parameters": {"look": {"type": "look"}}}]',
        "talk": [
            {"speaker": "look", "said": "look here"},
            {"speaker": "calls", "said": '{"name": "look", "arguments": {"where": "look"}}'},
            {"speaker": "gpt", "said": '{"name": "look"}'},
        ],
    }  # fmt: skip
    new, _ = replace(row, ("look", 'a "b"'), mapping={"tags": tags, "columns": {"tools": "api"}})
    assert json.loads(new["api"]) == [{"name": "look", "description": 'a "b" up', "parameters": {"look": {"type": "look"}}}]
    assert new["talk"][0] == {"speaker": "look", "said": 'a "b" here'}
    assert json.loads(new["talk"][1]["said"]) == {"name": "look", "arguments": {"where": 'a "b"'}}
    assert new["talk"][2]["said"] == '{"name": "a "b""}', "what is said is text, whatever it looks like"


def test_lists_as_json_text_in_cells_of_tables_keep_their_keys_and_stay_json():
    cell = json.dumps([{"from": "human", "value": "from me"}])
    new, counts = replace({"c": cell, "d": "[from]"}, ("from", 'the "end"'), tables=True)
    assert json.loads(new["c"]) == [{"from": "human", "value": 'the "end" me'}]
    assert new["d"] == '[the "end"]' and counts == [2]


def test_a_row_that_would_fill_the_memory_is_refused():
    with pytest.raises(RowGrows):
        replace({"a": "a" * 2000}, ("a", "b" * (GROWTH_LIMIT // 1000)))


def test_what_is_written_is_read_again_as_the_same_rows_with_the_same_numbers(tmp_path):
    path, again = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    odd = [b'{"a":"\xff\xfe raw bytes"}', b'{"a":"\\ud800 half"}', b'{"a":', b"[1,2]", b'{"a":NaN,"b":1.0}', '{"a":"行\\u2028\\n"}'.encode(), b'"text"']
    path.write_bytes(b"\n".join(odd) + b"\n")
    before = list(read_rows([Source(path, "jsonl")]))
    again.write_bytes(b"".join(as_line(raw.value) for raw in before))
    after = list(read_rows([Source(again, "jsonl")]))
    assert [isinstance(raw.value, BadRow) for raw in after] == [isinstance(raw.value, BadRow) for raw in before]
    assert [raw.value for raw in after if not isinstance(raw.value, BadRow)] == [raw.value for raw in before if not isinstance(raw.value, BadRow)]
    assert as_line(BadRow("too_long", '{"a":1}', "")) == b'too_long: {"a":1}\n'


def test_the_preview_marks_what_goes_and_what_comes_and_counts_all_it_was_given():
    change = {"pairs": pairs(("cat", "dog")), "scope": EVERYWHERE}
    rows = [{"row": 7, "value": {"messages": [{"content": "x" * 300 + " cat " + "y" * 300 + " cat"}]}}, {"row": 8, "value": "a cat, no row"}]
    seen = preview(change, rows, False)
    assert (seen["changedRows"], seen["counts"], seen["paths"]) == (1, [2], [["messages", "content"]])
    (only,) = seen["changes"]
    assert (only["row"], only["field"]) == (7, "messages[0].content")
    assert [part["text"] for part in only["parts"] if part["is"] == "removed"] == ["cat", "cat"]
    assert "".join(part["text"] for part in only["parts"] if part["is"] != "removed").count("dog") == 2
    assert all(len(part["text"]) < 200 for part in only["parts"])


def canonical(path: Path, rows: list[dict], **actions: str) -> Path:
    path.mkdir(exist_ok=True)
    (path / "data.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    check([Source(path / "data.jsonl", "jsonl")], ALPACA, actions, path)
    return path / "rows.jsonl"


def ask(number: int, answer: str | None = None) -> dict:
    return {"instruction": f"Question {number} of many", "output": f"Answer {number * 7}" if answer is None else answer}


def test_a_sample_has_the_rows_that_were_asked_for_in_order_and_the_seed_decides(tmp_path):
    rows = [ask(number, "" if number % 10 == 0 else None) for number in range(500)]
    lines = canonical(tmp_path / "v", rows)

    def draw(wanted: int, seed: int) -> list[int]:
        return [raw.index for raw in draw_rows(read_rows([Source(tmp_path / "v" / "data.jsonl", "jsonl")]), lines, wanted=wanted, seed=seed)]

    drawn = draw(100, 3)
    assert len(drawn) == 100 and drawn == sorted(set(drawn)) and all(number % 10 for number in drawn)
    assert drawn == draw(100, 3) != draw(100, 4)
    assert draw(10_000, 1) == [number for number in range(500) if number % 10]
    hits = [0] * 500
    for seed in range(400):
        for number in draw(45, seed):
            hits[number] += 1
    assert 10 < min(hits[number] for number in range(500) if number % 10) and max(hits) < 80, "some rows are drawn more often than others"


def test_by_number_rows_are_changed_added_or_removed(tmp_path):
    before = canonical(tmp_path / "a", [ask(0), ask(1), ask(2, ""), ask(3), ask(4)])
    after = canonical(tmp_path / "b", [ask(0), ask(1, "other"), ask(2), ask(3, "")])
    found, same = compare_by_number(before, after, lambda _: None)
    assert ({kind: list(rows) for kind, rows in found.items()}, same) == ({"changed": [1], "added": [2], "removed": [3, 4]}, 1)


def test_by_content_a_row_counts_as_often_as_it_stands_there_wherever_it_stands(tmp_path):
    one, two, three = ask(1), ask(2), ask(3)
    before = canonical(tmp_path / "a", [one, two, one, one])
    after = canonical(tmp_path / "b", [three, one, two, one])
    found, same = compare_by_content(before, after, lambda _: None)
    assert ({kind: list(rows) for kind, rows in found.items()}, same) == ({"changed": [], "removed": [3], "added": [0]}, 3)


def test_a_warning_is_no_difference(tmp_path):
    rows = [ask(1), ask(1), ask(2)]
    before, after = canonical(tmp_path / "a", rows), canonical(tmp_path / "b", rows, duplicate="drop")
    found, same = compare_by_number(before, after, lambda _: None)
    assert ({kind: list(found[kind]) for kind in found}, same) == ({"changed": [], "added": [], "removed": [1]}, 2)


# ---------------------------------------------------------------- as the server runs them

ID = "ds_0000000000aa"


@pytest.fixture
def start(tmp_path):
    workers: list[Worker] = []

    def make(source: Path, task: dict, *, kind: str = "jsonl", rows: Path | None = None, output: Path | None = None) -> Worker:
        inputs = {
            "files": [{"name": source.name, "path": str(source), "kind": kind, "encoding": "utf-8"}],
            "rowsPath": None if rows is None else str(rows), "model": None, "outputPath": str(output or tmp_path / "v2"),
        }  # fmt: skip
        workers.append(Worker(tmp_path / f"run{len(workers)}", kind="data", job={"datasetId": ID, "task": task}, inputs=inputs))
        return workers[-1]

    yield make
    for worker in workers:
        worker.kill()


def change(how: dict, mapping: dict = ALPACA) -> dict:
    return {"type": "change", "fromId": ID, "change": how, "mapping": mapping, "actions": {}}


def to_replace(*texts: tuple[str, str], **scope) -> dict:
    return {"type": "replace", "pairs": pairs(*texts), "scope": EVERYWHERE | scope}


def test_a_replacement_is_a_new_version_with_counts_and_the_first_is_not_touched(start, tmp_path):
    source = tmp_path / "v1.csv"
    source.write_text("instruction,output\nWho is 尖米?,尖米 is a rice\nWhat is 1,1\n")
    before = source.read_bytes()
    worker = start(source, change(to_replace(("尖米", "Jasmine"), ("1", "one"), paths=[["output"]])), kind="csv")
    assert worker.end() == 0, worker.of_type("failed")
    out = tmp_path / "v2"
    assert sorted(path.name for path in out.iterdir()) == ["problems.jsonl", "report.json", "rows.idx", "rows.jsonl", "source"]
    assert [json.loads(line) for line in (out / "source" / "rows.jsonl").read_text().splitlines()] == [
        {"instruction": "Who is 尖米?", "output": "Jasmine is a rice"}, {"instruction": "What is 1", "output": "one"},
    ]  # fmt: skip
    report = json.loads((out / "report.json").read_text())
    assert (report["replaced"], report["usableRows"]) == ({"rows": 2, "counts": [1, 1]}, 2)
    assert source.read_bytes() == before
    last = worker.of_type("progress")[-1]
    assert last["done"] == last["total"]


def test_rows_that_stand_in_validation_are_left_out_by_number_and_the_others_keep_their_order(start, tmp_path):
    source = tmp_path / "v1.jsonl"
    source.write_text("".join(json.dumps(ask(number)) + "\n" for number in range(6)) + "{no json\n")
    (tmp_path / "v2").mkdir()
    (tmp_path / "v2" / "leave-out.idx").write_bytes(array("Q", [0, 3]).tobytes())
    worker = start(source, change({"type": "leave_out", "trainIds": [ID], "validationIds": ["ds_0000000000ab"]}))
    assert worker.end() == 0, worker.of_type("failed")
    lines = (tmp_path / "v2" / "source" / "rows.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines[:4]] == [ask(1), ask(2), ask(4), ask(5)] and len(lines) == 5
    assert json.loads((tmp_path / "v2" / "report.json").read_text())["usableRows"] == 4


def test_numbers_of_other_files_are_refused(start, tmp_path):
    source = tmp_path / "v1.jsonl"
    source.write_text(json.dumps(ask(1)) + "\n")
    (tmp_path / "v2").mkdir()
    (tmp_path / "v2" / "leave-out.idx").write_bytes(array("Q", [7]).tobytes())
    worker = start(source, change({"type": "leave_out", "trainIds": [ID], "validationIds": ["ds_0000000000ab"]}))
    assert worker.end() == 1
    assert "no row 7" in worker.of_type("failed")[0]["message"]


def test_the_file_that_is_read_is_never_the_file_that_is_written(start, tmp_path):
    source = tmp_path / "v1" / "source" / "rows.jsonl"
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps(ask(1)) + "\n")
    before = source.read_bytes()
    worker = start(source, change(to_replace(("Answer", "X"))), output=tmp_path / "v1")
    assert worker.end() != 0
    assert "would be overwritten" in worker.of_type("failed")[0]["message"]
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("how", "words"), [(to_replace(("nowhere", "X")), "nothing to replace"), (to_replace(("Answer 7", " ")), "None of the")]
)  # fmt: skip
def test_a_change_that_comes_to_nothing_fails_with_a_reason_and_leaves_no_file(start, tmp_path, how, words):
    source = tmp_path / "v1.jsonl"
    source.write_text(json.dumps(ask(1)) + "\n")
    worker = start(source, change(how))
    assert worker.end() != 0
    assert words in worker.of_type("failed")[0]["message"]
    assert not [path for path in (tmp_path / "v2").rglob("*") if path.is_file()]


def test_a_stopped_change_leaves_no_file(start, tmp_path):
    source = tmp_path / "v1.jsonl"
    source.write_text("".join(json.dumps(ask(number)) + "\n" for number in range(300_000)))
    worker = start(source, change(to_replace(("Answer", "X"))))
    worker.wait_for("progress")
    worker.ask("abort")
    worker.end()
    assert worker.of_type("finished")[0]["outcome"] == "stopped"
    assert not [path for path in (tmp_path / "v2").rglob("*") if path.is_file()]


def test_a_sample_is_checked_as_its_parent_was(start, tmp_path):
    rows = [ask(number) for number in range(50)]
    lines = canonical(tmp_path / "v1", rows)
    worker = start(tmp_path / "v1" / "data.jsonl", change({"type": "sample", "rows": 12, "seed": 5}), rows=lines)
    assert worker.end() == 0, worker.of_type("failed")
    drawn = [json.loads(line) for line in (tmp_path / "v2" / "source" / "rows.jsonl").read_text().splitlines()]
    assert len(drawn) == 12 and all(row in rows for row in drawn)
    assert json.loads((tmp_path / "v2" / "report.json").read_text())["usableRows"] == 12


def test_a_comparison_leaves_counts_and_the_numbers_of_the_rows(start, tmp_path):
    before = canonical(tmp_path / "a", [ask(0), ask(1), ask(2)])
    after = canonical(tmp_path / "b", [ask(0), ask(1, "other"), ask(2)])
    worker = start(before, {"type": "compare", "beforeId": ID, "byNumber": True}, rows=after, output=tmp_path / "b" / "compare" / "a")
    assert worker.end() == 0, worker.of_type("failed")
    out = tmp_path / "b" / "compare" / "a"
    assert json.loads((out / "report.json").read_text()) == {"byNumber": True, "same": 2, "changed": 1, "removed": 0, "added": 0}
    assert array("I", (out / "changed.idx").read_bytes()).tolist() == [1]
