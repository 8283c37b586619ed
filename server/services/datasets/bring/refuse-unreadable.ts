import type { Dataset } from "../../../../lib/contract/dataset";
import type { ServerContext } from "../../../context";
import { MAX_RECORD_BYTES } from "../../../data/worker/scanner";
import { AppError } from "../../../errors";
import { removeDataset } from "../remove";
import { readRawRows } from "../table/raw-rows";

const SAMPLE_ROWS = 64;

/** JSON of which no row can be read is no data set: it goes again, and the first fault is told with its place. */
export async function refuseUnreadable(ctx: ServerContext, dataset: Dataset): Promise<void> {
  const fault = await firstFault(ctx, dataset);
  if (fault === null) return;
  await removeDataset(ctx, { datasetId: dataset.id, force: true });
  throw fault;
}

/** Why JSON can't be a data set; null where a row of it can be read. */
export async function firstFault(ctx: ServerContext, dataset: Dataset): Promise<AppError | null> {
  if (!dataset.files.every(({ kind }) => kind === "json" || kind === "jsonl")) return null;
  const rows = await readRawRows(ctx, dataset, firstRows);
  // A row that can't be parsed comes as its text.
  if (rows.some(({ value }) => typeof value !== "string")) return null;
  const { fileName, files } = dataset;
  const page = await ctx.tables.page(dataset, { offset: 0, limit: 1, search: "", filters: [], reason: null, sort: null });
  const [first] = page.rows;
  if (!first && files.some(({ bytes }) => bytes > MAX_RECORD_BYTES)) {
    const reason = `its first row does not end within ${MAX_RECORD_BYTES / 1024 / 1024} MiB, and longer ones are not read. Put each row into a line of its own.`;
    return new AppError("dataset_not_readable", `${fileName}: ${reason}`, { params: { fileName, reason } });
  }
  if (!first) return new AppError("dataset_empty", `${fileName} holds no rows.`, { params: { fileName } });
  if (first.bad === null) return null;
  const line = rows[0]?.line ?? 0;
  return new AppError("dataset_not_readable", `${fileName}: no row can be read. The first, in line ${line}: ${first.bad}`, {
    params: { fileName, reason: first.bad, row: first.row + 1, line },
  });
}

const firstRows = Array.from({ length: SAMPLE_ROWS }, (_, row) => row);
