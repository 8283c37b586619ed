"""A worker that speaks the event protocol without torch, quickly. What it does stands in the run's name, as `steps=50 delay=0.01 end=succeed`.

end: succeed | fail | vanish (exit 3 without a word) | kill (SIGKILL to itself);  deaf=1: ignores control lines and TERM.
plan=1: says its plan;  lines=5: writes five lines a step;  nan=7: the loss of step 7 is no number.
"""

import json
import os
import signal
import subprocess
import sys
import time

run_dir, attempt = sys.argv[1], int(sys.argv[2])
folder = os.path.join(run_dir, f"a{attempt}")
with open(os.path.join(folder, "spec.json")) as file:
    spec = json.load(file)
if spec["kind"] == "data":
    # Work on data is quick enough to be done for real.
    os.execv(sys.executable, [sys.executable, "-m", "trainer", *sys.argv[1:]])
wish = {"steps": "10", "delay": "0", "end": "succeed", "deaf": "0", "save": "0", "chatter": "0", "child": "0", "start": "0", "plan": "0", "lines": "0", "nan": "0"}
wish |= dict(pair.split("=") for pair in spec["job"]["name"].split() if "=" in pair)

path = os.path.join(run_dir, "events.jsonl")
past = open(path).read().splitlines() if os.path.exists(path) else []
seq = json.loads(past[-1])["seq"] + 1 if past else 0
log = open(path, "ab", buffering=0)


def emit(type: str, **fields) -> None:
    global seq
    log.write((json.dumps({"seq": seq, "t": time.time() * 1000, "type": type, **fields}) + "\n").encode())
    seq += 1


def checkpoint(step: int, reason: str) -> None:
    name = f"checkpoint-{step}"
    target = os.path.join(run_dir, "checkpoints", name)
    os.makedirs(target, exist_ok=True)
    for file_name in ("weights.bin", "COMPLETE.json"):
        with open(os.path.join(target, file_name), "w") as file:
            file.write("{}")
    emit("checkpoint", name=name, step=step, bytes=4, reason=reason)


control_lines = 0


def control() -> list[dict]:
    global control_lines
    control_path = os.path.join(folder, "control.jsonl")
    if wish["deaf"] == "1" or not os.path.exists(control_path):
        return []
    lines = open(control_path).read().splitlines()[control_lines:]
    control_lines += len(lines)
    return [json.loads(line) for line in lines]


if wish["deaf"] == "1":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if wish["child"] == "1":
    subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"], start_new_session=True)
time.sleep(float(wish["start"]))
emit("opened", attempt=attempt, kind="train", pid=os.getpid(), host="here", versions={})
first = 1
if spec["inputs"]["resumeFrom"]:
    first = int(spec["inputs"]["resumeFrom"].rsplit("-", 1)[1]) + 1
    emit("rewind", toStep=first - 1)
if wish["plan"] == "1":
    counts = {"totalSteps": int(wish["steps"]), "epochs": 1, "trainRows": 90, "evalRows": 10, "droppedRows": 0, "truncatedRows": 0, "effectiveBatch": 1}
    sizes = {"trainTokens": 900, "trainedTokens": 800, "trainableParameters": 1000, "totalParameters": 5000}
    emit("plan", plan={**counts, **sizes, "device": "cpu", "deviceName": "none", "precision": "float32"})
emit("phase", name="training")
print("rehearsal begins", flush=True)
for step in range(first, int(wish["steps"]) + 1):
    for line in control():
        emit("ack", controlId=line["id"], verb=line["verb"], outcome="done")
        if line["verb"] == "save":
            checkpoint(step - 1, "requested")
        if line["verb"] in ("stop", "abort"):
            if line["verb"] == "stop":
                checkpoint(step - 1, "stop")
            emit("finished", outcome="stopped", summary={})
            sys.exit(0)
    values = {"loss": 1 / step} if step % 10 else {"loss": 1 / step, "eval_loss": 2 / step}
    if str(step) == wish["nan"]:
        values["loss"] = "nan"
    emit("metric", step=step, epoch=step / 100, tokens=step * 10, seconds=step * 0.1, values=values)
    if int(wish["chatter"]):
        print("é" * int(wish["chatter"]), flush=True)
    for line in range(int(wish["lines"])):
        print(f"step {step} line {line}", flush=line + 1 == int(wish["lines"]))
    if int(wish["save"]) and step % int(wish["save"]) == 0:
        checkpoint(step, "cadence")
    time.sleep(float(wish["delay"]))
if wish["end"] == "fail":
    emit("failed", code="data_invalid", message="Row 3 has no answer.", remedy="Repair it.", traceback="Traceback")
    sys.exit(1)
if wish["end"] == "vanish":
    sys.exit(3)
if wish["end"] == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
emit("finished", outcome="succeeded", summary={"loss": 0.1})
