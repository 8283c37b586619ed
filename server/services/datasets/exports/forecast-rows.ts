import type { RowForm } from "../../../../lib/contract/dataset-names";
import type { RowsForecast } from "../../../../lib/contract/dataset-view";
import type { DatasetId } from "../../../../lib/contract/ids";
import { fitsAll } from "../../../../lib/formats/write-rows";
import type { Call, ServerContext } from "../../../context";
import { readyDataset } from "../ready";
import { exportRows, noCounts } from "./export-rows";

/** A version never changes, so what was counted once stays true. */
const known = new Map<string, RowsForecast>();
const MOST_KNOWN = 500;

/** What a file in this form would hold: all rows are written as they would be, and the words are dropped. */
export async function forecastRows(
  ctx: ServerContext,
  { datasetId, format }: { datasetId: DatasetId; format: RowForm },
  call: Call,
): Promise<RowsForecast> {
  const { report } = readyDataset(ctx, datasetId);
  if (fitsAll(format)) return { rows: report.usableRows, left: [] };
  const key = `${report.sha256} ${format}`;
  const found = known.get(key) ?? (await count(ctx, datasetId, format, call));
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, found);
  return found;
}

async function count(ctx: ServerContext, id: DatasetId, form: RowForm, { signal }: Call): Promise<RowsForecast> {
  const counts = noCounts();
  for await (const _ of exportRows(ctx, id, form, counts)) signal.throwIfAborted();
  return { rows: counts.written, left: Object.entries(counts.left).map(([reason, rows]) => ({ reason, rows })) };
}
