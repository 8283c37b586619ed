"""Counts of tokens against the plain way to count them, and packing against trl itself."""

import json
import random
from collections import Counter

import pytest
from worker import Worker

from trainer.data.lengths import Lengths, bucket_edge, find_cutoffs, grouped_positions, pack_best_fit, random_positions
from trainer.data.render import IGNORED, ChatEncoder


def histogram(lengths: list[int]) -> tuple[list[int], list[int]]:
    counted = Counter(lengths)
    return sorted(counted), [counted[length] for length in sorted(counted)]


def chat(number: int, words: int) -> dict:
    messages = [{"role": "user", "content": f"Say {number}"}, {"role": "assistant", "content": " ".join(["blue"] * words)}]
    return {"messages": messages, "text": None, "tools": None, "label": None, "problem": None}


def test_the_golden_packing(make_tokenizer):
    lengths, counts = histogram([4, 2, 3, 1])  # 5, 2, 3, 1 cut at 4
    assert pack_best_fit(lengths, counts, 4) == 3
    report = Lengths([4])
    report.rows.update([5, 2, 3, 1])
    [cutoff] = report.report()["cutoffs"]
    assert cutoff["truncatedRows"] == 1 and cutoff["tokens"] == 10
    assert cutoff["packing"] == {"bestFit": round(10 / 12, 6), "wrapped": round(11 / 12, 6)}


@pytest.mark.parametrize("seed", range(6))
def test_packing_is_as_tight_as_trls(seed):
    import pyarrow as arrow

    data_utils = pytest.importorskip("trl.data_utils")
    chance = random.Random(seed)
    size = chance.choice([8, 64, 100, 1000])
    lengths = [min(size, max(1, int(chance.lognormvariate(3, 1.2)))) for _ in range(700)]
    packed = data_utils._pack_bfd(arrow.table({"input_ids": [[0] * length for length in lengths]}), size)
    assert pack_best_fit(*histogram(lengths), size) == len(packed)


def test_padding_is_what_drawing_batches_gives():
    chance = random.Random(5)
    lengths = [chance.randint(1, 60) for _ in range(40)]
    drawn = sum(max(chance.sample(lengths, 8)) for _ in range(20_000)) / 20_000 * len(lengths)
    assert random_positions(*histogram(lengths)) == pytest.approx(drawn, rel=0.01)
    ordered = sorted(lengths)
    assert grouped_positions(*histogram(lengths)) == sum(ordered[at + 7] * 8 for at in range(0, 40, 8))
    assert grouped_positions(*histogram([3, 5])) == 10


def test_every_count_is_that_of_looking_at_each_row(make_tokenizer):
    encoder = ChatEncoder(make_tokenizer("chatml"))
    rows = [chat(number, words) for number, words in enumerate([1, 4, 9, 30, 30, 80, 2, 200])]
    rows.append({**rows[0], "messages": [{**rows[0]["messages"][0]}, {**rows[0]["messages"][1], "train": False}]})
    cutoffs = [16, 24, 48, 96]
    lengths = Lengths(cutoffs)
    encoded = [encoder.encode_row(row) for row in rows]
    for one in encoded:
        lengths.add(one)
    report = lengths.report()
    assert report["rows"] == len(rows) and report["zeroTrainedRows"] == 1
    assert report["tokens"] == sum(len(one.input_ids) for one in encoded)
    assert report["trainedTokens"] == sum(one.trained_tokens for one in encoded)
    assert report["percentiles"]["max"] == max(len(one.input_ids) for one in encoded)
    assert dict(zip(report["buckets"]["length"], report["buckets"]["rows"], strict=True)) == Counter(len(one.input_ids) for one in encoded)
    for cutoff, told in zip(cutoffs, report["cutoffs"], strict=True):
        cut = [one.cut(cutoff) for one in encoded]
        assert told["truncatedRows"] == sum(one.truncated for one in cut)
        assert told["tokens"] == sum(len(one.input_ids) for one in cut)
        assert told["trainedTokens"] == sum(one.trained_tokens for one in cut)
        assert told["untrainedRows"] == sum(one.trained_tokens == 0 for one in cut)
        ends = [any(label != IGNORED for label in one.labels[cutoff:]) for one in encoded]
        assert told["lostEndRows"] == sum(ends)


