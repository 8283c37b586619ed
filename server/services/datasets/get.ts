import type { Dataset } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";

export async function getDataset(ctx: ServerContext, input: { datasetId: DatasetId }): Promise<Dataset> {
  return { ...ctx.datasets.getOrThrow(input.datasetId), usedByRuns: ctx.runs.countUsing("datasetId", input.datasetId) };
}
