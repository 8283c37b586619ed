import type { DatasetId } from "../../../../lib/contract/ids";
import type { ServerContext } from "../../../context";
import { AppError } from "../../../errors";

/** The row as text of JSON, which is passed on unread. */
export async function* getRawRow(ctx: ServerContext, { datasetId, row }: { datasetId: DatasetId; row: number }): AsyncGenerator<string> {
  const dataset = ctx.datasets.getOrThrow(datasetId);
  const found = await ctx.tables.value(dataset, row);
  if (found === null)
    throw new AppError("row_not_found", `${dataset.name} has no row ${row}, or it was not reached yet.`, { params: { row } });
  yield `{"row":${found.row},"line":${found.line},"value":${found.json}}`;
}
