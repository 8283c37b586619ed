import type { FileKind, ReplaceChange } from "../../../../lib/contract/dataset";
import type { ReplacePreview } from "../../../../lib/contract/dataset-view";
import type { DatasetId } from "../../../../lib/contract/ids";
import type { Call, ServerContext } from "../../../context";
import type { RawRow } from "../../../warm/warm";
import { readRawRows } from "../table/raw-rows";
import { readyFor, refuseUseless } from "./change";

const LOOK_ROWS = 200;
const STEP_ROWS = 25;
const LOOK_CHARACTERS = 4_000_000;

type Input = { datasetId: DatasetId; change: ReplaceChange; from: number };

/** What the replacement would do in some rows, told by the code that will do it in all. Nothing is kept. */
export async function previewReplace(ctx: ServerContext, { datasetId, change, from }: Input, call: Call): Promise<ReplacePreview> {
  const dataset = readyFor(ctx, datasetId);
  refuseUseless(change, dataset);
  const { rows, lookedAt } = await look(ctx, dataset, from);
  const tables = isTable(dataset.files[0]?.kind ?? "jsonl");
  return { from, lookedAt, ...(await ctx.warm.replace({ change, rows, tables, mapping: dataset.mapping }, { signal: call.signal })) };
}

/** Few rows where they are long: the answer is to be there at once. */
async function look(ctx: ServerContext, dataset: ReturnType<typeof readyFor>, from: number): Promise<{ rows: RawRow[]; lookedAt: number }> {
  const end = Math.min(from + LOOK_ROWS, dataset.report.rows);
  const rows: RawRow[] = [];
  let characters = 0;
  let at = from;
  while (at < end && characters < LOOK_CHARACTERS) {
    const step = Math.min(STEP_ROWS, end - at);
    const numbers = Array.from({ length: step }, (_, n) => at + n);
    let some = await readRawRows(ctx, dataset, numbers);
    if (some.length < step) {
      // They were not reached yet by the count of rows, or are too large to be shown.
      await ctx.tables.indexed(dataset);
      some = await readRawRows(ctx, dataset, numbers);
    }
    rows.push(...some);
    characters += some.reduce((sum, { value }) => sum + (JSON.stringify(value)?.length ?? 0), 0);
    at += step;
  }
  return { rows, lookedAt: Math.max(0, at - from) };
}

/** Cells of tables hold lists and objects as JSON text (trainer/recipes/change.py). */
const isTable = (kind: FileKind): boolean => ["csv", "tsv", "parquet", "arrow"].includes(kind);
