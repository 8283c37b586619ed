import type { DatasetRow } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { datasetDir, readRows } from "../../stores/dataset-files";

type Input = { datasetId: DatasetId; offset: number; limit: number };

export async function getDatasetRows(
  ctx: ServerContext,
  { datasetId, offset, limit }: Input,
): Promise<{ total: number; rows: DatasetRow[] }> {
  const dataset = ctx.datasets.getOrThrow(datasetId);
  return readRows(datasetDir(ctx.env.home, dataset.id), { offset, limit });
}
