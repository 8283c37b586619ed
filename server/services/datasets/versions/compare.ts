import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Dataset, DatasetRow } from "../../../../lib/contract/dataset";
import { type ComparedRow, Comparison, type Difference } from "../../../../lib/contract/dataset-view";
import type { DatasetId, RunId } from "../../../../lib/contract/ids";
import { isReady, type ReadyDataset } from "../../../../lib/domain/ready-dataset";
import { countSameRows } from "../../../../lib/domain/same-numbers";
import type { ServerContext } from "../../../context";
import { AppError, invalidFields } from "../../../errors";
import { newRunId } from "../../../ids";
import { datasetDir, rowsPath } from "../../../stores/dataset-files";

type Pair = { datasetId: DatasetId; beforeId: DatasetId };
const NUMBER_BYTES = 4;
/** Parsed here: long rows are shortened. */
const PAGE_BYTES = 1_000_000;

/** Two versions of one family: the counts where they are known; else the task that compares, the same for whoever asks meanwhile. */
export async function compareVersions(ctx: ServerContext, pair: Pair): Promise<{ comparison: Comparison | null; taskId: RunId | null }> {
  const { before, after } = bothReady(ctx, pair);
  const comparison = await readComparison(folderOf(ctx, pair));
  if (comparison !== null) return { comparison, taskId: null };
  return { comparison: null, taskId: findTask(ctx, pair) ?? startTask(ctx, before, after) };
}

/** Rows that differ, by kind, in the order of the file. */
export async function compareRows(
  ctx: ServerContext,
  { kind, offset, limit, ...pair }: Pair & { kind: Difference; offset: number; limit: number },
): Promise<{ total: number; rows: ComparedRow[] }> {
  bothReady(ctx, pair);
  const { total, numbers } = await readNumbers(join(folderOf(ctx, pair), `${kind}.idx`), offset, limit);
  const bytes = Math.floor(PAGE_BYTES / 2 / Math.max(1, numbers.length));
  const rows: ComparedRow[] = [];
  for (const row of numbers) {
    rows.push({
      before: kind === "added" ? null : await rowAt(ctx, pair.beforeId, row, bytes),
      after: kind === "removed" ? null : await rowAt(ctx, pair.datasetId, row, bytes),
    });
  }
  return { total, rows };
}

async function rowAt(ctx: ServerContext, id: DatasetId, row: number, bytes: number): Promise<ComparedRow["before"]> {
  const [found] = (await ctx.tables.canonical(id, { offset: row, limit: 1, bytes })).rows;
  return found === undefined ? null : DatasetRow.parse(JSON.parse(found.json));
}

function bothReady(ctx: ServerContext, { datasetId, beforeId }: Pair): { before: ReadyDataset; after: ReadyDataset } {
  const [before, after] = [ctx.datasets.getOrThrow(beforeId), ctx.datasets.getOrThrow(datasetId)];
  const refuse = (path: keyof Pair, { id }: Dataset, message: string) => invalidFields([{ path, message, value: id }]);
  if (before.familyId !== after.familyId || before.id === after.id)
    throw refuse("beforeId", before, "Choose another version of the same data set.");
  if (!isReady(before)) throw refuse("beforeId", before, `Version ${before.version} has no checked rows (${before.status}).`);
  if (!isReady(after)) throw refuse("datasetId", after, `Version ${after.version} has no checked rows (${after.status}).`);
  return { before, after };
}

const folderOf = (ctx: ServerContext, { datasetId, beforeId }: Pair): string =>
  join(datasetDir(ctx.env.home, datasetId), "compare", beforeId);

async function readComparison(folder: string): Promise<Comparison | null> {
  const text = await readFile(join(folder, "report.json"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  // The worker gives the folder its name when all of it is written.
  return text === null ? null : Comparison.parse(JSON.parse(text));
}

async function readNumbers(path: string, offset: number, limit: number): Promise<{ total: number; numbers: number[] }> {
  const file = await open(path, "r").catch((cause: unknown) => {
    throw new AppError("file_not_found", "These versions were not compared yet.", { params: { name: "compare" }, cause });
  });
  try {
    const total = (await file.stat()).size / NUMBER_BYTES;
    const count = Math.max(0, Math.min(limit, total - offset));
    const { buffer } = await file.read(Buffer.alloc(count * NUMBER_BYTES), 0, count * NUMBER_BYTES, offset * NUMBER_BYTES);
    return { total, numbers: Array.from({ length: count }, (_, n) => buffer.readUInt32LE(n * NUMBER_BYTES)) };
  } finally {
    await file.close();
  }
}

function findTask(ctx: ServerContext, { datasetId, beforeId }: Pair): RunId | null {
  const found = ctx.runs
    .withStatus("queued", "starting", "running")
    .find(
      ({ spec }) => spec.kind === "data" && spec.task.type === "compare" && spec.datasetId === datasetId && spec.task.beforeId === beforeId,
    );
  return found?.id ?? null;
}

function startTask(ctx: ServerContext, before: ReadyDataset, after: ReadyDataset): RunId {
  const runId = newRunId();
  const beforePath = rowsPath(ctx.env.home, before.id);
  const byNumber = countSameRows(ctx.datasets.list(), before, after);
  ctx.tasks.enqueue({
    runId,
    work: {
      kind: "data",
      job: { kind: "data", name: "compare", datasetId: after.id, task: { type: "compare", beforeId: before.id, byNumber } },
      inputs: {
        files: [{ name: `version ${before.version}`, path: beforePath, kind: "jsonl", encoding: "utf-8" }],
        rowsPath: rowsPath(ctx.env.home, after.id),
        model: null,
        outputPath: folderOf(ctx, { datasetId: after.id, beforeId: before.id }),
      },
    },
    labels: { model: "", data: after.name },
  });
  return runId;
}
