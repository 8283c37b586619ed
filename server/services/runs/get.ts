import type { RunId } from "../../../lib/contract/ids";
import type { Run } from "../../../lib/contract/run";
import type { ServerContext } from "../../context";

export async function getRun(ctx: ServerContext, { runId }: { runId: RunId }): Promise<Run> {
  return ctx.runs.getOrThrow(runId);
}
