"""A chat worker without torch: answers every question with its words, one by one. A model named `fails…` never loads.

The question `endless` is answered until the asker leaves, which is then told by a warning event.
"""

import json
import os
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


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        question = body["messages"][-1]["content"]
        words = iter(lambda: "again ", None) if question == "endless" else [f"{word} " for word in question.split()]
        self.send_response(200)
        self.end_headers()
        if not body["stream"]:
            return self.wfile.write(json.dumps({"choices": [{"message": {"content": "".join(words)}}]}).encode())
        try:
            for word in words:
                self.wfile.write(f"data: {json.dumps({'choices': [{'delta': {'content': word}}]})}\n\n".encode())
                if question == "endless":
                    time.sleep(0.01)
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            emit("warning", code="asker_left", message="The asker left.")


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
