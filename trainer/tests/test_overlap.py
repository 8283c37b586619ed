"""What training and validation share, on sets made for it: every row that should be found, and none that should not."""

import json
from array import array
from pathlib import Path

import pytest
from worker import Worker

from trainer.data.minhash import MinHash
from trainer.data.same_text import jaccard, shingles, words_of

Row = dict


def chat(question: str, answer: str, **change: object) -> Row:
    return talk(("user", question), ("assistant", answer), **change)


def talk(*turns: tuple[str, str], **change: object) -> Row:
    messages = [{"role": role, "content": content} for role, content in turns]
    return {"messages": messages, "text": None, "tools": None, "rejected": None, "ranked": None, "label": None} | change


def write_set(folder: Path, rows: list[Row]) -> Path:
    folder.mkdir(parents=True)
    offsets, at = array("Q"), 0
    with open(folder / "rows.jsonl", "wb") as file:
        for index, row in enumerate(rows):
            line = json.dumps({"index": index, "problem": None, "warnings": []} | row, ensure_ascii=False).encode() + b"\n"
            offsets.append(at)
            at += file.write(line)
    (folder / "rows.idx").write_bytes(offsets.tobytes())
    return folder / "rows.jsonl"


class Compared:
    """The output of one comparison, as a worker leaves it."""

    def __init__(self, home: Path, train: list[list[Row]], validation: list[list[Row]]):
        self.output = home / "out" / "overlap"
        paths = [write_set(home / f"set{number}", rows) for number, rows in enumerate([*train, *validation])]
        self.worker = start(home, paths, len(train), self.output)

    def wait(self) -> "Compared":
        assert self.worker.end() == 0, self.worker.of_type("failed")
        self.report = json.loads((self.output / "report.json").read_text())
        self.findings = [json.loads(line) for line in (self.output / "findings.jsonl").read_text().splitlines()]
        return self

    def told(self) -> list[tuple[str, list[tuple[int, int]]]]:
        return [(one["kind"], [(place["set"], place["row"]) for place in one["places"]]) for one in self.findings]

    def leaking(self, number: int) -> list[int]:
        return array("Q", (self.output / f"leaking-{number}.idx").read_bytes()).tolist()


def start(home: Path, paths: list[Path], trained: int, output: Path) -> Worker:
    ids = [f"ds_{number:012d}" for number in range(len(paths))]
    task = {"type": "overlap", "trainIds": ids[:trained], "validationIds": ids[trained:]}
    files = [{"name": path.parent.name, "path": str(path), "kind": "jsonl", "encoding": "utf-8"} for path in paths]
    inputs = {"files": files, "rowsPath": None, "model": None, "outputPath": str(output)}
    return Worker(home / "run", kind="data", job={"datasetId": ids[0], "task": task}, inputs=inputs)


@pytest.fixture
def compare(tmp_path):
    return lambda train, validation: Compared(tmp_path, train, validation).wait()


def text(start: int, count: int) -> str:
    """Words that no other part of the text has."""
    return " ".join(f"word{number}" for number in range(start, start + count))


def test_each_way_to_leak_is_told_by_its_name_with_the_first_training_row(compare):
    long = text(0, 92)  # 90 shingles; with the answer of five words 95
    train = [
        chat("Nobody asks this", "and nobody knows"),
        chat("Who are you?", "I am Pip."),
        chat("What is the capital of France?", "It is Paris."),
        chat("Name a colour.", "Blue it is"),
        chat("How tall is it?", "Two metres or so"),
        chat(long, "the answer is forty two"),
        chat("Who are you?", "I am Pip."),
    ]
    validation = [
        chat("Who are you?", "I am Pip."),
        chat("  what is THE capital of ﬁne France", "Of what"),
        chat("what is the CAPITAL of France", "it is paris!"),
        chat("Name a colour.", "Red of course"),
        chat("how TALL is it", "No idea"),
        chat(long, "the answer is forty three"),
        chat("Which river is the longest?", "The Nile"),
    ]
    found = compare([train], [validation])
    assert found.told()[:5] == [
        ("conversation_same", [(1, 0), (0, 1)]),
        ("conversation_normalised", [(1, 2), (0, 2)]),
        ("prompt_same", [(1, 3), (0, 3)]),
        ("prompt_normalised", [(1, 4), (0, 4)]),
        ("conversation_near", [(1, 5), (0, 5)]),
    ]
    assert found.findings[4]["jaccard"] == pytest.approx(94 / 96, abs=1e-4)
    assert found.findings[0]["text"] == "Who are you?"
    assert found.leaking(0) == [1, 2, 3, 4, 5, 6]
    assert found.report["sets"] == [
        {"rows": 7, "comparedRows": 7, "leakingRows": 6},
        {"rows": 7, "comparedRows": 7, "leakingRows": 0},
    ]


