"""An adapter merged into its base as a stream: a few megabytes of memory whatever the size of the model; over rounded weights the
largest tensor.

Each tensor of the base passes once, in blocks of rows. What no adapter tensor touches is copied byte for byte; what is touched is
computed in float32 and rounded once.
The rules (scale, DoRA, embeddings, tied heads) follow peft's `merge_and_unload`, against which tests/test_merge.py holds them.
"""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from trainer import quantise
from trainer.export_weights import Planned, Reader, Stored, read_folder, read_json, write_shards
from trainer.failures import Failure
from trainer.merge_adapter import HEAD, TORCH_DTYPES, Adapter, Change, find_changes, find_tied_embedding, fit_vocabulary, open_adapter, torch_dtype

CHUNK_BYTES = 4 << 20
BLOCK_ELEMENTS = 1 << 18
FILE_DTYPES = {"float32": "F32", "bfloat16": "BF16", "float16": "F16"}


@dataclass(frozen=True)
class Merge:
    """A merge that has been thought through and not yet begun."""

    base: Path
    config: dict[str, Any]
    tensors: list[Planned]
    total_bytes: int


def plan_merge(base: Path, adapter: Path | None, dtype: str) -> Merge:
    """Read headers only, decide on every tensor, refuse what cannot be done."""
    config = read_json(base / "config.json")
    if config.get("quantization_config"):
        raise Failure(
            "model_invalid",
            f"The base in {base} is quantised; merging into rounded weights would lose a part of what was learned.",
            "Choose the 16-bit original of this model as the base, or export the adapter alone.",
        )
    stored = read_folder(base)
    changes: dict[str, Change] = {}
    opened = open_adapter(adapter) if adapter else None
    if opened:
        tied_to = find_tied_embedding(config, stored)
        if tied_to:
            stored.pop(HEAD, None)
        changes = find_changes(opened, stored, tied_to)
        if tied_to and HEAD in changes:
            stored[HEAD] = stored[tied_to]
            config = {**config, "tie_word_embeddings": False}
        config = fit_vocabulary(config, opened, stored, changes)
    rounded = quantise.read(adapter) if adapter else None
    if rounded is not None:
        quantise.check_installed()
        changes |= {name: replace(changes.get(name, Change()), rounded=True) for name in rounded_names(rounded, stored)}
    if dtype != "auto":
        config = name_dtype(config, dtype)
    work = Workshop(opened, rounded)
    tensors = [work.plan(name, entry, changes.get(name), dtype) for name, entry in stored.items()]
    return Merge(base, config, tensors, sum(tensor.length for tensor in tensors))


def rounded_names(rounded: dict[str, Any], stored: dict[str, Stored]) -> list[str]:
    names = [f"{module}.weight" for module in rounded["modules"]]
    missing = [name for name in names if name not in stored]
    if missing:
        raise Failure(
            "checkpoint_invalid",
            f"{missing[0]} was rounded in training, and the base has no tensor of that name.",
            "Choose the base that this adapter was trained on, or export the adapter alone.",
        )
    return names


def run_merge(merge: Merge, out: Path, max_shard_bytes: int, on_bytes: Callable[[int], None]) -> dict[str, str]:
    """Write config.json and the weights into `out`; returns the sha256 of each weights file."""
    (out / "config.json").write_text(json.dumps(merge.config, indent=2, ensure_ascii=False) + "\n")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # a block is too small to share: on a busy machine, waiting for a second thread takes 100 times longer
    try:
        digests = write_shards(out, merge.tensors, max_shard_bytes, on_bytes)
    finally:
        torch.set_num_threads(threads)
    return digests


def verify(merge: Merge, out: Path) -> None:
    """Every tensor is in the files with its name, type and shape. That each number is finite was seen while it was computed."""
    wanted = {tensor.name: (tensor.dtype, tensor.shape) for tensor in merge.tensors}
    found = {name: (stored.dtype, stored.shape) for name, stored in read_folder(out).items()}
    if wanted != found:
        wrong = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
        raise Failure("unknown", f"The files written hold {len(wrong)} tensors other than planned, such as {wrong[0]}.", "Export again.")


def name_dtype(config: dict[str, Any], dtype: str) -> dict[str, Any]:
    """Transformers 5 says `dtype`, earlier ones `torch_dtype`; a nested text_config repeats it."""
    named = {**config, "torch_dtype" if "torch_dtype" in config else "dtype": dtype}
    if isinstance(config.get("text_config"), dict):
        named["text_config"] = name_dtype(config["text_config"], dtype)
    return named


