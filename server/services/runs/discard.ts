import type { RunId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";

/**
 * Row and files of a run. The folder is renamed, the row goes, the files go: wherever the server is killed in between,
 * its next start knows whether the deletion was decided (see RunDirs.finishDeletions). Resolves with the bytes freed.
 */
export function discardRun(ctx: ServerContext, runId: RunId): Promise<number> {
  ctx.runDirs.setAside(runId);
  try {
    ctx.runs.remove(runId);
  } catch (error) {
    ctx.runDirs.bringBack(runId);
    throw error;
  }
  ctx.series.forget(runId);
  ctx.bus.emit("removed", { runId });
  return ctx.runDirs.removeAside(runId);
}
