import type { LogSlice } from "../../../lib/contract/api";
import type { RunId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { readLog } from "../../stores/run-log";

export async function getLog(
  ctx: ServerContext,
  { runId, from, limit }: { runId: RunId; from?: number | undefined; limit: number },
): Promise<LogSlice> {
  const run = ctx.runs.getOrThrow(runId);
  return readLog(ctx.runDirs, runId, run.attempt, { from: from ?? null, limit });
}
