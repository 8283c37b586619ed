"""The check of every row: each reason, what is done about it, and the task as the server runs it."""

import json
import random
import struct
from pathlib import Path

import pytest
from mappings import ALPACA, MESSAGES, mapping
from worker import Worker

from trainer.data import check as checking
from trainer.data import quality, similar
from trainer.data.check import check
from trainer.data.problems import REASONS, NotReadable
from trainer.data.readers import Source

SECRET = "sk-proj-abcDEF0123456789abcDEF0123456789"


def talk(*words: str) -> dict:
    return {"messages": [{"role": ("user", "assistant")[at % 2], "content": each} for at, each in enumerate(words)]}


@pytest.fixture
def run(tmp_path):
    """Report, canonical rows and problems of a check."""

    def make(*rows: object, how: dict = MESSAGES, **actions: str) -> tuple[dict, list[dict], list[dict]]:
        path = tmp_path / "data.jsonl"
        path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
        out = tmp_path / "out"
        report, _ = check([Source(path, "jsonl")], how, actions, out)
        assert json.loads((out / "report.json").read_text()) == report
        return report, *([json.loads(line) for line in (out / name).read_text().splitlines()] for name in ("rows.jsonl", "problems.jsonl"))

    return make


WARNED = {
    "trailing_question": (talk("Hi", "Hello", "And then?"), "messages[2]"),
    "control_characters": (talk("Hi", "Hel\x00lo"), "messages[1].content"),
    "space_around": (talk("Hi", "Hello \n"), "messages[1].content"),
    "lost_characters": (talk("H\ufffd", "Hello"), "messages[0].content"),
    "template_token": (talk("Hi", "Hello<|im_end|>"), "messages[1].content"),
    "markup": (talk("Hi", "Hello<br/>&nbsp;"), "messages[1].content"),
    "very_long": (talk("Hi", "Hello " + "x" * 200_000), ""),
    "secret": (talk("Hi", f"My key is {SECRET}."), "messages[1].content"),
}


@pytest.mark.parametrize("reason", WARNED)
def test_a_row_to_look_at_is_kept_with_a_warning_or_dropped_when_asked(run, reason):
    row, field = WARNED[reason]
    report, rows, problems = run(talk("One", "Eins"), row)
    assert (report["usableRows"], report["problemCounts"], rows[1]["problem"]) == (2, {}, None)
    assert rows[1]["warnings"] == problems == report["problems"]
    assert (problems[0]["row"], problems[0]["line"], problems[0]["reason"], problems[0]["field"], problems[0]["severity"]) == (
        1,
        2,
        reason,
        field,
        "warn",
    )
    assert report["reasons"] == [
        {"reason": reason, "severity": "warn", "rows": 1, "action": "keep", "fixable": REASONS[reason].fixable, "firstRow": 1}
    ]
    report, rows, _ = run(talk("One", "Eins"), row, **{reason: "drop"})
    assert (report["usableRows"], report["problemCounts"], report["reasons"][0]["action"]) == (1, {reason: 1}, "drop")
    assert rows[1]["messages"] is None and rows[1]["problem"]["reason"] == reason


@pytest.mark.parametrize(
    ("reason", "after"),
    [
        ("trailing_question", ["Hi", "Hello"]), ("control_characters", ["Hi", "Hello"]), ("space_around", ["Hi", "Hello"]),
        ("secret", ["Hi", "My key is [SECRET]."]),
    ],
)  # fmt: skip
def test_what_can_be_mended_is_mended_in_the_new_rows_only(run, reason, after):
    report, rows, problems = run(WARNED[reason][0], **{reason: "fix"})
    assert [message["content"] for message in rows[0]["messages"]] == after
    assert (report["usableRows"], report["reasons"][0]["action"], rows[0]["warnings"]) == (1, "fix", [])
    assert problems[0]["reason"] == reason and problems[0]["message"].endswith("It was mended.")


