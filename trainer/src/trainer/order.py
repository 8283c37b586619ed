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

from trainer.data.render import IGNORED

# Rows are sorted in windows of so many steps, of which an epoch has at least four: which rows meet differs from epoch to epoch.
WINDOW_STEPS = 50
WINDOWS = 4
# Names by which the arguments of transformers know the orders.
ORDERS = {"random": "random", "length": "group_by_length", "sequential": "sequential"}


class Ordered(Trainer):
    """For trainers whose rows have `input_ids`. The order stands in `args.train_sampling_strategy`."""

    def __init__(self, **arguments: Any):
        self.shares = max(1, arguments["args"].world_size)
        if self.shares > 1:
            for name in ("train_dataset", "eval_dataset"):
                arguments[name] = with_blank(arguments[name], arguments["processing_class"].pad_token_id)
        super().__init__(**arguments)

    def _get_train_sampler(self, train_dataset: Any = None) -> "BatchOrder":
        args, data = self.args, self.train_dataset if train_dataset is None else train_dataset
        # Processes that train together deal the rows of a batch out among them.
        batch = args.train_batch_size * self.shares
        return BatchOrder(
            row_lengths(data)[: self.count(data)],
            order=args.train_sampling_strategy,
            seed=args.data_seed if args.data_seed is not None else args.seed,
            batch=batch,
            per_step=batch * args.gradient_accumulation_steps,
            filled=self.shares > 1 and not args.dataloader_drop_last,
        )

    def get_train_dataloader(self) -> Any:
        """Where a resume skips batches, accelerate does not pass the epoch on through a share to the order of its rows."""
        loader = super().get_train_dataloader()
        if self.shares > 1:
            share = loader.batch_sampler
            share.set_epoch = share.batch_sampler.sampler.set_epoch
        return loader

    def _get_eval_sampler(self, eval_dataset: Any) -> Any:
        """The longest first: what is judged counts each token once, so the order changes nothing but the padding."""
        count = self.count(eval_dataset)
        rows = longest_first(numpy.arange(count), row_lengths(eval_dataset)).tolist()
        return rows if self.shares == 1 else rows + blanks(count, self.args.eval_batch_size * self.shares)

    def count(self, dataset: Any) -> int:
        """Rows without the blank one."""
        return len(dataset) - (self.shares > 1)


class BatchOrder(Sampler[int]):
    def __init__(self, lengths: numpy.ndarray, *, order: str, seed: int, batch: int, per_step: int, filled: bool = False):
        self.lengths = lengths
        self.order = order
        self.seed = seed
        self.batch = batch
        self.per_step = per_step
        self.blanks = blanks(len(lengths), batch) if filled else []
        self.epoch = 0

    def __len__(self) -> int:
        return len(self.lengths) + len(self.blanks)

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
        return iter(rows.tolist() + self.blanks)

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


def with_blank(dataset: Any, pad_token_id: int) -> Any:
    """One more row, the last, of one token and nothing to learn: it fills the last batch, so that each process has its share of it.

    Left to itself, accelerate fills with rows from the beginning, which would be trained and judged twice.
    """
    if dataset is None:
        return None
    from datasets import Dataset, concatenate_datasets

    values = {"input_ids": pad_token_id, "labels": IGNORED}
    blank = Dataset.from_dict({name: [[values.get(name, 1)]] for name in dataset.column_names}, features=dataset.features)
    return concatenate_datasets([dataset, blank])


def blanks(count: int, batch: int) -> list[int]:
    """The blank row as often as the last batch has room for it."""
    return [count] * (-count % batch)


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
