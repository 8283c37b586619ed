import type { Dataset } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { saveDataset } from "./save";

/** All versions of a family carry the name, so that they are found together. */
export async function renameDataset(ctx: ServerContext, { datasetId, name }: { datasetId: DatasetId; name: string }): Promise<Dataset> {
  const { familyId } = ctx.datasets.getOrThrow(datasetId);
  for (const version of ctx.datasets.list()) if (version.familyId === familyId) saveDataset(ctx, { ...version, name });
  return saveDataset(ctx, ctx.datasets.getOrThrow(datasetId));
}
