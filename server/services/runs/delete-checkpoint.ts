import type { RunId } from "../../../lib/contract/ids";
import type { Run } from "../../../lib/contract/run";
import { isActive } from "../../../lib/domain/run-status";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { usersOf } from "./users-of";

export async function deleteCheckpoint(ctx: ServerContext, { runId, checkpoint }: { runId: RunId; checkpoint: string }): Promise<Run> {
  const run = ctx.runs.getOrThrow(runId);
  if (!run.checkpoints.some(({ name }) => name === checkpoint)) {
    throw new AppError("checkpoint_not_found", `${run.name} has no ${checkpoint}.`, { params: { checkpoint } });
  }
  // The trainer prunes by its own list, and would stumble over a gap; one that waits may go on from this very checkpoint.
  if (isActive(run.status) || run.status === "queued")
    throw new AppError("run_still_active", `${run.name} is ${run.status}. Checkpoints can be deleted when it has ended.`, {
      params: { status: run.status },
    });
  const [user] = usersOf(ctx, runId, checkpoint);
  if (user)
    throw new AppError("in_use", `${user.name} reads ${checkpoint}. End it first.`, { params: { name: checkpoint, by: user.name } });
  const left = ctx.runs.change(runId, (current) => ({
    ...current,
    checkpoints: current.checkpoints.filter(({ name }) => name !== checkpoint),
  }));
  await ctx.runDirs.removeCheckpoint(runId, checkpoint);
  if (left !== null) ctx.bus.emit("run", { run: left });
  return left ?? run;
}
