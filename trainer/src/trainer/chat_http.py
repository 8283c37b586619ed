"""HTTP on a Unix socket: GET /health and POST /v1/chat/completions. A thread a connection; a closed connection cancels its answer."""

import json
import os
import queue
import socket
import socketserver
import threading
import time
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from trainer.chat_engine import END, Engine, Generation
from trainer.chat_request import BadRequest, ChatRequest, parse_request
from trainer.chat_text import TextStream
from trainer.failures import Failure, explain

BODY_LIMIT = 32_000_000
PATH_LIMIT = 100  # the kernel takes 107 bytes, macOS 103
LOOK_SECONDS = 0.2


class Gone(Exception):
    """The client closed the connection."""


class ChatServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, path: Path, engine: Engine, label: str):
        if len(os.fsencode(path)) > PATH_LIMIT:
            raise Failure("start_failed", f"socketPath: {path} is longer than {PATH_LIMIT} bytes.", "Use a home folder with a shorter path.")
        self.engine = engine
        self.label = label
        self._lock = threading.Lock()
        self._active = 0
        self._idle_since = time.monotonic()
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            super().__init__(str(path), ChatHandler)
        finally:
            os.umask(before)

    @property
    def idle_seconds(self) -> float:
        with self._lock:
            return 0.0 if self._active else time.monotonic() - self._idle_since

    @contextmanager
    def active(self) -> Iterator[None]:
        with self._lock:
            self._active += 1
        try:
            yield
        finally:
            with self._lock:
                self._active -= 1
                self._idle_since = time.monotonic()


class ChatHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ChatServer

    def do_GET(self) -> None:
        if self.path != "/health":
            return self._error(BadRequest(f"{self.path} is not served here.", code="not_found", status=404))
        engine = self.server.engine
        state = {"status": "ok", "model": self.server.label, "busy": engine.busy, "waiting": engine.waiting}
        return self._json(200, state | {"generated_tokens": engine.generated_tokens})

    def do_POST(self) -> None:
        try:
            with self.server.active():
                self._chat()
        except (Gone, ConnectionError):
            self.close_connection = True
        except BadRequest as error:
            self._error(error)

    def _chat(self) -> None:
        if self.path != "/v1/chat/completions":
            raise BadRequest(f"{self.path} is not served here.", code="not_found", status=404)
        request = parse_request(self._body())
        try:
            generation = self.server.engine.submit(request)
        except BadRequest:
            raise
        except Exception as error:  # a closed connection without a word would look like a worker that has gone
            raise failed(error) from error
        try:
            answer = Answer(self.server.engine, generation, request, self._is_gone)
            if request.stream:
                self._stream(answer)
            else:
                self._json(200, answer.whole(self.server.label))
        finally:
            generation.cancelled = True

    def _stream(self, answer: "Answer") -> None:
        pieces = answer.pieces()
        first = next(pieces, None)  # an error before the first token still gets a status of its own
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        head, tail = answer.envelope(self.server.label)
        self._event(head + '"delta":{"role":"assistant","content":""},"finish_reason":null' + tail)
        try:
            while first is not None:
                self._event(head + '"delta":{"content":' + json.dumps(first, ensure_ascii=False) + '},"finish_reason":null' + tail)
                first = next(pieces, None)
        except BadRequest as error:
            self._event(json.dumps(error_body(error), ensure_ascii=False))
        else:
            self._event(head + '"delta":{},"finish_reason":"' + answer.finish_reason + '"' + tail)
            self._event(answer.closing(self.server.label))
        self._event("[DONE]")
        self._send(b"0\r\n\r\n")

    def _event(self, text: str) -> None:
        data = f"data: {text}\n\n".encode("utf-8", "replace")
        self._send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _send(self, data: bytes) -> None:
        try:
            self.wfile.write(data)
        except OSError as error:
            raise Gone from error

    def _body(self) -> Any:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > BODY_LIMIT:
            self.close_connection = True
            raise BadRequest(f"Content-Length: {length!r} is not a number up to {BODY_LIMIT}.", code="invalid_length", status=413 if length.isdigit() else 411)
        try:
            return json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError) as error:
            raise BadRequest(f"The body is not JSON: {error}. Send a JSON object.", code="invalid_json") from error

    def _is_gone(self) -> bool:
        try:
            return self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _error(self, error: BadRequest) -> None:
        self._json(error.status, error_body(error))

    def _json(self, status: int, value: Any) -> None:
        data = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self._send(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Conversations stay out of the log."""


class Answer:
    """The ids of one generation as text, with what the protocol wants to know at the end."""

    def __init__(self, engine: Engine, generation: Generation, request: ChatRequest, is_gone: Any):
        self._engine = engine
        self._generation = generation
        self._request = request
        self._is_gone = is_gone
        self._text = TextStream(engine.tokenizer, request.stop)
        self._count = 0
        self._last: int | None = None
        self.id = f"chatcmpl-{uuid.uuid4().hex}"
        self.created = int(time.time())

    @property
    def finish_reason(self) -> str:
        return "stop" if self._text.stopped or self._last in self._engine.end_ids else "length"

    def pieces(self) -> Iterator[str]:
        for ids in self._batches():
            self._count += len(ids)
            self._last = ids[-1]
            piece = self._text.add(ids)
            if piece:
                yield piece
            if self._text.stopped:
                self._generation.cancelled = True
                return
        if self._generation.error is not None:
            raise failed(self._generation.error)
        rest = self._text.finish()
        if rest:
            yield rest

    def _batches(self) -> Iterator[list[int]]:
        """All ids that have come since the last look; waits for the first one with an eye on the connection."""
        ids = self._generation.ids
        while True:
            if self._is_gone():
                raise Gone
            try:
                batch = [ids.get(timeout=LOOK_SECONDS)]
            except queue.Empty:
                continue
            while not ids.empty():
                batch.append(ids.get())
            over = batch[-1] is END
            found = [token for token in batch if token is not END]
            if found:
                yield found
            if over:
                return

    def whole(self, model: str) -> dict[str, Any]:
        content = "".join(self.pieces())
        choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": self.finish_reason, "logprobs": None}
        return {"id": self.id, "object": "chat.completion", "created": self.created, "model": model, "choices": [choice]} | self._figures()

    def envelope(self, model: str) -> tuple[str, str]:
        """What is the same in every chunk, made once."""
        head = {"id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": model}
        return json.dumps(head, ensure_ascii=False)[:-1] + ',"choices":[{"index":0,', "}]}"

    def closing(self, model: str) -> str:
        head = {"id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": model, "choices": []}
        return json.dumps(head | self._figures(), ensure_ascii=False)

    def _figures(self) -> dict[str, Any]:
        prompt = len(self._generation.prompt)
        usage = {"prompt_tokens": prompt, "completion_tokens": self._count, "total_tokens": prompt + self._count}
        speed = {"tokens_per_second": self._generation.tokens_per_second, "first_token_ms": self._generation.first_token_ms}
        return {"usage": usage, "tuneboard": speed}


def failed(error: BaseException) -> BadRequest:
    """The traceback goes to the output log, a sentence to the client."""
    traceback.print_exception(error)
    known = explain(error)
    return BadRequest(f"{known.message} {known.remedy or ''}".strip(), code=known.code, status=500)


def error_body(error: BadRequest) -> dict[str, Any]:
    kind = "invalid_request_error" if error.status < 500 else "server_error"
    return {"error": {"message": error.message, "type": kind, "param": error.param, "code": error.code}}
