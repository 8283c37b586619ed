import type { DatasetId } from "../../../lib/contract/ids";
import { isEnded } from "../../../lib/domain/run-status";
import type { ServerContext } from "../../context";
import { removeDatasetFiles } from "../../stores/dataset-files";
import { refuseWhileUsed } from "../../usage";
import { discardRun } from "../runs/discard";

/** One version goes with its files and its checks. Other versions keep theirs: shared files have a name in each of them. */
export async function removeDataset(ctx: ServerContext, input: { datasetId: DatasetId; force: boolean }): Promise<{ ok: true }> {
  const dataset = ctx.datasets.getOrThrow(input.datasetId);
  refuseWhileUsed(ctx, { field: "datasetId", id: dataset.id, name: dataset.name, force: input.force });
  ctx.datasets.remove(dataset.id);
  ctx.bus.emit("datasetRemoved", { datasetId: dataset.id });
  await ctx.tables.forget(dataset.id);
  await removeDatasetFiles(ctx.env.home, dataset.id);
  await removeTasks(ctx, dataset.id);
  return { ok: true };
}

async function removeTasks(ctx: ServerContext, datasetId: DatasetId): Promise<void> {
  for (const run of ctx.runs.list({ kind: "data", limit: 100_000 })) {
    if (run.spec.kind !== "data" || run.spec.datasetId !== datasetId) continue;
    if (isEnded(run.status)) await discardRun(ctx, run.id);
    // Its end clears up what has come so far.
    else if (run.spec.task.type === "bring") ctx.tasks.stop(run.id, "abort");
  }
}
