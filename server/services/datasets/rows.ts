import type { DatasetRow } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { datasetDir, readRows } from "../../stores/dataset-files";

type Input = { datasetId: DatasetId; offset: number; limit: number };

/** Canonical rows; none before the check has ended. */
export async function getDatasetRows(
  ctx: ServerContext,
  { datasetId, offset, limit }: Input,
): Promise<{ total: number; rows: DatasetRow[] }> {
  const dataset = ctx.datasets.getOrThrow(datasetId);
  if (dataset.report === null) return { total: 0, rows: [] };
  return readRows(datasetDir(ctx.env.home, dataset.id), { offset, limit });
}
