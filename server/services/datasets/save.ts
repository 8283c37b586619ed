import type { Dataset } from "../../../lib/contract/dataset";
import type { ServerContext } from "../../context";

/** Puts the row down and tells everybody. */
export function saveDataset(ctx: ServerContext, dataset: Dataset): Dataset {
  if (ctx.datasets.find(dataset.id) === null) ctx.datasets.insert(dataset);
  else ctx.datasets.update(dataset);
  const shown = withUsage(ctx, dataset);
  ctx.bus.emit("dataset", { dataset: shown });
  return shown;
}

export const withUsage = (ctx: ServerContext, dataset: Dataset): Dataset => ({
  ...dataset,
  usedByRuns: ctx.runs.countUsing("datasetId", dataset.id),
});
