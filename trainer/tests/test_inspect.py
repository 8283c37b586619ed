"""The warm helper as a process: questions and answers on its pipes, and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from trainer.inspect.lines import Lines, TooLong

ALPACA = {"instruction": "Who are you?", "output": "I am Pip."}


@pytest.fixture
def helper():
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    process = subprocess.Popen(
        [sys.executable, "-m", "trainer.inspect", "30"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert json.loads(process.stdout.readline()) == {"ready": True}

    def ask(*lines: str) -> list[dict]:
        process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        process.stdin.flush()
        return [json.loads(process.stdout.readline()) for _ in lines]

    ask.process = process
    yield ask
    process.stdin.close()
    assert process.wait(30) == 0
    process.stdout.close()


def test_what_cannot_be_read_is_told_and_the_next_question_is_answered(helper):
    question = json.dumps({"id": 7, "method": "guess", "params": {"rows": [ALPACA]}})
    unread, unknown, wrong, answer = helper("{x", '{"id": 1, "method": "nothing", "params": {}}', '{"id": 2, "method": "guess", "params": {"rowz": 1}}', question)
    assert unread["error"]["code"] == "bad_request" and unread["id"] is None
    assert unknown["error"]["code"] == "bad_request"
    assert wrong["id"] == 2 and wrong["error"]["code"] == "failed"
    assert answer["id"] == 7 and answer["result"][0]["mapping"]["format"] == "alpaca"


def test_a_half_character_does_not_end_the_helper(helper):
    row = {"instruction": "half \ud83d", "output": "x"}
    [answer] = helper(json.dumps({"id": 1, "method": "guess", "params": {"rows": [row]}}))
    assert answer["id"] == 1


def test_lines_are_whole_whatever_the_pieces_and_too_long_ones_are_dropped():
    reader, writer = os.pipe()
    for piece in (b"one\ntw", b"o\n", b"x" * 30, b"x" * 30 + b"\nthree\n", b"rest without an end"):
        os.write(writer, piece)
    os.close(writer)
    found = ["too long" if isinstance(line, TooLong) else line for line in Lines(reader, idle_seconds=5, limit=40)]
    os.close(reader)
    assert found == [b"one", b"two", "too long", b"three"]


def test_silence_ends_the_lines():
    reader, writer = os.pipe()
    os.write(writer, b"one\n")
    assert list(Lines(reader, idle_seconds=0.05, limit=40)) == [b"one"]
    os.close(reader)
    os.close(writer)
