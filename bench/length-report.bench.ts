/** length-report — rows a second of the length report against plain batch tokenising of the same texts (ROWS, TUNEBOARD_BENCH_TOKENIZER) */
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { canonicalRow } from "../server/testing/make-ready";
import { lastJson, python, runProgram } from "./lib/programs";
import { report, round } from "./lib/report";
import { makeText, makeTokenizer } from "./lib/tokens";

const ROWS = Number(process.env.ROWS ?? 200_000);
const GOAL = 2;

type Measured = { rows: number; tokens: number; counted: number; reported: number; plain: number; wall: number };

const folder = mkdtempSync(join(tmpdir(), "tb-bench-"));
try {
  const tokenizer = makeTokenizer(join(folder, "tokenizer"));
  const rows = join(folder, "rows.jsonl");
  await pipeline(lines, createWriteStream(rows));
  const { stdout, peakBytes } = await runProgram(python, ["bench/python/length_report.py", "--model", tokenizer.path, "--rows", rows], {
    env: { TOKENIZERS_PARALLELISM: "false", OMP_NUM_THREADS: "1" },
  });
  const told = lastJson<Measured>(stdout);
  const ratio = (told.counted + told.reported) / told.plain;
  console.log(`tokenizer: ${tokenizer.label}`);
  console.log(`${told.rows} rows, ${told.tokens} tokens, peak ${round(peakBytes / 1e6)} MB`);
  console.log(
    `report    ${round(told.rows / (told.counted + told.reported))} rows a CPU second (${told.reported} s for cutoffs and packing)`,
  );
  console.log(`tokenizer ${round(told.rows / told.plain)} rows a CPU second`);
  report({
    name: "length-report",
    value: ratio,
    unit: "of the CPU time that tokenizing the same texts takes",
    goal: `<= ${GOAL}`,
    met: ratio <= GOAL,
    against: `${told.rows} rows in ${round(told.wall)} s`,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Conversations of one to three turns, most of them short, some long. */
function* lines(): Generator<string> {
  for (let index = 0; index < ROWS; index += 1) {
    const turns = 1 + (index % 3);
    const messages = Array.from({ length: turns }, (_, turn) => [
      { role: "user" as const, content: makeText(8 + (index % 17), index * 3 + turn) },
      { role: "assistant" as const, content: makeText(index % 50 === 0 ? 900 : 25 + (index % 40), index * 3 + turn + 1) },
    ]).flat();
    yield `${JSON.stringify({ index, ...canonicalRow({ messages }) })}\n`;
  }
}
