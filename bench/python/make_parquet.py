"""`make_parquet.py ROWS PATH`: rows as pandas, Polars and the hub write them, with pages of a megabyte. Text that does not pack: 576 random letters a row."""

import random
import sys

import pyarrow as pa
import pyarrow.parquet as pq

GROUP_ROWS = 100_000

rows, path = int(sys.argv[1]), sys.argv[2]
schema = pa.schema([("id", pa.int64()), ("instruction", pa.string()), ("output", pa.string())])
source = random.Random(31)
with pq.ParquetWriter(path, schema) as writer:
    for first in range(0, rows, GROUP_ROWS):
        ids = range(first, min(first + GROUP_ROWS, rows))
        texts = [source.randbytes(288).hex() for _ in ids]
        writer.write_table(pa.table({"id": ids, "instruction": [f"Question {i}" for i in ids], "output": texts}, schema=schema))
