"""Which rows come when, and which of them share a batch. Everything follows from seed and epoch, so a resume meets the same batches.

`random`: each step holds the rows that a plain shuffle gives it. Within a step they are dealt out by length: the sum over the step is the
same, and with several batches a step less of it is padding. `length`: batches of rows of like length, taken in random order.
`sequential`: rows as they stand in the file.
"""

from collections.abc import Iterator
from typing import Any

import numpy
import torch
from torch.utils.data import Sampler
from transformers import Trainer

# Rows are sorted in windows of so many steps, of which an epoch has at least four: which rows meet differs from epoch to epoch.
WINDOW_STEPS = 50
WINDOWS = 4
# Names by which the arguments of transformers know the orders.
ORDERS = {"random": "random", "length": "group_by_length", "sequential": "sequential"}


class Ordered(Trainer):
    """For trainers whose rows have `input_ids`. The order stands in `args.train_sampling_strategy`."""

    def _get_train_sampler(self, train_dataset: Any = None) -> "BatchOrder":
        args, data = self.args, self.train_dataset if train_dataset is None else train_dataset
        return BatchOrder(
            row_lengths(data),
            order=args.train_sampling_strategy,
            seed=args.data_seed if args.data_seed is not None else args.seed,
            batch=args.train_batch_size,
            per_step=args.train_batch_size * args.gradient_accumulation_steps * max(1, args.world_size),
        )

    def _get_eval_sampler(self, eval_dataset: Any) -> Any:
        """The longest first: what is judged counts each token once, so the order changes nothing but the padding."""
        if self.args.world_size > 1:
            return super()._get_eval_sampler(eval_dataset)
        return longest_first(numpy.arange(len(eval_dataset)), row_lengths(eval_dataset)).tolist()


class BatchOrder(Sampler[int]):
    def __init__(self, lengths: numpy.ndarray, *, order: str, seed: int, batch: int, per_step: int):
        self.lengths = lengths
        self.order = order
        self.seed = seed
        self.batch = batch
        self.per_step = per_step
        self.epoch = 0

    def __len__(self) -> int:
        return len(self.lengths)

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __iter__(self) -> Iterator[int]:
        count = len(self.lengths)
        # The shuffle of accelerate's SeedableRandomSampler, number for number.
        generator = torch.Generator().manual_seed(self.seed + self.epoch)
        if self.order == "sequential":
            rows = in_steps(numpy.arange(count), self.lengths, self.per_step)
        else:
            rows = torch.randperm(count, generator=generator).numpy()
            grouped = self.order == ORDERS["length"]
            rows = self.by_length(rows, generator) if grouped else in_steps(rows, self.lengths, self.per_step)
        self.epoch += 1
        return iter(rows.tolist())

    def by_length(self, rows: numpy.ndarray, generator: torch.Generator) -> numpy.ndarray:
        """Whole batches change places; a last one that is short stays last. The longest comes first: what does not fit fails at once."""
        window = self.per_step * max(1, min(WINDOW_STEPS, len(rows) // (WINDOWS * self.per_step)))
        rows = in_steps(rows, self.lengths, window)
        whole = len(rows) // self.batch
        if whole == 0:
            return rows
        order = torch.randperm(whole, generator=generator).numpy()
        batches = rows[: whole * self.batch].reshape(whole, self.batch)[order]
        longest = int(self.lengths[batches].max(axis=1).argmax())
        batches[[0, longest]] = batches[[longest, 0]]
        return numpy.concatenate([batches.ravel(), rows[whole * self.batch :]])


def in_steps(rows: numpy.ndarray, lengths: numpy.ndarray, size: int) -> numpy.ndarray:
    """Each run of `size` rows with the longest first."""
    return numpy.concatenate([longest_first(rows[start : start + size], lengths) for start in range(0, len(rows), size)] or [rows])


def longest_first(rows: numpy.ndarray, lengths: numpy.ndarray) -> numpy.ndarray:
    return rows[numpy.argsort(-lengths[rows], kind="stable")]


def row_lengths(dataset: Any) -> numpy.ndarray:
    """Of each row, from the offsets that Arrow keeps: no token is touched. A mixture that repeats rows is a list of places."""
    import pyarrow.compute as compute

    lengths = compute.list_value_length(dataset.data.column("input_ids")).to_numpy().astype(numpy.int64)
    places = dataset._indices
    return lengths if places is None else lengths[places.column(0).to_numpy()]
