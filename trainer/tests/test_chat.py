"""The chat worker as a process, over its real socket."""

import http.client
import json
import socket
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from peft import PeftModel
from tiny import make_adapter, make_tiny_llama
from transformers import AutoModelForCausalLM, AutoTokenizer
from worker import Worker

PATIENCE_SECONDS = 30.0
QUESTION = [{"role": "user", "content": "你叫什么名字?"}]


class Chat(Worker):
    def __init__(self, run_dir: Path, base: Path, adapter: Path | None = None, idle_seconds: int = 600):
        self.socket = run_dir / "chat.sock"
        model = {"label": "tiny", "path": str(base), "repo": None, "revision": None, "adapterPath": adapter and str(adapter), "trustRemoteCode": False}
        job = {"target": {"type": "model", "modelId": "mod_000000000000"}, "idleSeconds": idle_seconds}
        super().__init__(run_dir, kind="chat", job=job, inputs={"model": model, "socketPath": str(self.socket)})
        self.wait_for("ready")

    def connect(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("localhost", timeout=PATIENCE_SECONDS)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(PATIENCE_SECONDS)
        connection.sock.connect(str(self.socket))
        return connection

    def post(self, body: Any, path: str = "/v1/chat/completions") -> tuple[int, dict[str, Any]]:
        connection = self.connect()
        connection.request("POST", path, body if isinstance(body, bytes) else json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        return response.status, answer

    def ask_whole(self, **body: Any) -> dict[str, Any]:
        status, answer = self.post({"messages": QUESTION, "temperature": 0, "max_tokens": 24} | body)
        assert status == 200, answer
        return answer

    def stream(self, **body: Any) -> tuple[socket.socket, Iterator[Any]]:
        """The socket to close it with, and the events."""
        connection = self.connect()
        raw = connection.sock
        connection.request("POST", "/v1/chat/completions", json.dumps({"messages": QUESTION, "temperature": 0, "stream": True} | body))
        response = connection.getresponse()
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        return raw, read_events(response)

    def health(self) -> dict[str, Any]:
        connection = self.connect()
        connection.request("GET", "/health")
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def wait_until(self, **state: Any) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            health = self.health()
            if all(health[name] == value for name, value in state.items()):
                return health
            time.sleep(0.01)
        raise AssertionError(f"never {state}: {health}")


def read_events(response: http.client.HTTPResponse) -> Iterator[Any]:
    while line := response.readline():
        if line.startswith(b"data: "):
            data = line[6:].strip()
            yield "DONE" if data == b"[DONE]" else json.loads(data)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its context is long and its end tokens are never likely, so that an answer lasts until it is stopped."""
    folder = make_tiny_llama(tmp_path_factory.mktemp("base"), max_position_embeddings=100_000)
    config = json.loads((folder / "generation_config.json").read_text())
    (folder / "generation_config.json").write_text(json.dumps(config | {"suppress_tokens": [2]}))
    return folder


@pytest.fixture(scope="module")
def chat(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    worker = Chat(tmp_path_factory.mktemp("run") / "r", base)
    yield worker
    worker.kill()


def greedy(model: Any, folder: Path, tokens: int) -> str:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    inputs = tokenizer.apply_chat_template(QUESTION, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    ids = model.generate(**inputs, max_new_tokens=tokens, do_sample=False)[0][inputs["input_ids"].shape[1] :]
    return tokenizer.decode(ids, skip_special_tokens=True)


def test_without_a_temperature_the_model_answers_as_its_generation_config_says(chat: Chat, base: Path) -> None:
    answers = {chat.ask_whole(temperature=None, max_tokens=24, seed=seed)["choices"][0]["message"]["content"] for seed in (1, 2)}
    assert answers == {greedy(AutoModelForCausalLM.from_pretrained(base), base, 24)}


def test_a_whole_answer_is_what_bare_generate_gives(chat: Chat, base: Path) -> None:
    answer = chat.ask_whole(max_tokens=24)
    choice = answer["choices"][0]
    assert choice["message"] == {"role": "assistant", "content": greedy(AutoModelForCausalLM.from_pretrained(base), base, 24)}
    assert choice["finish_reason"] == "length"
    usage = answer["usage"]
    assert usage["completion_tokens"] == 24
    assert usage["prompt_tokens"] > 3
    assert usage["total_tokens"] == usage["prompt_tokens"] + 24
    assert answer["tuneboard"]["tokens_per_second"] > 0
    assert answer["tuneboard"]["first_token_ms"] > 0


def test_a_stream_says_the_same_in_the_order_of_the_protocol(chat: Chat) -> None:
    whole = chat.ask_whole(max_tokens=40)
    _, events = chat.stream(max_tokens=40, stream_options={"include_usage": True})
    *chunks, closing, done = list(events)
    assert done == "DONE"
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert text == whole["choices"][0]["message"]["content"]
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [None] * (len(chunks) - 1) + ["length"]
    assert (closing["choices"], closing["usage"]) == ([], whole["usage"])
    assert closing["tuneboard"]["tokens_per_second"] > 0
    assert len({chunk["id"] for chunk in chunks}) == 1


def test_only_the_owner_may_use_the_socket(chat: Chat) -> None:
    assert stat.S_IMODE(chat.socket.stat().st_mode) == 0o600


def test_closing_the_connection_ends_the_generation(chat: Chat) -> None:
    before = chat.wait_until(busy=False)["generated_tokens"]
    connection, events = chat.stream(max_tokens=90_000)
    for _ in range(5):
        next(events)
    connection.shutdown(socket.SHUT_RDWR)
    after = chat.wait_until(busy=False)["generated_tokens"]
    assert after - before < 2_000


def test_the_generation_ends_within_two_tokens_of_the_cancel() -> None:
    import torch

    from trainer.chat_engine import Cancelled, Generation, IdStreamer

    generation = Generation([1], None, None)
    streamer = IdStreamer(type("Engine", (), {"generated_tokens": 0})(), generation)
    streamer.put(torch.tensor([[1]]))
    streamer.put(torch.tensor([7]))
    generation.cancelled = True
    with pytest.raises(Cancelled):
        streamer.put(torch.tensor([8]))
    assert (generation.ids.get(), generation.ids.empty()) == (7, True)


def test_requests_wait_their_turn_and_all_are_answered(chat: Chat) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(chat.ask_whole()["choices"][0]["message"]["content"])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1


def test_one_who_leaves_the_queue_is_not_answered(chat: Chat) -> None:
    before = chat.wait_until(busy=False)["generated_tokens"]
    running, events = chat.stream(max_tokens=90_000)
    next(events)
    waiting = chat.connect()
    waiting.request("POST", "/v1/chat/completions", json.dumps({"messages": QUESTION, "max_tokens": 80_000}))
    chat.wait_until(waiting=1)
    waiting.close()
    running.shutdown(socket.SHUT_RDWR)
    after = chat.wait_until(busy=False, waiting=0)["generated_tokens"]
    assert after - before < 20_000


def test_a_stop_text_ends_the_answer_before_it(chat: Chat) -> None:
    text = chat.ask_whole(max_tokens=60)["choices"][0]["message"]["content"]
    stop = text[20:23]
    for stops in (stop, ["never in there", stop]):
        answer = chat.ask_whole(max_tokens=60, stop=stops)
        assert answer["choices"][0]["message"]["content"] == text[: text.index(stop)]
        assert answer["choices"][0]["finish_reason"] == "stop"


def test_the_same_seed_gives_the_same_answer_and_another_seed_another(chat: Chat) -> None:
    def sampled(seed: int) -> str:
        answer = chat.ask_whole(temperature=1.2, top_p=0.95, top_k=50, repetition_penalty=1.1, seed=seed)
        return answer["choices"][0]["message"]["content"]

    assert sampled(1) == sampled(1) != sampled(2)


@pytest.mark.parametrize(
    ("change", "param", "says"),
    [
        ({"temperature": 5}, "temperature", "temperature: 5 is not a number from 0 to 2"),
        ({"top_p": "high"}, "top_p", "'high'"),
        ({"max_tokens": 0}, "max_tokens", "whole number from 1"),
        ({"stop": [""]}, "stop", "not empty"),
        ({"messages": []}, "messages", "at least one message"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "messages[0].role", "'robot' is none of"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages[0].content", "only text"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages", "template refuses this conversation: Unknown role tool"),
        ({"max_token": 5}, "max_token", "not known"),
        ({"n": 2}, "n", "not supported"),
    ],
)
def test_a_bad_request_is_told_the_field_and_the_value(chat: Chat, change: dict[str, Any], param: str, says: str) -> None:
    status, answer = chat.post({"messages": QUESTION} | change)
    assert status == 400
    assert answer["error"]["param"] == param
    assert says in answer["error"]["message"]
    assert answer["error"]["type"] == "invalid_request_error"


def test_what_is_no_request_at_all_is_refused(chat: Chat) -> None:
    assert chat.post(b"{half")[0] == 400
    assert chat.post(b"[]")[0] == 400
    assert chat.post({}, path="/v1/completions")[0] == 404


def test_a_conversation_too_long_is_told_in_numbers(tmp_path: Path) -> None:
    worker = Chat(tmp_path / "r", make_tiny_llama(tmp_path / "base", max_position_embeddings=64))
    status, answer = worker.post({"messages": [{"role": "user", "content": "hello " * 200}]})
    worker.kill()
    assert status == 400
    assert answer["error"]["code"] == "context_length_exceeded"
    assert "context holds 64" in answer["error"]["message"]


def test_an_adapter_answers_as_on_its_base_and_a_stop_ends_the_worker(base: Path, tmp_path: Path) -> None:
    adapter = make_adapter(tmp_path / "adapter", base, target_modules="all-linear")
    worker = Chat(tmp_path / "r", base, adapter)
    answer = worker.ask_whole(max_tokens=24)["choices"][0]["message"]["content"]
    assert answer == greedy(PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), adapter), base, 24)
    assert answer != greedy(AutoModelForCausalLM.from_pretrained(base), base, 24)
    worker.ask("stop")
    assert worker.end() == 0
    assert worker.events[-1]["outcome"] == "stopped"
    assert not worker.socket.exists()


def test_an_idle_worker_leaves(base: Path, tmp_path: Path) -> None:
    worker = Chat(tmp_path / "r", base, idle_seconds=1)
    assert worker.end() == 0
    assert worker.events[-1]["outcome"] == "succeeded"
    assert not worker.socket.exists()
    assert [event["name"] for event in worker.of_type("phase")] == ["importing", "loading_model", "serving"]


def test_characters_are_never_cut_in_half() -> None:
    from tiny import make_tokenizer

    from trainer.chat_text import TextStream

    tokenizer = make_tokenizer()
    text = "龘靐齉 means 很多 dragons 🐉🐉!"
    ids = tokenizer.encode(text, add_special_tokens=False)
    assert len(ids) > len(text)
    stream = TextStream(tokenizer, ())
    pieces = [stream.add([token]) for token in ids] + [stream.finish()]
    assert "".join(pieces) == text
    assert not any("\ufffd" in piece for piece in pieces)
    assert any(not piece for piece in pieces[:-1])
