import type { RowPage, RowQuery } from "../../../../lib/contract/dataset-view";
import type { DatasetId } from "../../../../lib/contract/ids";
import type { Call, ServerContext } from "../../../context";

export function queryRows(ctx: ServerContext, { datasetId, ...query }: RowQuery & { datasetId: DatasetId }, call: Call): Promise<RowPage> {
  return ctx.tables.page(ctx.datasets.getOrThrow(datasetId), query, call.signal);
}