def test_a_secret_is_never_written_into_a_report(run, tmp_path):
    run(talk("Hi", f"My key is {SECRET}. And again: {SECRET}"))
    for name in ("report.json", "problems.jsonl"):
        assert SECRET[:12] not in (tmp_path / "out" / name).read_text()


@pytest.mark.parametrize(
    "words",
    ["AKIAIOSFODNN7EXAMPLE", "ghp_" + "a1B2" * 9, "hf_" + "aB3" * 11,
     "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
     "postgres://ann:hunter22@db.example.org/x", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijklmn", "AIza" + "b" * 35],
)  # fmt: skip
def test_keys_tokens_and_passwords_are_suspected(run, words):
    assert [problem["reason"] for problem in run(talk("Hi", f"see {words} there"))[2]] == ["secret"]


def test_the_quick_look_knows_every_beginning_of_a_secret():
    assert all(quality.may_hold_secrets(f"x {mark}a@b KEY".encode()) for mark in quality.SECRETS)
    assert not quality.may_hold_secrets(b"x a b")


def test_plain_words_are_no_secrets(run):
    harmless = "Ask-me task-force risk-adjusted http://a.b/c:d see https://example.org/a@b ghp_short hf_model sk-learn"
    assert run(talk("Hi", harmless))[2] == []


def test_halves_of_characters_are_refused_or_put_together(run):
    apart, torn = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"\\ud83d', '"}]}'
    report, _, problems = run(apart + torn, talk("Hi", "Hello"))
    assert report["problemCounts"] == {"bad_unicode": 1} and problems[0]["field"] == "messages[1].content"
    assert run(apart + torn, talk("Hi", "Hello"), bad_unicode="fix")[0]["usableRows"] == 1


def test_bytes_of_surrogate_pairs_are_put_together(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(json.dumps(talk("Hi", "MARK")).encode().replace(b"MARK", b"\xed\xa0\xbd\xed\xb8\x80"))
    with pytest.raises(NotReadable, match="half of a character"):
        check([Source(tmp_path / "a.jsonl", "jsonl")], MESSAGES, {}, tmp_path / "out")
    check([Source(tmp_path / "a.jsonl", "jsonl")], MESSAGES, {"bad_unicode": "fix"}, tmp_path / "out")
    assert json.loads((tmp_path / "out" / "rows.jsonl").read_text())["messages"][1]["content"] == "\U0001f600"


def test_equal_rows_name_the_first_and_the_first_stays(run, monkeypatch):
    monkeypatch.setattr(checking, "BATCH_ROWS", 2)
    twin, other = talk("Hi", "Hello"), talk("Bye", "Farewell")
    report, rows, problems = run(twin, other, twin, twin, other, duplicate="drop")
    assert [row["problem"] and row["problem"]["message"] for row in rows] == [
        None,
        None,
        "The same as row 0.",
        "The same as row 0.",
        "The same as row 1.",
    ]
    assert report["problemCounts"] == {"duplicate": 3} and len(problems) == 3


def test_two_answers_to_one_question_are_told(run):
    _, _, problems = run(talk("How old are you?", "Three."), talk("What is your name?", "Pip."), talk("How old are you?", "Four."))
    assert [(problem["row"], problem["reason"], problem["message"]) for problem in problems] == [
        (2, "contradiction", "Row 0 asks the same and answers otherwise.")
    ]


def test_pairs_and_labels_may_repeat_their_question(run):
    how = mapping("kto", prompt="prompt", response="completion", label="label")
    report, _, problems = run({"prompt": "a", "completion": "b", "label": True}, {"prompt": "a", "completion": "c", "label": False}, how=how)
    assert problems == [] and (report["usableRows"], report["unwantedRows"]) == (2, 1)


def test_nearly_equal_rows_are_told_and_different_ones_are_not(run, monkeypatch):
    monkeypatch.setattr(checking, "BATCH_ROWS", 7)
    random.seed(3)
    words = ["".join(random.choices("abcdefghijklmnop", k=6)) for _ in range(5000)]
    text = [" ".join(random.choices(words, k=80)) for _ in range(40)]
    near = text[5].replace(text[5].split()[40], "changed")
    half = " ".join(text[6].split()[:40] + text[7].split()[40:])
    _, _, problems = run(*({"text": each} for each in [*text, near, half]), how=mapping("text", text="text"))
    assert [(problem["row"], problem["reason"], problem["message"]) for problem in problems] == [
        (40, "near_duplicate", "Nearly the same as row 5.")
    ]


def test_chinese_rows_that_are_nearly_the_same_are_told():
    random.seed(4)
    signs = [chr(0x4E00 + number) for number in range(3000)]
    text = "".join(random.choices(signs, k=200))
    other = "".join(random.choices(signs, k=200))
    found = similar.Similar().find_or_add(
        [each.encode() for each in (text, other, text[:100] + "你" + text[101:])], similar.np.arange(3, dtype="u4")
    )
    assert found == {2: 0}


def test_what_is_looked_for_among_the_first_rows_only_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(checking, "SEEN_LIMIT", 2)
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(talk(str(number), "x")) for number in range(5)))
    _, notes = check([Source(tmp_path / "a.jsonl", "jsonl")], MESSAGES, {}, tmp_path / "out")
    assert len(notes) == 1 and "Duplicates" in notes[0]


