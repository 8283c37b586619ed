import type { RunId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";

type Resolved = { resolved: Record<string, unknown> | null };

/** Of the newest attempt that has told; a resumed run shows the old values until its new attempt has. */
export async function getResolved(ctx: ServerContext, { runId }: { runId: RunId }): Promise<Resolved> {
  const run = ctx.runs.getOrThrow(runId);
  for (let attempt = run.attempt; attempt > 0; attempt--) {
    const resolved = ctx.runDirs.resolved(runId, attempt);
    if (resolved !== null) return { resolved };
  }
  return { resolved: null };
}
