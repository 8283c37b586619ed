"""Batches: which rows share one, in which order they come, and that several documents in one row do not see each other."""

import numpy
import pytest
import torch
from torch.utils.data import RandomSampler

from trainer.order import ORDERS, BatchOrder, row_lengths
from trainer.packing import PackedRows

LENGTHS = numpy.random.default_rng(5).integers(4, 400, 83)


def order_of(order: str, *, batch: int = 4, per_step: int = 8, epoch: int = 0, lengths=LENGTHS) -> list[int]:
    rows = BatchOrder(lengths, order=ORDERS[order], seed=42, batch=batch, per_step=per_step)
    rows.set_epoch(epoch)
    return list(rows)


def padded(rows: list[int], batch: int = 4) -> int:
    batches = [rows[at : at + batch] for at in range(0, len(rows), batch)]
    return sum(len(one) * int(LENGTHS[one].max()) for one in batches)


@pytest.mark.parametrize("order", ["random", "length", "sequential"])
@pytest.mark.parametrize("count", [1, 3, 8, 83])
def test_every_row_comes_once_in_an_epoch(order, count):
    assert sorted(order_of(order, lengths=LENGTHS[:count])) == list(range(count))


def test_a_step_holds_the_rows_that_a_plain_shuffle_gives_it():
    for epoch in (0, 1):
        plain = list(RandomSampler(range(83), generator=torch.Generator().manual_seed(42 + epoch)))
        ours = order_of("random", epoch=epoch)
        for start in range(0, 83, 8):
            assert set(ours[start : start + 8]) == set(plain[start : start + 8])
        assert padded(ours) < padded(plain)


def test_batches_of_like_length_have_little_padding_and_no_order_of_their_own():
    rows = order_of("length")
    assert padded(rows) < 1.35 * LENGTHS.sum() < padded(order_of("random"))
    longest = [int(LENGTHS[rows[at : at + 4]].max()) for at in range(0, 80, 4)]
    assert longest[0] == LENGTHS.max() and longest != sorted(longest, reverse=True)
    # The short batch stays last, so that no batch is cut in two.
    assert len(rows) % 4 == 3
    assert order_of("length", epoch=1) != rows and order_of("length") == rows


def test_lengths_are_read_without_tokens_also_of_rows_that_are_repeated():
    from datasets import Dataset

    data = Dataset.from_dict({"input_ids": [[1, 2, 3], [4], [5, 6]], "labels": [[1, 2, 3], [4], [5, 6]]})
    assert row_lengths(data).tolist() == [3, 1, 2]
    assert row_lengths(data.select([2, 2, 0])).tolist() == [2, 2, 3]


def test_documents_of_a_row_count_from_nought_and_never_learn_their_first_token():
    rows = [{"input_ids": [5, 6, 7, 8], "labels": [5, 6, 7, 8], "seq_lengths": [3, 1]}, {"input_ids": [9, 4], "labels": [-100, 4], "seq_lengths": [2]}]
    batch = PackedRows(0, flat=False)(rows)
    assert batch["position_ids"].tolist() == [[0, 1, 2, 0], [0, 1, 0, 1]]
    assert batch["input_ids"].tolist() == [[5, 6, 7, 8], [9, 4, 0, 0]]
    assert batch["labels"].tolist() == [[-100, 6, 7, -100], [-100, 4, -100, -100]]
    assert int(batch["tokens"]) == 6 and "attention_mask" not in batch


def long_rows() -> list[list[dict]]:
    answers = ["The sky is blue today. " * (1 + 3 * (at % 5)) for at in range(16)]
    return [[{"role": "user", "content": f"What is {at}?"}, {"role": "assistant", "content": answer}] for at, answer in enumerate(answers)]


def first_loss(make_run, packing: str, **changes) -> float:
    run = make_run(packing, rows=long_rows(), packing=packing, batchSize=16, maxSteps=1, **changes)
    assert run.start() == 0, run.events()[-1]
    return run.losses()[1]


def test_packed_documents_give_the_loss_that_they_have_alone(make_run):
    alone = first_loss(make_run, "off")
    assert first_loss(make_run, "bfd") == pytest.approx(alone, abs=1e-5)
    assert first_loss(make_run, "bfd_split") == pytest.approx(alone, abs=1e-5)
    # Here neighbours see each other, which shows that the equality above is no accident of this model.
    assert first_loss(make_run, "wrapped") != pytest.approx(alone, abs=1e-5)


def test_a_packed_run_learns_and_tells_what_was_packed_and_cut(make_run):
    plans = {}
    for packing in ("off", "bfd", "bfd_split", "wrapped"):
        run = make_run(packing, rows=long_rows(), packing=packing, cutoffLength=48, epochs=6, batchSize=2, learningRate=1e-2)
        assert run.start() == 0, run.events()[-1]
        plans[packing] = plan = run.events("plan")[0]["plan"]
        losses = list(run.losses().values())
        assert sum(losses[-3:]) < sum(losses[:3]) - 0.3
        assert plan["trainRows"] == 16 and plan["totalSteps"] == len(losses)
        assert run.events("metric")[-1]["tokens"] == 6 * plan["trainTokens"]
    assert "packedRows" not in plans["off"] or plans["off"]["packedRows"] is None
    assert plans["bfd"]["packedRows"] < 16 and plans["bfd"]["trainTokens"] == plans["off"]["trainTokens"]
    assert plans["bfd"]["cutTokens"] == plans["off"]["cutTokens"] > 0 and plans["bfd"]["truncatedRows"] > 0
    for packing in ("bfd_split", "wrapped"):
        assert plans[packing]["cutTokens"] == 0
        assert plans[packing]["trainTokens"] == plans["bfd"]["trainTokens"] + plans["bfd"]["cutTokens"]
    assert plans["wrapped"]["packedRows"] <= plans["bfd_split"]["packedRows"]


@pytest.mark.parametrize("changes", [{"order": "length"}, {"packing": "bfd"}, {"packing": "wrapped"}, {"order": "length", "gradientAccumulation": 2}])
def test_a_resumed_run_meets_the_same_batches(make_run, changes):
    settings = {"rows": long_rows(), "epochs": 3, "batchSize": 2, "saveEverySteps": 4, "cutoffLength": 64, **changes}
    whole, halves = make_run("whole", **settings), make_run("halves", **settings)
    assert whole.start() == 0 and halves.start() == 0
    assert halves.start(attempt=2, resume_from="checkpoint-4") == 0
    assert halves.losses() == pytest.approx(whole.losses(), abs=1e-6)


def test_a_model_that_would_mix_packed_documents_is_refused(make_run, monkeypatch):
    from transformers import masking_utils

    monkeypatch.setattr(masking_utils, "find_packed_sequence_indices", lambda _positions: None)
    run = make_run(rows=long_rows(), packing="bfd", maxSteps=1)
    assert run.start() == 1
    failed = run.events()[-1]
    assert failed["code"] == "spec_invalid" and "see each other" in failed["message"]


def test_what_is_judged_does_not_depend_on_order_or_packing(make_run):
    told = []
    for changes in ({}, {"order": "length"}, {"packing": "bfd"}):
        run = make_run(str(changes), rows=long_rows(), evalFraction=0.4, learningRate=1e-9, maxSteps=1, batchSize=3, **changes)
        assert run.start() == 0, run.events()[-1]
        told.append(run.losses("eval_loss")[1])
    assert told == pytest.approx([told[0]] * 3, abs=1e-5)
