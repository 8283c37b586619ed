"""`python -m trainer.arrow_to_parquet IN OUT`: an Arrow file or stream as Parquet, batch by batch, for the table view.

Prints `{"progress": 0.4}` lines; a file that can't be read ends it with code 1 and `{"error": "…"}`.
"""

import json
import os
import sys
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

ROWS_A_GROUP = 16_384


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print("usage: python -m trainer.arrow_to_parquet IN OUT", file=sys.stderr)
        return 2
    source, target = arguments
    try:
        convert(source, target)
    except (pa.ArrowException, OSError, ValueError) as error:
        if os.path.exists(target):
            os.remove(target)
        print(json.dumps({"error": str(error)}), flush=True)
        return 1
    return 0


def convert(source: str, target: str) -> None:
    """Rows in memory are those of one batch: the source is mapped, not loaded."""
    with pa.memory_map(source, "r") as file:
        total = max(file.size(), 1)
        schema, batches = open_arrow(file)
        with pq.ParquetWriter(target, schema, compression="zstd", compression_level=1) as writer:
            for batch in batches:
                for start in range(0, batch.num_rows, ROWS_A_GROUP):
                    writer.write_batch(batch.slice(start, ROWS_A_GROUP))
                print(json.dumps({"progress": round(min(file.tell() / total, 1), 4)}), flush=True)


def open_arrow(file: pa.MemoryMappedFile) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """`datasets` writes streams, Feather and others write files."""
    try:
        reader = pa.ipc.open_file(file)
    except pa.ArrowInvalid:
        file.seek(0)
        stream = pa.ipc.open_stream(file)
        return stream.schema, iter(stream)
    return reader.schema, (reader.get_batch(i) for i in range(reader.num_record_batches))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
