import type { RunId } from "../../../lib/contract/ids";
import type { Run } from "../../../lib/contract/run";
import type { ServerContext } from "../../context";

/** Living chats and exports that read a checkpoint of this run. */
export function usersOf(ctx: ServerContext, runId: RunId, checkpoint?: string): Run[] {
  return ctx.runs.withStatus("queued", "starting", "running", "stopping").filter((run) => {
    const source = sourceOf(run);
    return source?.runId === runId && (checkpoint === undefined || source.checkpoint === undefined || source.checkpoint === checkpoint);
  });
}

function sourceOf({ spec }: Run): { runId: RunId; checkpoint?: string } | null {
  switch (spec.kind) {
    case "train":
    case "data":
      return null;
    case "export":
      return { runId: spec.runId, checkpoint: spec.checkpoint };
    case "chat":
      return spec.target.type === "model" ? null : spec.target.type === "export" ? { runId: spec.target.runId } : spec.target;
  }
}