class Workshop:
    """Makes the bytes of planned tensors. The buffers are used again for every block: fresh memory costs more than the arithmetic."""

    def __init__(self, adapter: Adapter | None, rounded: dict[str, Any] | None = None):
        self._adapter = adapter
        self._rounded = rounded
        self._reader = Reader()
        self._chunk = memoryview(bytearray(CHUNK_BYTES))
        self._elements = 0

    def plan(self, name: str, stored: Stored, change: Change | None, dtype: str) -> Planned:
        source = self._source(stored, change)
        if change is None and (dtype == "auto" or stored.dtype not in TORCH_DTYPES or FILE_DTYPES[dtype] == stored.dtype):
            return Planned(name, stored.dtype, stored.shape, lambda: self._reader.chunks(stored, self._chunk))
        torch_dtype(name, stored)
        final = stored.dtype if dtype == "auto" else FILE_DTYPES[dtype]
        return Planned(name, final, source.shape, lambda: self._compute(name, source, change or Change(), final))

    def _source(self, stored: Stored, change: Change | None) -> Stored:
        return self._adapter.stored[change.replaced_by] if self._adapter and change and change.replaced_by else stored

    def _compute(self, name: str, source: Stored, change: Change, dtype: str) -> Iterator[memoryview]:
        """Rows first to last; a tensor that is converted only has rows of one element."""
        parts = self._load_parts(change)
        if change.rounded and self._rounded:
            parts["rounded"] = self._round_trip(source, self._rounded)
        by_rows = bool(change.lora or change.rows or change.rounded)
        width = source.shape[1] if by_rows else 1
        count = math.prod(source.shape) // width if math.prod(source.shape) else 0
        step = max(1, BLOCK_ELEMENTS // width)
        self._reserve(step * width)
        norms = self._norms(source, change, parts, count, step, width) if change.magnitude else None
        for start in range(0, count, step):
            stop = min(count, start + step)
            block = self._merged(source, change, parts, start, stop, width)
            if norms is not None and change.lora:
                factor = parts["magnitude"] / norms
                block.mul_(factor.view(1, -1) if change.lora.transposed else factor[start:stop].view(-1, 1))
            if change.bias:
                block.add_(parts["bias"][start:stop].view(-1, 1))
            if change.rows:
                overlay(block, change.rows[1], parts["rows"], start)
            yield self._round(name, block, dtype)

    def _load_parts(self, change: Change) -> dict[str, torch.Tensor]:
        if self._adapter is None:
            return {}
        load = self._adapter.load
        parts = {"a": load(change.lora.a), "b": load(change.lora.b)} if change.lora else {}
        if change.magnitude:
            parts["magnitude"] = load(change.magnitude).flatten()
        if change.bias:
            parts["bias"] = load(change.bias[0]) * change.bias[1]
        if change.rows:
            parts["rows"] = load(change.rows[0])
        return parts

    def _round_trip(self, source: Stored, rounded: dict[str, Any]) -> torch.Tensor:
        """The one step that holds a whole tensor: double quantisation takes a mean over all of it."""
        raw = bytearray(source.length)
        self._reader.read_into(source, 0, memoryview(raw))
        return quantise.round_trip(torch.frombuffer(raw, dtype=TORCH_DTYPES[source.dtype]).reshape(source.shape), rounded)

    def _reserve(self, elements: int) -> None:
        if elements <= self._elements:
            return
        self._elements = elements
        self._raw = bytearray(elements * 8)
        self._final = bytearray(elements * 8)
        self._weights = torch.empty(elements)
        self._delta = torch.empty(elements)

    def _merged(
        self, source: Stored, change: Change, parts: dict[str, torch.Tensor], start: int, stop: int, width: int
    ) -> torch.Tensor:
        """Rows of base + scale * B @ A in float32."""
        elements = (stop - start) * width
        dtype = TORCH_DTYPES[source.dtype]
        reader = self._adapter.reader if self._adapter and change.replaced_by else self._reader
        reader.read_into(source, start * width * dtype.itemsize, memoryview(self._raw)[: elements * dtype.itemsize])
        block = self._weights[:elements].view(stop - start, width)
        block.copy_(parts["rounded"][start:stop] if "rounded" in parts else torch.frombuffer(self._raw, dtype=dtype, count=elements).view_as(block))
        if change.lora:
            delta = self._delta[:elements].view(stop - start, width)
            if change.lora.transposed:
                delta = torch.mm(parts["b"], parts["a"][:, start:stop], out=delta.view(width, stop - start)).T
            else:
                torch.mm(parts["b"][start:stop], parts["a"], out=delta)
            block.add_(delta.mul_(change.lora.scale))
        return block

    def _norms(
        self, source: Stored, change: Change, parts: dict[str, torch.Tensor], count: int, step: int, width: int
    ) -> torch.Tensor:
        """DoRA: the length of each output's weights, before the first block can be scaled."""
        across = bool(change.lora and change.lora.transposed)
        squares = torch.zeros(width if across else count, dtype=torch.float64)
        for start in range(0, count, step):
            stop = min(count, start + step)
            block = self._merged(source, change, parts, start, stop, width)
            if across:
                squares += block.double().square().sum(dim=0)
            else:
                squares[start:stop] = torch.linalg.norm(block, dim=1).double().square()
        return squares.sqrt().float()

    def _round(self, name: str, block: torch.Tensor, dtype: str) -> memoryview:
        size = block.numel() * TORCH_DTYPES[dtype].itemsize
        final = torch.frombuffer(self._final, dtype=TORCH_DTYPES[dtype], count=block.numel())
        final.copy_(block.view(-1))
        lowest, highest = final.aminmax()  # a NaN comes out of both; many times faster than isfinite
        if not (math.isfinite(lowest) and math.isfinite(highest)):
            remedy = "Choose bfloat16 or float32." if dtype == "F16" else "The adapter or the base is damaged; choose another checkpoint."
            raise Failure("checkpoint_invalid", f"{name} has numbers that are not finite in {dtype} after merging.", remedy)
        return memoryview(self._final)[:size]


def overlay(block: torch.Tensor, indices: tuple[int, ...], rows: torch.Tensor, start: int) -> None:
    for row, index in zip(rows, indices, strict=True):
        if start <= index < start + len(block):
            block[index - start] = row