def test_cutoffs_and_buckets():
    assert find_cutoffs(1024) == [128, 192, 256, 384, 512, 768, 1024]
    assert find_cutoffs(100) == [100] and find_cutoffs(300) == [128, 192, 256, 300]
    assert find_cutoffs(None)[-1] == 1_048_576
    assert [bucket_edge(length) for length in (1, 4096, 4097, 8192, 8193)] == [1, 4096, 4160, 8192, 8320]


@pytest.fixture
def measure(tmp_path, make_model):
    workers = []

    def start(rows: list[dict]) -> Worker:
        folder = tmp_path / f"set{len(workers)}"
        folder.mkdir()
        lines = [(json.dumps({"index": at, **row}) + "\n").encode() for at, row in enumerate(rows)]
        (folder / "rows.jsonl").write_bytes(b"".join(lines))
        (folder / "rows.idx").write_bytes(b"\0" * 8 * len(rows))
        model = {"label": "tiny", "path": str(make_model(tmp_path / "model")), "repo": None, "revision": None, "adapterPath": None, "trustRemoteCode": False}
        job = {"datasetId": "ds_0000000000aa", "task": {"type": "measure", "modelId": "mod_0000000000aa"}}
        inputs = {"files": [], "rowsPath": str(folder / "rows.jsonl"), "model": model, "outputPath": str(folder / "lengths" / "key")}
        worker = Worker(tmp_path / f"run{len(workers)}", kind="data", job=job, inputs=inputs)
        workers.append(worker)
        worker.report = folder / "lengths" / "key.json"
        return worker

    yield start
    for worker in workers:
        worker.kill()


def test_a_task_measures_what_a_training_would_encode_and_names_what_is_refused(measure):
    problem = {**chat(0, 1), "messages": None, "problem": {"reason": "empty_answer"}}
    refused = {**chat(0, 1), "messages": [{"role": "tool", "content": "x"}, *chat(0, 1)["messages"]]}
    text = {**chat(0, 1), "messages": None, "text": "Plain words to learn."}
    worker = measure([chat(1, 3), problem, refused, text, {**chat(2, 3), "label": False}, chat(3, 60)])
    assert worker.end() == 0, worker.events
    report = json.loads(worker.report.read_text())
    assert (report["rows"], report["refusedRows"], report["refusals"]) == (3, 1, {"template_refused": 1})
    assert worker.of_type("progress")[-1] == worker.of_type("progress")[-1] | {"done": 6, "total": 6, "unit": "rows"}
    assert [cutoff["cutoff"] for cutoff in report["cutoffs"]] == [128, 192, 256]


def test_a_task_that_is_stopped_leaves_nothing(measure):
    worker = measure([chat(number, 300) for number in range(6000)])
    worker.wait_for("progress")
    worker.ask("abort")
    assert worker.end() == 0
    assert worker.of_type("finished")[0]["outcome"] == "stopped"
    assert not worker.report.exists() and list(worker.report.parent.glob("*")) == []


def test_a_training_from_which_little_is_learned_says_so(make_tokenizer, tmp_path):
    from trainer.control import Control
    from trainer.data.encode import Counter as RowCounter
    from trainer.events import EventLog

    encoder = ChatEncoder(make_tokenizer("chatml"))
    for name, question, warned in (("little", "why " * 200, True), ("enough", "why?", False)):
        path = tmp_path / f"{name}.jsonl"
        events = EventLog(path)
        counter = RowCounter(events, Control(tmp_path / "control.jsonl", events), total=1)
        row = {**chat(0, 1), "index": 0, "messages": [{"role": "user", "content": question}, {"role": "assistant", "content": "Because"}]}
        counter.encode(encoder, row, 5000)
        counter.finish([])
        assert ("few_trained_tokens" in path.read_text()) == warned
