import type { Dataset } from "../../../lib/contract/dataset";
import type { ServerContext } from "../../context";

export async function listDatasets(ctx: ServerContext, _input: object): Promise<{ datasets: Dataset[] }> {
  return { datasets: ctx.datasets.list().map((dataset) => ({ ...dataset, usedByRuns: ctx.runs.countUsing("datasetId", dataset.id) })) };
}
