"""Rows of judged answers as batches of tensors, in the names that each trainer of trl reads. Padding stands on the right."""

from collections.abc import Callable, Sequence
from typing import Any

import torch

from trainer.data.render import IGNORED

Rows = Sequence[dict[str, Any]]
Batch = dict[str, torch.Tensor]


def pairs(pad: int, *, masks: bool) -> Callable[[Rows], Batch]:
    """The chosen answers, then the rejected ones, in one batch; with `masks` the tokens of the answers are marked."""

    def collate(rows: Rows) -> Batch:
        ids = [row[f"{side}_ids"] for side in ("chosen", "rejected") for row in rows]
        labels = [row[f"{side}_labels"] for side in ("chosen", "rejected") for row in rows]
        batch = inputs(ids, pad) | ({"completion_mask": answer_mask(labels)} if masks else {})
        known = [name for name in ("ref_chosen_logps", "ref_rejected_logps") if name in rows[0]]
        return batch | {name: torch.tensor([row[name] for row in rows]) for name in known}

    return collate


def sides(pad: int) -> Callable[[Rows], Batch]:
    """Chosen and rejected answers as tensors of their own, with labels."""

    def collate(rows: Rows) -> Batch:
        batch: Batch = {}
        for side in ("chosen", "rejected"):
            one = inputs([row[f"{side}_ids"] for row in rows], pad)
            one["labels"] = stack([row[f"{side}_labels"] for row in rows], IGNORED)
            batch |= {f"{side}_{name}": tensor for name, tensor in one.items()}
        return batch

    return collate


def verdicts(pad: int, *, mismatched: bool) -> Callable[[Rows], Batch]:
    """Answers with their verdict; `mismatched` adds each question with the answer of the row before it, from which KTO tells how far the
    model has moved. Made within the batch, so that rows may come in any order."""

    def collate(rows: Rows) -> Batch:
        batch = masked([row["input_ids"] for row in rows], [row["labels"] for row in rows], pad)
        if mismatched:
            others = [swap(row, rows[at - 1]) for at, row in enumerate(rows)]
            batch |= {f"KL_{name}": tensor for name, tensor in masked(*map(list, zip(*others, strict=True)), pad).items()}
        return batch | {"label": torch.tensor([bool(row["wanted"][0]) for row in rows])}

    return collate


def swap(row: dict[str, Any], other: dict[str, Any]) -> tuple[list[int], list[int]]:
    """The question of one row with the answer of another."""
    question, answer = row["input_ids"][: start(row)], other["input_ids"][start(other) :]
    return question + answer, [IGNORED] * len(question) + other["labels"][start(other) :]


def start(row: dict[str, Any]) -> int:
    return next(at for at, label in enumerate(row["labels"]) if label != IGNORED)


def masked(ids: list[list[int]], labels: list[list[int]], pad: int) -> Batch:
    return inputs(ids, pad) | {"completion_mask": answer_mask(labels)}


def inputs(ids: list[list[int]], pad: int) -> Batch:
    return {"input_ids": stack(ids, pad), "attention_mask": stack([[1] * len(row) for row in ids], 0)}


def answer_mask(labels: list[list[int]]) -> torch.Tensor:
    return (stack(labels, IGNORED) != IGNORED).long()


def stack(rows: list[list[int]], filler: int) -> torch.Tensor:
    width = max(map(len, rows))
    return torch.tensor([[*row, *[filler] * (width - len(row))] for row in rows])
