import type { DatasetMapping, DatasetRow } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { invalidFields } from "../../errors";
import { readRawRows } from "./table/raw-rows";

type Input = { datasetId: DatasetId; mapping: DatasetMapping | null; rows: number[] };

/** Rows as this mapping would read them, by the code that will read all of them. Nothing is kept. */
export async function previewMapping(ctx: ServerContext, { datasetId, mapping, rows }: Input): Promise<{ rows: DatasetRow[] }> {
  const dataset = ctx.datasets.getOrThrow(datasetId);
  const known = mapping ?? dataset.mapping;
  if (known === null)
    throw invalidFields([{ path: "mapping", message: `${dataset.name} has no mapping yet. Say which column is what.`, value: null }]);
  const raw = await readRawRows(ctx, dataset, [...new Set(rows)]);
  return { rows: raw.length === 0 ? [] : await ctx.warm.convert(known, raw) };
}
