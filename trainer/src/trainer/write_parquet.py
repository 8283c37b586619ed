"""`python -m trainer.write_parquet [tools]`: lines of JSON on stdin become one Parquet file on stdout, a group of rows at a time.

Rows are those of lib/formats/write-rows.ts, form `parquet`; all of a set have the columns of the first, and `tools` where said.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

GROUP_BYTES = 16 << 20
GROUP_ROWS = 16_384
CALL = pa.struct({"id": pa.string(), "type": pa.string(), "function": pa.struct({"name": pa.string(), "arguments": pa.string()})})
MESSAGE = pa.struct(
    {
        "role": pa.string(), "content": pa.string(), "reasoning_content": pa.string(), "tool_calls": pa.list_(CALL),
        "name": pa.string(), "weight": pa.int8(),
    }
)  # fmt: skip
TYPES: dict[str, pa.DataType] = {
    **dict.fromkeys(("messages", "prompt", "chosen", "rejected", "completion"), pa.list_(MESSAGE)),
    "responses": pa.list_(pa.string()), "text": pa.string(), "label": pa.bool_(), "tools": pa.string(),
}  # fmt: skip


def main(arguments: list[str]) -> int:
    write(sys.stdin.buffer, sys.stdout.buffer, with_tools="tools" in arguments)
    return 0


def write(lines: Iterable[bytes], target: IO[bytes], *, with_tools: bool) -> None:
    rows = map(json.loads, lines)
    first = next(rows, {})
    names = [*(name for name in first if name != "tools"), *(("tools",) if with_tools else ())]
    schema = pa.schema([(name, TYPES[name]) for name in names])
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for group in groups(chain([first] if first else [], rows)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))


def groups(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Few rows where they are long: one group is in memory."""
    group: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        group.append(row)
        size += size_of(row)
        if size >= GROUP_BYTES or len(group) >= GROUP_ROWS:
            yield group
            group, size = [], 0
    if group:
        yield group


def size_of(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(size_of, value.values()))
    return sum(map(size_of, value)) if isinstance(value, list) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