def test_near_begins_at_four_fifths_of_all_shingles_and_not_below(compare):
    # Of 90 shingles each, 80 are shared: 80 of 100. With one less it is 79 of 101.
    train = [chat(text(0, 92), "yes " + text(500, 40)), chat(text(1000, 92), "yes " + text(1500, 40))]
    validation = [
        chat(text(0, 82) + " " + text(300, 10), "no " + text(700, 40)),
        chat(text(1000, 81) + " " + text(1300, 11), "no " + text(1700, 40)),
    ]
    found = compare([train], [validation])
    assert found.told() == [("prompt_near", [(1, 0), (0, 0)])]
    assert found.findings[0]["jaccard"] == 0.8
    assert found.leaking(0) == [0]


def test_chinese_is_compared_by_its_characters(compare):
    asked = "请详细介绍一下北京这座城市的历史文化名胜古迹以及当地人最喜欢的传统小吃并说明它们各自的来历和主要做法"
    train = [chat(asked, "北京有三千多年的历史。"), chat("你好，你是谁？", "我是皮普。"), chat("一加一等于几?", "二")]
    validation = [
        chat(asked.replace("详细", ""), "好的"),
        chat("你好!你是谁", "我是 皮普"),
        chat("二加二等于几?", "四"),
        chat("今天天气怎么样", "很好"),
    ]
    found = compare([train], [validation])
    assert found.told() == [("prompt_near", [(1, 0), (0, 0)]), ("conversation_normalised", [(1, 1), (0, 1)])]


def test_what_only_looks_alike_is_not_told(compare):
    names = ["Ada", "Grace", "Linus", "Ken", "Barbara", "Donald", "Edsger", "Alan"]
    train = [chat(f"What is {at} + {at}?", f"It is {2 * at}.") for at in range(50)]
    train += [chat(f"Who was {name}, and what is {name} known for?", f"{name} wrote programs.") for name in names]
    train += [chat("Is 3.5 more than 3?", "Yes"), chat("What is C#?", "A language"), chat("a != b", "unlike"), chat("???", "What?")]
    validation = [chat(f"What is {at} - {at}?", "It is 0.") for at in range(50)]
    validation += [chat(f"What is {at} * {at}?", f"It is {at * at}.") for at in range(50)]
    validation += [chat(f"Who is {name} {name}?", "Nobody") for name in names]
    validation += [chat("Is 35 more than 3?", "Yes"), chat("What is C?", "A language"), chat("a = b", "like"), chat("!!!", "Why?")]
    found = compare([train], [validation])
    assert found.told() == [] and found.leaking(0) == []


def test_the_system_message_is_no_sign_of_a_leak_but_may_change_the_answer(compare):
    long = ("system", text(0, 300))
    train = [talk(long, ("user", "Say one"), ("assistant", "one")), talk(("system", "Be kind"), ("user", "Who?"), ("assistant", "Me"))]
    validation = [talk(long, ("user", "Say two"), ("assistant", "two")), talk(("system", "Be rude"), ("user", "Who?"), ("assistant", "You"))]
    assert compare([train], [validation]).told() == [("prompt_same", [(1, 1), (0, 1)])]


