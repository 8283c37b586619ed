"""`python -m trainer.inspect [IDLE_SECONDS]`: one question a line on stdin, one answer a line on stdout, in order.

Asked `{"id", "method", "params"}`, answers `{"id", "result"}` or `{"id", "error": {"code", "message", "field"?}}`. The first line says
`{"ready": true}`. Leaves when stdin is closed or nothing was asked for IDLE_SECONDS.
"""

import json
import os
import sys
import traceback
from typing import Any

from trainer.data.light import hide_torch
from trainer.inspect.lines import Lines, TooLong
from trainer.inspect.methods import METHODS, Refused

IDLE_SECONDS = 600.0
MAX_QUESTION_BYTES = 64_000_000
MAX_ANSWER_BYTES = 64_000_000


def main(arguments: list[str]) -> int:
    answers = take_stdout()
    hide_torch()
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    send(answers, {"ready": True})
    for line in Lines(sys.stdin.fileno(), idle_seconds=float(arguments[0]) if arguments else IDLE_SECONDS, limit=MAX_QUESTION_BYTES):
        send(answers, answer(line))
    return 0


def take_stdout() -> int:
    """Answers keep the pipe for themselves; whatever a library prints goes to stderr."""
    answers = os.dup(1)
    os.dup2(2, 1)
    return answers


def answer(line: bytes | TooLong) -> dict[str, Any]:
    if isinstance(line, TooLong):
        return problem(None, "too_large", f"A question has at most {MAX_QUESTION_BYTES} bytes.")
    try:
        question = json.loads(line)
        number, method, params = question["id"], METHODS[question["method"]], question["params"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return problem(None, "bad_request", f"The question cannot be read: {type(error).__name__}: {error}")
    try:
        return {"id": number, "result": method(**params)}
    except Refused as refusal:
        return problem(number, refusal.code, str(refusal), refusal.field)
    except RecursionError:
        return problem(number, "too_deep", "The row is nested too deeply.")
    except Exception as error:  # The helper goes on: one bad question must not cost the warm tokenizers.
        traceback.print_exc()
        return problem(number, "failed", f"{type(error).__name__}: {error}"[:500])


def problem(number: Any, code: str, message: str, field: str | None = None) -> dict[str, Any]:
    error = {"code": code, "message": message}
    return {"id": number, "error": error if field is None else {**error, "field": field}}


def send(answers: int, message: dict[str, Any]) -> None:
    line = encode(message)
    if len(line) > MAX_ANSWER_BYTES:
        line = encode(problem(message["id"], "too_large", f"The answer has {len(line)} bytes; at most {MAX_ANSWER_BYTES} are told."))
    view = memoryview(line)
    while view:
        view = view[os.write(answers, view) :]


def encode(message: dict[str, Any]) -> bytes:
    return (json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8", "replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
