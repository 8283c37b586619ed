import type { DatasetId } from "../../../../lib/contract/ids";
import type { ServerContext } from "../../../context";

/** Nobody waits for a search over all rows any more. */
export async function stopTable(ctx: ServerContext, { datasetId }: { datasetId: DatasetId }): Promise<{ ok: true }> {
  await ctx.tables.stopPreparing(ctx.datasets.getOrThrow(datasetId).id);
  return { ok: true };
}