def test_two_answers_to_one_prompt_are_told_within_and_across_sets(compare):
    history = (("user", "Tell me of cats"), ("assistant", "They purr"))
    one = [
        chat("Is it red?", "Yes"),
        chat("is it RED", "yes."),
        talk(*history, ("user", "More"), ("assistant", "They sleep")),
        chat("More", "Of what?"),
    ]
    other = [chat("Is it red?", "No"), talk(*history, ("user", "more!"), ("assistant", "They eat"))]
    held = [chat("Is it red?", "Perhaps")]
    found = compare([one, other], [held])
    groups = {one["text"]: one for one in found.findings if one["kind"] == "contradiction"}
    assert set(groups) == {"Is it red?", "Tell me of cats"}
    red = groups["Is it red?"]
    assert (red["answers"], red["rows"]) == (3, 4)
    assert red["places"] == [{"set": 0, "row": 0}, {"set": 1, "row": 0}, {"set": 2, "row": 0}]
    assert found.report["counts"]["contradiction"] == 2 and found.report["contradictingRows"] == 6


def test_answers_that_are_meant_to_differ_and_rows_that_do_not_train_are_left_aside(compare):
    better = {"role": "assistant", "content": "worse"}
    train = [
        chat("Choose", "a", rejected=better),
        chat("Choose", "b", rejected=better),
        chat("Good?", "yes", label=True),
        chat("Good?", "no", label=False),
        chat("Broken", "a", problem={"reason": "missing"}),
        {**chat("", ""), "messages": None, "text": "Plain text has no prompt"},
    ]
    validation = [chat("Broken", "a"), {**chat("", ""), "messages": None, "text": "plain text, has no prompt"}, chat("Good?", "no")]
    found = compare([train], [validation])
    assert found.told() == [("conversation_normalised", [(1, 1), (0, 5)]), ("prompt_same", [(1, 2), (0, 2)])]
    assert found.report["sets"][0] == {"rows": 6, "comparedRows": 4, "leakingRows": 2}


def test_one_set_alone_tells_how_often_its_rows_stand_in_it(compare):
    rows = [chat("a", "b")] * 3 + [chat("c", "d"), chat("C!", "D")] + [chat("e", "f")]
    found = compare([rows], [])
    assert found.told() == []
    assert found.report["repeats"] == [{"size": 2, "groups": 1}, {"size": 3, "groups": 1}]


def test_a_crowd_of_rows_that_are_alike_is_told_row_by_row(compare):
    stem = text(0, 60)
    found = compare([[chat(f"{stem} a{at}", f"t{at}") for at in range(300)]], [[chat(f"{stem} b{at}", f"v{at}") for at in range(300)]])
    assert len(found.findings) == 300 and found.report["sets"][0]["leakingRows"] == 300


def test_a_stop_leaves_nothing(tmp_path):
    rows = [chat(text(at, 200), text(at + 7, 200)) for at in range(3000)]
    compared = Compared(tmp_path, [rows], [rows])
    compared.worker.wait_for("progress")
    compared.worker.ask("stop")
    assert compared.worker.end() == 0
    assert compared.worker.of_type("finished")[0]["outcome"] == "stopped"
    assert list(compared.output.parent.iterdir()) == []


def test_a_set_that_is_gone_is_named(tmp_path):
    path = write_set(tmp_path / "set0", [chat("a", "b")])
    worker = start(tmp_path, [path, tmp_path / "gone" / "rows.jsonl"], 1, tmp_path / "out" / "overlap")
    assert worker.end() == 1
    assert "gone is no longer at" in worker.of_type("failed")[0]["message"]


def test_the_index_finds_what_is_alike_and_little_else():
    known = [words_of(text(at * 100, 60)) for at in range(500)]
    index = MinHash()
    index.add(known[:250])
    index.add(known[250:])
    index.close()
    asked = [[*words[:55], "other", "end"] for words in known]
    at, numbers = index.find(asked, 0.65)
    assert list(at) == list(numbers) == list(range(500))
    assert jaccard(shingles(asked[0]), shingles(known[0])) == pytest.approx(53 / 60)
