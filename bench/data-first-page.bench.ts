/** data-first-page — first 50 rows of a 10 GB JSONL and a 1 GB Parquet that the server has never seen (SIZE_GB, ROUNDS, KEEP=1) */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type BuiltServer, startBuiltServer } from "../e2e/server";
import type { Dataset } from "../lib/contract/dataset";
import type { RowPage } from "../lib/contract/dataset-view";
import { bigFolder, makeJsonl, makeParquet, parquetGigabytes, removeBigFiles, sizeGigabytes } from "./lib/big-file";
import { importFile } from "./lib/import-file";
import { countPeakAnew, cpuMsOf, memoryOf } from "./lib/memory";
import { median, report, round, spread } from "./lib/report";

type Figures = { ms: number[]; cpuMs: number[]; bytes: number[] };
const noFigures = (): Figures => ({ ms: [], cpuMs: [], bytes: [] });

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const GOAL_MS = 200;
const GOAL_BYTES = 100e6;

const jsonl = makeJsonl(sizeGigabytes);
const parquet = await makeParquet(parquetGigabytes, "pyarrow");
const duckParquet = await makeParquet(parquetGigabytes, "duckdb");
const server = await startBuiltServer({ env: { TUNEBOARD_MODEL_ROOTS: bigFolder } });
const results = { jsonl: noFigures(), parquet: noFigures(), duckParquet: noFigures() };
let indexed = "";
try {
  const jsonlSet = await importFile(server, jsonl.path);
  const parquetSet = await importFile(server, parquet.path);
  const duckSet = await importFile(server, duckParquet.path);
  for (let i = 0; i < ROUNDS; i += 1) {
    await measure(jsonlSet, results.jsonl, i === ROUNDS - 1);
    await measure(parquetSet, results.parquet, false);
    await measure(duckSet, results.duckParquet, false);
  }
} finally {
  await server.stop();
  removeBigFiles();
}
for (const [name, { ms, cpuMs, bytes }] of Object.entries(results))
  console.log(
    `${name.padEnd(11)} first page ${spread(ms)} ms, of them ${spread(cpuMs)} on the processor, memory + ${spread(bytes.map((b) => b / 1e6))} MB`,
  );
console.log(indexed);
const slowest = Math.max(median(results.jsonl.ms), median(results.parquet.ms));
const most = Math.max(median(results.jsonl.bytes), median(results.parquet.bytes));
report({
  name: "data-first-page",
  value: slowest,
  unit: `ms to the first 50 rows, the slower of ${sizeGigabytes} GB JSONL and ${parquetGigabytes} GB Parquet`,
  goal: `<= ${GOAL_MS} ms and <= ${GOAL_BYTES / 1e6} MB more memory`,
  met: slowest <= GOAL_MS && most <= GOAL_BYTES,
  against: `JSONL ${round(median(results.jsonl.ms))} ms, at most ${round(most / 1e6)} MB; Parquet with pages of 70 MB ${round(median(results.duckParquet.ms))} ms and ${round(median(results.duckParquet.bytes) / 1e6)} MB; a fresh server and no cache of ours each time, the disk's cache as it is`,
});

/** A server that was just started, and nothing in view/: threads, DuckDB and index begin from nothing. */
async function measure(dataset: Dataset, into: Figures, untilIndexed: boolean): Promise<void> {
  await server.kill();
  rmSync(join(server.home, "datasets", dataset.id, "view"), { recursive: true, force: true });
  await server.start();
  // As the page does: the data set itself first, then, once it is drawn, its rows.
  await server.api("GET", `/api/datasets/${dataset.id}`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  countPeakAnew(server.pid);
  const before = memoryOf(server.pid).nowBytes;
  const cpuBefore = cpuMsOf(server.pid);
  const started = performance.now();
  const page = await server.api<RowPage>("POST", `/api/datasets/${dataset.id}/table`, { limit: 50 });
  into.ms.push(performance.now() - started);
  into.cpuMs.push(cpuMsOf(server.pid) - cpuBefore);
  into.bytes.push(memoryOf(server.pid).peakBytes - before);
  if (page.rows.length !== 50 || page.rows[49]?.cells.id !== 49) throw new Error(`the page is wrong: ${JSON.stringify(page.rows[49])}`);
  if (untilIndexed) indexed = await watchIndex(server, dataset, started, before);
}

/** While the index grows: how long another request waits, which shows a blocked event loop, and the memory at its peak. */
async function watchIndex(server: BuiltServer, dataset: Dataset, started: number, before: number): Promise<string> {
  const waits: number[] = [];
  for (;;) {
    const asked = performance.now();
    await server.api("GET", "/api/session");
    waits.push(performance.now() - asked);
    const { indexing, total } = await server.api<RowPage>("POST", `/api/datasets/${dataset.id}/table`, { limit: 1 });
    if (indexing === null) {
      const seconds = (performance.now() - started) / 1000;
      return `${total} rows indexed in ${round(seconds)} s, meanwhile another request waited ${spread(waits)} ms, memory + ${round((memoryOf(server.pid).peakBytes - before) / 1e6)} MB at its peak`;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