def test_formulas_in_cells_are_told(tmp_path):
    (tmp_path / "a.csv").write_text('instruction,output\nHi,"=HYPERLINK(1)"\n')
    report, _ = check([Source(tmp_path / "a.csv", "csv")], mapping("alpaca", prompt="instruction", response="output"), {}, tmp_path / "out")
    assert report["problems"][0]["reason"] == "formula" and report["problems"][0]["field"] == "output"


def test_the_report_counts_turns_systems_tools_and_columns(run):
    tools = {"tools": [{"name": "sky"}], "messages": [{"role": "system", "content": "S"}, *talk("Hi", "Hello", "More", "No")["messages"]]}
    report, _, _ = run(tools, talk("a", "b"))
    assert (report["systemRows"], report["toolRows"], report["turns"]) == (1, 1, {"mean": 1.5, "max": 2})
    assert report["columns"] == ["tools", "messages"] and report["fileType"] == "jsonl" and report["format"] == "messages"


def test_every_reason_is_shown_even_when_one_is_everywhere(run):
    report, _, problems = run(*(talk(f"Q{number}", "A ") for number in range(200)), talk("Hi", ""))
    assert len(problems) == 201 and {problem["reason"] for problem in report["problems"]} == {"space_around", "empty_answer"}


# ---------------------------------------------------------------- as a task


DATASET = {"datasetId": "ds_0000000000aa"}


@pytest.fixture
def start(tmp_path):
    workers: list[Worker] = []

    def make(path: Path, how: dict = ALPACA, kind: str = "jsonl", actions: dict | None = None) -> Worker:
        inputs = {
            "files": [{"name": path.name, "path": str(path), "kind": kind, "encoding": "utf-8"}],
            "rowsPath": None, "model": None, "outputPath": str(tmp_path / "ds"),
        }  # fmt: skip
        job = DATASET | {"task": {"type": "check", "mapping": how, "actions": actions or {}}}
        workers.append(Worker(tmp_path / f"run{len(workers)}", kind="data", job=job, inputs=inputs))
        return workers[-1]

    yield make
    for worker in workers:
        worker.kill()


@pytest.fixture
def source(tmp_path) -> Path:
    path = tmp_path / "ds" / "source" / "data.jsonl"
    path.parent.mkdir(parents=True)
    return path


def files_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


WHOLE = ["problems.jsonl", "report.json", "rows.idx", "rows.jsonl", "source"]


