import type { Run } from "../../../lib/contract/run";
import type { ServerContext } from "../../context";

export async function listRuns(ctx: ServerContext, { limit }: { limit: number }): Promise<{ runs: Run[] }> {
  return { runs: ctx.runs.list({ kind: "train", limit }) };
}
