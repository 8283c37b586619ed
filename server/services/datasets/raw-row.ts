import type { DatasetId } from "../../../lib/contract/ids";
import type { Call, ServerContext } from "../../context";
import type { RawValue } from "../../data/table";
import { AppError } from "../../errors";

export async function getRawRow(
  ctx: ServerContext,
  { datasetId, row }: { datasetId: DatasetId; row: number },
  call: Call,
): Promise<RawValue> {
  const dataset = ctx.datasets.getOrThrow(datasetId);
  const found = await ctx.tables.value(dataset, row, call.signal);
  if (found === null)
    throw new AppError("row_not_found", `${dataset.name} has no row ${row}, or it was not reached yet.`, { params: { row } });
  return found;
}
