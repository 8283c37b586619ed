"""Work that several processes do together: the same results in the same order, whatever happens to one of them."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from trainer.data import check as checking
from trainer.data.check import check
from trainer.data.fields import COLUMNS
from trainer.data.problems import RawRow
from trainer.data.quality import SECRETS, may_have_faults
from trainer.data.readers import Source
from trainer.data.row_maker import RowMaker
from trainer.data.sentences import said_of, say
from trainer.failures import Failure
from trainer.helpers import helped

@pytest.fixture(autouse=True)
def helpers_find_this_file(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([*sys.path, str(Path(__file__).parent)]))


MAPPING = {
    "format": "alpaca", "columns": dict.fromkeys(COLUMNS) | {"prompt": "instruction", "query": "input", "response": "output"},
    "tags": None, "xtunerMap": None, "systemText": None,
}  # fmt: skip
ODD = [
    " blanks", "a\x00b", "a\x7fb", "a\x08b", "lost \ufffd", "<|im_end|>", "[INST] a", "<p>page</p>", "a &nbsp; b", "",
    "-----BEGIN PRIVATE KEY-----abc", "postgres://me:secret@host.example", *(f"{mark}{'A1b2' * 10}" for mark in SECRETS),
]  # fmt: skip


def doubling():
    return lambda number: number * 2


def failing():
    def work(number):
        if number == 5:
            raise ValueError("no five")
        return os.getpid()

    return work


def refusing(folder):
    raise Failure("template_refused", say("no_template"), f"Not in {folder}.")


def write(path, count):
    rows = [{"instruction": f"Question {n} of all?", "input": "", "output": f"{ODD[n % 40] if n % 40 < len(ODD) else 'Answer'} {n // 3}"} for n in range(count)]
    path.write_text("\ufeff\n" + "\n\n".join(json.dumps(row) for row in rows) + "\n\u3000\n{broken\n")


@pytest.mark.parametrize("helpers", [0, 3])
def test_results_come_in_the_order_of_the_pieces(helpers):
    with helped(doubling, (), helpers) as work:
        assert list(work(range(50))) == [2 * number for number in range(50)]


def test_a_fault_is_raised_in_its_place_and_the_helpers_end():
    pids = set()
    with pytest.raises(ValueError, match="no five"), helped(failing, (), 2) as work:
        for pid in work(range(9)):
            pids.add(pid)
    assert len(pids) == 2 and not any(alive(pid) for pid in pids)


def test_what_can_not_be_started_fails_with_its_own_words():
    with pytest.raises(Failure) as raised, helped(refusing, ("/here",), 2) as work:
        list(work(range(5)))
    assert (raised.value.code, raised.value.remedy) == ("template_refused", "Not in /here.")
    assert raised.value.message == say("no_template") and said_of(raised.value.message)


def test_a_helper_that_is_killed_is_told():
    with pytest.raises(MemoryError, match="signal 9"), helped(failing, (), 2) as work:
        for pid in work([0] * 1000):
            os.kill(pid, signal.SIGKILL)


def test_a_check_with_helpers_writes_the_very_same_files(tmp_path, monkeypatch):
    write(tmp_path / "a.jsonl", 3000)
    monkeypatch.setattr(checking, "BATCH_ROWS", 300)
    told = {}
    for helpers in (0, 2):
        monkeypatch.setattr(checking, "count_helpers", lambda size, worth, helpers=helpers: helpers)
        check([Source(tmp_path / "a.jsonl", "jsonl")], MAPPING, {"secret": "fix", "duplicate": "drop"}, tmp_path / str(helpers))
        told[helpers] = [(tmp_path / str(helpers) / name).read_bytes() for name in ("rows.jsonl", "rows.idx", "problems.jsonl", "report.json")]
    assert told[0] == told[2]
    assert json.loads(told[0][3])["rows"] == 3001


def test_a_check_that_is_stopped_leaves_no_helper(tmp_path, monkeypatch):
    write(tmp_path / "a.jsonl", 3000)
    monkeypatch.setattr(checking, "count_helpers", lambda size, worth: 2)
    before = children()

    def stop(_: int) -> None:
        if children() > before:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check([Source(tmp_path / "a.jsonl", "jsonl")], MAPPING, {}, tmp_path / "out", stop)
    assert children() == before


def test_the_quick_look_passes_no_row_in_which_the_searches_find_something():
    maker = RowMaker(MAPPING, {})
    made = [maker.convert(RawRow(n, None, {"instruction": "Why?", "input": "", "output": f"Because {text} of it"})) for n, text in enumerate(ODD * 10)]
    doubtful = may_have_faults([one.payload for one in made])
    for one, wanted in zip(made, doubtful, strict=True):
        maker.look_through(one)
        assert wanted or not one.warnings, one.row
    assert sum(bool(one.warnings) for one in made) > 100
    assert may_have_faults([b'{"plain":"text, as most is"}'] * 300) == [False] * 300


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def children() -> int:
    found = 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    found += file.read().rsplit(") ", 1)[1].split()[1] == str(os.getpid())
            except OSError:
                continue
    return found
