import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { removeDatasetFiles } from "../../stores/dataset-files";
import { refuseWhileUsed } from "../../usage";

export async function removeDataset(ctx: ServerContext, input: { datasetId: DatasetId; force: boolean }): Promise<{ ok: true }> {
  const dataset = ctx.datasets.getOrThrow(input.datasetId);
  refuseWhileUsed(ctx, { field: "datasetId", id: dataset.id, name: dataset.name, force: input.force });
  ctx.datasets.remove(dataset.id);
  await removeDatasetFiles(ctx.env.home, dataset.id);
  return { ok: true };
}
