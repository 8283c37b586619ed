import type { Dataset } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { withUsage } from "./save";

export async function getDataset(ctx: ServerContext, input: { datasetId: DatasetId }): Promise<Dataset> {
  const dataset = ctx.datasets.getOrThrow(input.datasetId);
  ctx.tables.warm(dataset);
  return withUsage(ctx, dataset);
}
