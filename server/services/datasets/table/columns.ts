import type { ColumnStats } from "../../../../lib/contract/dataset-view";
import type { DatasetId } from "../../../../lib/contract/ids";
import type { Call, ServerContext } from "../../../context";

type Answer = { columns: ColumnStats[]; preparing: number | null };

export function getColumns(ctx: ServerContext, { datasetId }: { datasetId: DatasetId }, call: Call): Promise<Answer> {
  return ctx.tables.stats(ctx.datasets.getOrThrow(datasetId), call.signal);
}