def test_a_check_leaves_rows_index_problems_and_report_beside_the_source(start, source, tmp_path):
    source.write_text("\n".join(json.dumps({"instruction": f"Q{number}", "output": "A" if number else ""}) for number in range(3000)))
    worker = start(source)
    assert worker.end() == 0
    assert files_of(tmp_path / "ds") == WHOLE and source.exists()
    report = json.loads((tmp_path / "ds" / "report.json").read_text())
    assert (report["rows"], report["usableRows"], report["problemCounts"]) == (3000, 2999, {"empty_answer": 1})
    index, data = (tmp_path / "ds" / "rows.idx").read_bytes(), (tmp_path / "ds" / "rows.jsonl").read_bytes()
    assert json.loads(data[struct.unpack_from("<Q", index, 8 * 2345)[0] :].split(b"\n")[0])["index"] == 2345
    assert worker.of_type("phase")[-1]["name"] == "checking"
    progress, size = worker.of_type("progress"), source.stat().st_size
    assert progress[-1]["done"] == progress[-1]["total"] == size and {event["unit"] for event in progress} == {"bytes"}
    assert worker.of_type("finished")[0]["summary"] == {"rows": 3000, "usableRows": 2999, "bytes": size}


def test_a_second_check_replaces_the_first(start, source, tmp_path):
    source.write_text(json.dumps({"instruction": "Q", "output": "A"}))
    (tmp_path / "ds" / "report.json").write_text("old")
    assert start(source).end() == 0
    assert files_of(tmp_path / "ds") == WHOLE and json.loads((tmp_path / "ds" / "report.json").read_text())["rows"] == 1


@pytest.mark.parametrize("verb", ["abort", "stop"])
def test_a_check_that_is_ended_leaves_nothing_but_the_source(start, source, tmp_path, verb):
    row = json.dumps({"instruction": "Q", "output": "A" * 500}) + "\n"
    with open(source, "w") as file:
        for _ in range(600):
            file.write(row * 1000)
    worker = start(source)
    worker.wait_for("progress")
    worker.ask(verb)
    asked = worker.events[-1]["t"]
    assert worker.end() == 0
    finished = worker.of_type("finished")[0]
    assert finished["outcome"] == "stopped" and worker.of_type("ack")[0]["outcome"] == "done"
    assert finished["t"] - asked < 5_000, "ended soon, also on a busy machine"
    assert files_of(tmp_path / "ds") == ["source"]


@pytest.mark.parametrize(
    ("content", "kind", "actions", "code", "words"),
    [
        ('{"instruction": "Q", "output": ""}', "jsonl", {}, "data_empty", "The answer is empty"),
        ("", "jsonl", {}, "data_empty", "no rows"),
        ("PAR1 nothing", "parquet", {}, "data_invalid", "damaged or cut short"),
        ('{"instruction": "Q", "output": "A"}', "jsonl", {"empty_answer": "keep"}, "spec_invalid", "actions.empty_answer"),
        ('{"instruction": "Q", "output": "A"}', "jsonl", {"markup": "fix"}, "spec_invalid", "actions.markup"),
        ('{"instruction": "Q", "output": "A"}', "jsonl", {"spelling": "fix"}, "spec_invalid", "actions.spelling"),
    ],
)
def test_a_check_that_fails_says_why_and_leaves_nothing(start, source, tmp_path, content, kind, actions, code, words):
    source.write_text(content)
    worker = start(source, kind=kind, actions=actions)
    assert worker.end() == 1
    failed = worker.of_type("failed")[0]
    assert failed["code"] == code and words in failed["message"] and failed["remedy"]
    assert files_of(tmp_path / "ds") == ["source"]


def test_a_file_that_went_away_is_named(start, source):
    worker = start(source)
    assert worker.end() == 1 and "no longer at" in worker.of_type("failed")[0]["message"]
