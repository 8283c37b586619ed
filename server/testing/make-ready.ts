import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Dataset, DatasetRow, Message } from "../../lib/contract/dataset";
import type { DatasetId, ModelId } from "../../lib/contract/ids";
import type { ServerContext } from "../context";
import { newDatasetId, newModelId } from "../ids";
import { datasetDir } from "../stores/dataset-files";

export const chatRow = (asked: string, answered: string, change: Partial<DatasetRow> = {}): Omit<DatasetRow, "index"> =>
  canonicalRow({
    messages: [
      { role: "user", content: asked },
      { role: "assistant", content: answered },
    ],
    ...change,
  });

export const canonicalRow = (change: Partial<DatasetRow> & { messages?: Message[] | null }): Omit<DatasetRow, "index"> => ({
  messages: null,
  text: null,
  tools: null,
  rejected: null,
  ranked: null,
  label: null,
  problem: null,
  warnings: [],
  ...change,
});

/** A data set as a check leaves it, without the check. */
export function makeReadyDataset({ env, datasets }: ServerContext, rows: readonly Omit<DatasetRow, "index">[]): DatasetId {
  const id = newDatasetId();
  const dir = datasetDir(env.home, id);
  mkdirSync(dir, { recursive: true });
  const lines = rows.map((row, index) => Buffer.from(`${JSON.stringify({ index, ...row })}\n`));
  const offsets = Buffer.alloc(8 * lines.length);
  let at = 0;
  for (const [index, line] of lines.entries()) {
    offsets.writeBigUInt64LE(BigInt(at), 8 * index);
    at += line.length;
  }
  writeFileSync(join(dir, "rows.jsonl"), Buffer.concat(lines));
  writeFileSync(join(dir, "rows.idx"), offsets);
  const usableRows = rows.filter((row) => row.problem === null).length;
  datasets.insert(
    readyDataset(id, { rows: rows.length, usableRows, sha256: createHash("sha256").update(Buffer.concat(lines)).digest("hex") }),
  );
  return id;
}

function readyDataset(id: DatasetId, counts: { rows: number; usableRows: number; sha256: string }): Dataset {
  return {
    id,
    name: "made",
    source: "upload",
    fileName: "made.jsonl",
    familyId: id,
    version: 1,
    parentId: null,
    change: { type: "import" },
    status: "ready",
    files: [],
    guesses: [],
    mapping: null,
    taskId: null,
    report: {
      format: "messages",
      formatReason: "",
      fileType: "jsonl",
      bytes: 1,
      columns: [],
      reasons: [],
      problemCounts: {},
      problems: [],
      characters: { median: 1, p95: 1, max: 1 },
      turns: { mean: 1, max: 1 },
      systemRows: 0,
      toolRows: 0,
      ...counts,
    },
    createdAt: 1,
    usedByRuns: 0,
  };
}

/** The demo model, whose tokenizer and template are real. */
export function makeDemoModel({ env, models }: ServerContext, path: string | null = join(env.trainer, "demo", "model")): ModelId {
  const id = newModelId();
  models.insert({
    id,
    name: "demo",
    source: { type: "demo" },
    path,
    present: true,
    facts: null,
    trustRemoteCode: false,
    createdAt: 1,
    usedByRuns: 0,
  });
  return id;
}
