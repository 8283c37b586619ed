"""Safetensors files read and written as streams: the header is JSON, the tensors lie behind it as plain bytes.

Reading takes ranges with `pread` into buffers that are used again, so the memory needed does not depend on the size of the model.
"""

import hashlib
import json
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.failures import Failure

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
HEADER_LIMIT = 100_000_000
DTYPE_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1}


@dataclass(frozen=True)
class Stored:
    """One tensor as it lies in a file: `start` and `length` in bytes."""

    file: Path
    dtype: str
    shape: tuple[int, ...]
    start: int
    length: int


@dataclass(frozen=True)
class Planned:
    """One tensor to be written; `blocks` yields its bytes in order, each block valid until the next is asked for."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    blocks: Callable[[], Iterable[memoryview]]

    @property
    def length(self) -> int:
        elements = 1
        for size in self.shape:
            elements *= size
        return elements * DTYPE_BYTES[self.dtype]


def read_folder(folder: Path) -> dict[str, Stored]:
    """Every tensor of a model folder, in the order in which they lie on the disk."""
    if not (folder / INDEX).is_file():
        return read_header(folder / SINGLE)
    weight_map = read_json(folder / INDEX).get("weight_map", {})
    tensors: dict[str, Stored] = {}
    for name in sorted(set(weight_map.values())):
        if Path(name).name != name:
            raise Failure("model_invalid", f"{INDEX} names the file “{name}”, which lies outside of the folder.", "Download the model again.")
        tensors.update({key: stored for key, stored in read_header(folder / name).items() if weight_map.get(key) == name})
    missing = [key for key in weight_map if key not in tensors]
    if missing:
        raise Failure(
            "model_invalid", f"{folder}: {len(missing)} tensors of {INDEX} are in no file, such as {missing[0]}.", "Download the model again."
        )
    return tensors


def read_header(file: Path) -> dict[str, Stored]:
    try:
        size = file.stat().st_size
    except FileNotFoundError as error:
        raise Failure("model_invalid", f"{file} does not exist.", "Download the model again; pickle weights (.bin) are not read.") from error
    with open(file, "rb") as stream:
        prefix = stream.read(8)
        header_bytes = struct.unpack("<Q", prefix)[0] if len(prefix) == 8 else HEADER_LIMIT + 1
        if header_bytes > min(HEADER_LIMIT, size):
            raise Failure("model_invalid", f"{file} is not a safetensors file, or is cut short ({size} bytes).", "Download that file again.")
        header = json.loads(stream.read(header_bytes))
    tensors = {}
    for name, entry in sorted(((n, e) for n, e in header.items() if n != "__metadata__"), key=lambda item: item[1]["data_offsets"][0]):
        begin, end = entry["data_offsets"]
        if 8 + header_bytes + end > size:
            raise Failure("model_invalid", f"{file} is cut short: {name} ends beyond the last byte.", "Copy or download that file again.")
        tensors[name] = Stored(file, entry["dtype"], tuple(entry["shape"]), 8 + header_bytes + begin, end - begin)
    return tensors


class Reader:
    """Reads ranges of tensors; one file is open at a time, because tensors are read in the order of the disk."""

    def __init__(self) -> None:
        self._file: int | None = None
        self._path: Path | None = None

    def read_into(self, stored: Stored, offset: int, buffer: memoryview) -> None:
        """Fill the buffer with the tensor's bytes from `offset` on."""
        file = self._open(stored.file)
        done = 0
        while done < len(buffer):
            got = os.preadv(file, [buffer[done:]], stored.start + offset + done)
            if got == 0:
                raise Failure("model_invalid", f"{stored.file} became shorter while it was read.", "Copy or download that file again.")
            done += got

    def chunks(self, stored: Stored, chunk: memoryview) -> Iterator[memoryview]:
        for offset in range(0, stored.length, len(chunk)):
            part = chunk[: min(len(chunk), stored.length - offset)]
            self.read_into(stored, offset, part)
            yield part

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
        self._file = self._path = None

    def _open(self, path: Path) -> int:
        if self._file is None or path != self._path:
            self.close()
            self._file, self._path = os.open(path, os.O_RDONLY), path
        return self._file


def group_shards(planned: list[Planned], max_shard_bytes: int) -> list[list[Planned]]:
    """In order, each shard as full as it may be; a tensor that is larger than the limit gets a shard of its own."""
    shards: list[list[Planned]] = []
    room = 0
    for tensor in planned:
        if not shards or tensor.length > room:
            shards.append([])
            room = max_shard_bytes
        shards[-1].append(tensor)
        room -= tensor.length
    return shards


def write_shards(
    out: Path, planned: list[Planned], max_shard_bytes: int, on_bytes: Callable[[int], None]
) -> dict[str, str]:
    """Write all shards and the index; returns file name to sha256. `on_bytes` hears the length of each block and may raise."""
    shards = group_shards(planned, max_shard_bytes)
    names = [SINGLE] if len(shards) == 1 else [f"model-{i + 1:05d}-of-{len(shards):05d}.safetensors" for i in range(len(shards))]
    digests = {name: write_shard(out / name, shard, on_bytes) for name, shard in zip(names, shards, strict=True)}
    if len(shards) > 1:
        index = {
            "metadata": {"total_size": sum(tensor.length for tensor in planned)},
            "weight_map": {tensor.name: name for name, shard in zip(names, shards, strict=True) for tensor in shard},
        }
        (out / INDEX).write_text(json.dumps(index, indent=2, ensure_ascii=False) + "\n")
    return digests


def write_shard(path: Path, shard: list[Planned], on_bytes: Callable[[int], None]) -> str:
    header = shard_header(shard)
    digest = hashlib.sha256(header)
    with open(path, "xb", buffering=0) as file:
        write_all(file, header)
        for tensor in shard:
            written = 0
            for block in tensor.blocks():
                write_all(file, block)
                digest.update(block)
                written += len(block)
                on_bytes(len(block))
            if written != tensor.length:
                raise RuntimeError(f"{tensor.name}: {written} bytes came where {tensor.length} were planned")
    return digest.hexdigest()


def write_all(file: Any, data: Any) -> None:
    view = memoryview(data)
    while len(view) > 0:
        view = view[file.write(view) :]


def shard_header(shard: list[Planned]) -> bytes:
    """Padded with spaces to a multiple of 8, so that the tensors behind it are aligned."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    begin = 0
    for tensor in shard:
        header[tensor.name] = {"dtype": tensor.dtype, "shape": list(tensor.shape), "data_offsets": [begin, begin + tensor.length]}
        begin += tensor.length
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


def read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Failure("model_invalid", f"{path} cannot be read: {error}", "Copy or download that file again.") from error
    if not isinstance(value, dict):
        raise Failure("model_invalid", f"{path} is not a JSON object.", "Copy or download that file again.")
    return value
