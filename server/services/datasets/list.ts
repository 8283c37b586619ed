import type { Dataset } from "../../../lib/contract/dataset";
import type { ServerContext } from "../../context";
import { withUsage } from "./save";

export async function listDatasets(ctx: ServerContext, _input: object): Promise<{ datasets: Dataset[] }> {
  return { datasets: ctx.datasets.list().map((dataset) => withUsage(ctx, dataset)) };
}
