"""Rows a second of the length report against `tokenizer(texts)` alone on the same rendered texts. Prints one JSON line.

Both in one process and one thread; seconds are those of the CPU, so that other programs on the machine do not count.
"""

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "trainer" / "src"))

from trainer.data.lengths import Lengths, find_cutoffs
from trainer.data.rows import is_usable
from trainer.recipes.measure import batches, context_length, load_encoder, measure

parser = argparse.ArgumentParser()
parser.add_argument("--model", type=Path, required=True)
parser.add_argument("--rows", type=Path, required=True)
arguments = parser.parse_args()

encoder = load_encoder(arguments.model, False)
tokenizer = encoder.tokenizer

started, wall = time.process_time(), time.perf_counter()
lengths = Lengths(find_cutoffs(context_length(arguments.model, encoder)))
for lines in batches(arguments.rows):
    measure(encoder, lines, lengths)
counted, counted_wall = time.process_time() - started, time.perf_counter() - wall
started = time.process_time()
report = lengths.report()
reported = time.process_time() - started

plain = rows = tokens = 0.0
for lines in batches(arguments.rows):
    texts = [encoder.draft(json.loads(line)).text for line in lines if is_usable(line)]
    started = time.process_time()
    ids = tokenizer(texts, add_special_tokens=False)["input_ids"]
    plain += time.process_time() - started
    rows += len(texts)
    tokens += sum(map(len, ids))
if report["rows"] + report["refusedRows"] != rows or abs(report["tokens"] - tokens) > report["warnings"].get("end_token_added", 0):
    raise SystemExit(f"the report counts {report['rows']} rows and {report['tokens']} tokens, the tokenizer {rows} and {tokens}")
seconds = {"counted": counted, "reported": reported, "plain": plain, "wall": counted_wall}
print(json.dumps({"rows": rows, "tokens": tokens, **{name: round(value, 3) for name, value in seconds.items()}}))
