import type { RunId } from "../../../lib/contract/ids";
import type { Run } from "../../../lib/contract/run";
import type { ServerContext } from "../../context";

/** Records the wish and asks the worker; the log will say when it has ended. */
export async function stopRun(ctx: ServerContext, { runId, save }: { runId: RunId; save: boolean }): Promise<Run> {
  return ctx.tasks.stop(runId, save ? "stop" : "abort");
}
