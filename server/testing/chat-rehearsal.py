"""A chat worker without torch: answers every question with its words, one by one. A model named `fails…` never loads.

A question of several lines is answered by itself to the letter, `request` by the request as it came, `break` by a worker
that dies in mid-answer. `endless` is answered until the asker leaves, which is then told by a warning event.
"""

import json
import os
import re
import socketserver
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler

run_dir, attempt = sys.argv[1], int(sys.argv[2])
with open(os.path.join(run_dir, f"a{attempt}", "spec.json")) as file:
    spec = json.load(file)
log = open(os.path.join(run_dir, "events.jsonl"), "ab", buffering=0)
lock = threading.Lock()
seq = 0


def emit(type: str, **fields) -> None:
    global seq
    with lock:
        log.write((json.dumps({"seq": seq, "t": time.time() * 1000, "type": type, **fields}) + "\n").encode())
        seq += 1


def words_for(body):
    question = body["messages"][-1]["content"]
    if question == "endless":
        return iter(lambda: "again ", None)
    if question == "request":
        return [json.dumps(body)]
    if "\n" in question:
        return re.findall(r"\s*\S+\s*", question)
    return [f"{word} " for word in question.split()]


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        question = body["messages"][-1]["content"]
        words = words_for(body)
        self.send_response(200)
        self.end_headers()
        if not body["stream"]:
            return self.wfile.write(json.dumps({"choices": [{"message": {"content": "".join(words)}}]}).encode())
        try:
            count = 0
            for count, word in enumerate(words, 1):
                self.send({"choices": [{"delta": {"content": word}}]})
                if question == "endless":
                    time.sleep(0.01)
                if question == "break":
                    os._exit(1)
            if (body.get("stream_options") or {}).get("include_usage"):
                self.send({"choices": [], "usage": {"completion_tokens": count}, "tuneboard": {"tokens_per_second": 12.5, "first_token_ms": 34}})
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            emit("warning", code="asker_left", message="The asker left.")

    def send(self, chunk):
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def get_request(self):
        request, _ = super().get_request()
        return request, ("asker", 0)


emit("opened", attempt=attempt, kind="chat", pid=os.getpid(), host="here", versions={})
if spec["inputs"]["model"]["label"].startswith("fails"):
    emit("failed", code="model_invalid", message="The weights do not fit the configuration.", remedy="Download the model again.")
    sys.exit(1)
with Server(spec["inputs"]["socketPath"], Handler) as server:
    emit("ready")
    control = os.path.join(run_dir, f"a{attempt}", "control.jsonl")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while not os.path.exists(control):
        time.sleep(0.02)
emit("finished", outcome="stopped", summary={})
os._exit(0)
