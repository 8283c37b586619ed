"""The event log survives what a power cut or a full disk leaves behind."""

import json
import os
import threading

import pytest

from small_disk import fill
from trainer.control import Control, Stopped
from trainer.events import EventLog
from trainer.failures import explain


@pytest.fixture
def log(tmp_path):
    return tmp_path / "events.jsonl"


def read(log) -> list[dict]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_seq_goes_on_over_attempts(log):
    EventLog(log).phase("importing")
    EventLog(log).phase("training")
    assert [(event["seq"], event["name"]) for event in read(log)] == [(0, "importing"), (1, "training")]


@pytest.mark.parametrize("torn", [b'{"seq":1,"t":5,"ty', b"\x00" * 5000, b'{"seq":1}\x00\x00\n', b"\n\n", b'{"seq":1,"t":5}' + b"\x00" * 70_000])
def test_a_torn_or_zero_filled_tail_is_cut(log, torn):
    EventLog(log).phase("importing")
    with open(log, "ab") as file:
        file.write(torn)
    EventLog(log).phase("training")
    assert [event["seq"] for event in read(log)] == [0, 1]


def test_a_line_longer_than_the_window_is_found_again(log):
    EventLog(log).failed(code="unknown", message="x", traceback="y" * 300_000)
    EventLog(log).phase("importing")
    assert [event["seq"] for event in read(log)] == [0, 1]


def test_a_log_with_nothing_whole_in_it_starts_over(log):
    log.write_bytes(b'{"seq":')
    EventLog(log).ready()
    assert [event["seq"] for event in read(log)] == [0]


def test_numbers_that_json_lacks_are_written_as_words(log):
    EventLog(log).metric(step=1, epoch=0.1, tokens=5, seconds=0.5, values={"loss": float("nan"), "a": float("inf"), "b": float("-inf"), "c": 1.5})
    assert read(log)[0]["values"] == {"loss": "nan", "a": "inf", "b": "-inf", "c": 1.5}


def test_what_is_not_known_is_left_out(log):
    EventLog(log).phase("training")
    assert set(read(log)[0]) == {"seq", "t", "type", "name"}


def test_a_write_that_ends_half_way_is_taken_back(log, monkeypatch):
    events = EventLog(log)
    events.phase("importing")
    real = os.write
    answers = iter([lambda file, data: real(file, data[:10]), lambda file, data: (_ for _ in ()).throw(OSError(28, "No space left on device"))])
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, data: next(answers)(file, data))
        with pytest.raises(OSError, match="No space left"):
            events.phase("training")
    events.phase("saving")
    assert [(event["seq"], event["name"]) for event in read(log)] == [(0, "importing"), (1, "saving")]


def test_threads_never_share_a_seq(log):
    events = EventLog(log)
    threads = [threading.Thread(target=lambda: [events.heartbeat(1) for _ in range(200)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event["seq"] for event in read(log)] == list(range(800))


def test_only_the_first_rank_writes(log, monkeypatch):
    monkeypatch.setenv("RANK", "1")
    EventLog(log).phase("training")
    assert not log.exists()


@pytest.fixture
def control(tmp_path, log):
    return Control(tmp_path / "control.jsonl", EventLog(log))


def ask(tmp_path, text: str) -> None:
    with open(tmp_path / "control.jsonl", "a") as file:
        file.write(text)


def test_a_request_is_read_once_and_only_when_its_line_is_whole(control, tmp_path):
    assert control.poll() == []
    ask(tmp_path, '{"id":"a","t":1,"verb":"save"}\n{"id":"b","t":1,')
    assert [(request.id, request.verb) for request in control.poll()] == [("a", "save")]
    ask(tmp_path, '"verb":"stop"}\n')
    assert [(request.id, request.verb) for request in control.poll()] == [("b", "stop")]
    assert control.poll() == []


def test_an_unknown_verb_and_a_broken_line_are_answered(control, tmp_path, log):
    ask(tmp_path, 'nonsense\n{"id":"a","t":1,"verb":"dance"}\n')
    assert control.poll() == []
    warning, ack = read(log)
    assert warning["code"] == "control_unreadable"
    assert (ack["controlId"], ack["outcome"]) == ("a", "refused") and "dance" in ack["note"]


def test_before_the_first_step_a_stop_ends_at_once_and_a_save_is_refused(control, tmp_path, log):
    ask(tmp_path, '{"id":"a","t":1,"verb":"save"}\n{"id":"b","t":1,"verb":"stop"}\n')
    with pytest.raises(Stopped):
        control.check()
    assert [(event["controlId"], event["outcome"]) for event in read(log)] == [("a", "refused"), ("b", "done")]


def test_a_full_disk_is_told_with_its_path_and_what_is_left_of_it(small_disk, monkeypatch):
    monkeypatch.setenv("TUNEBOARD_RUN_DIR", str(small_disk))
    events = EventLog(small_disk / "events.jsonl")
    events.phase("training")
    whole, torn = small_disk / "checkpoints" / "checkpoint-10", small_disk / "checkpoints" / "checkpoint-20"
    for folder in (whole, torn):
        folder.mkdir(parents=True)
        (folder / "optimizer.pt").write_bytes(b"x" * 20_000)
    (whole / "COMPLETE.json").write_text("{}")
    fill(small_disk)
    with pytest.raises(OSError) as caught:
        for step in range(1000):
            events.metric(step=step, epoch=0, tokens=0, seconds=0, values={"loss": 1.0})
    failure = explain(caught.value)
    events.failed(code=failure.code, message=failure.message, remedy=failure.remedy, traceback="x" * 20_000)
    last = read(small_disk / "events.jsonl")[-1]
    assert (last["type"], last["code"]) == ("failed", "disk_full")
    assert f"The disk of {small_disk} is full: 0 of its 1048576 bytes are free." in last["message"]
    assert "keep fewer checkpoints" in last["remedy"]
    assert whole.exists() and not torn.exists()


def test_torch_on_a_full_disk_is_understood(small_disk, monkeypatch):
    import torch

    monkeypatch.setenv("TUNEBOARD_RUN_DIR", str(small_disk))
    with pytest.raises(RuntimeError) as caught:
        torch.save({"weights": torch.zeros(1_000_000)}, small_disk / "optimizer.pt")
    assert explain(caught.value).code == "disk_full"


def test_what_is_kept_for_the_last_words_is_gone_after_them(log):
    events = EventLog(log)
    assert (log.parent / ".reserve").exists()
    events.finished("succeeded", {})
    assert not (log.parent / ".reserve").exists()
