/** data-row-n — 50 rows from a random place of an indexed 10 GB JSONL and of a 1 GB Parquet, over HTTP (SIZE_GB, PAGES, KEEP=1) */
import { type BuiltServer, startBuiltServer } from "../e2e/server";
import type { RowPage } from "../lib/contract/dataset-view";
import { bigFolder, makeJsonl, makeParquet, parquetGigabytes, removeBigFiles, sizeGigabytes } from "./lib/big-file";
import { importFile } from "./lib/import-file";
import { cpuMsOf } from "./lib/memory";
import { quantile, report, round } from "./lib/report";

const PAGES = Number(process.env.PAGES ?? 300);
const GOAL_MS = 20;
const WARM_UP = 20;

const jsonl = makeJsonl(sizeGigabytes);
const parquet = await makeParquet(parquetGigabytes, "pyarrow");
const server = await startBuiltServer({ env: { TUNEBOARD_MODEL_ROOTS: bigFolder } });
const times = { jsonl: [] as number[], parquet: [] as number[] };
const cpuMs = { jsonl: 0, parquet: 0 };
try {
  cpuMs.jsonl = await turnPages(server, jsonl, times.jsonl);
  cpuMs.parquet = await turnPages(server, parquet, times.parquet);
} finally {
  await server.stop();
  removeBigFiles();
}
for (const [name, ms] of Object.entries(times))
  console.log(
    `${name.padEnd(8)} p50 ${round(quantile(ms, 0.5))} ms, p90 ${round(quantile(ms, 0.9))} ms, p99 ${round(quantile(ms, 0.99))} ms`,
  );
const p50 = quantile(times.jsonl, 0.5);
report({
  name: "data-row-n",
  value: p50,
  unit: `ms for 50 rows from a random place of ${sizeGigabytes} GB JSONL, p50 of ${PAGES}, HTTP included`,
  goal: `<= ${GOAL_MS} ms`,
  met: p50 <= GOAL_MS,
  against: `p99 ${round(quantile(times.jsonl, 0.99))} ms, ${round(cpuMs.jsonl)} ms of the processor a page; ${parquetGigabytes} GB Parquet p50 ${round(quantile(times.parquet, 0.5))} ms, ${round(cpuMs.parquet)} ms of the processor`,
});

async function turnPages(on: BuiltServer, { path, rows }: { path: string; rows: number }, into: number[]): Promise<number> {
  const dataset = await importFile(on, path);
  const page = (offset: number) => on.api<RowPage>("POST", `/api/datasets/${dataset.id}/table`, { offset, limit: 50 });
  while ((await page(0)).indexing !== null) await new Promise((resolve) => setTimeout(resolve, 200));
  const total = (await page(0)).total;
  if (total !== rows) throw new Error(`${path} has ${rows} rows, the index ${total}`);
  let cpuBefore = 0;
  for (let i = -WARM_UP; i < PAGES; i += 1) {
    if (i === 0) cpuBefore = cpuMsOf(on.pid);
    const offset = Math.floor(Math.random() * (rows - 50));
    const started = performance.now();
    const found = await page(offset);
    if (i >= 0) into.push(performance.now() - started);
    if (found.rows[49]?.cells.id !== offset + 49) throw new Error(`row ${offset + 49} is ${JSON.stringify(found.rows[49])}`);
  }
  return (cpuMsOf(on.pid) - cpuBefore) / PAGES;
}
