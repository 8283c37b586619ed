import type { RunId } from "../../../lib/contract/ids";
import { canDelete } from "../../../lib/domain/run-status";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { discardRun } from "./discard";
import { usersOf } from "./users-of";

export async function deleteRun(ctx: ServerContext, { runId }: { runId: RunId }): Promise<{ freedBytes: number }> {
  const run = ctx.runs.getOrThrow(runId);
  if (!canDelete(run))
    throw new AppError("run_still_active", `${run.name} is ${run.status}. Stop it first.`, { params: { status: run.status } });
  const [user] = usersOf(ctx, runId);
  if (user)
    throw new AppError("in_use", `${user.name} reads the files of ${run.name}. End it first.`, {
      params: { name: run.name, by: user.name },
    });
  return { freedBytes: await discardRun(ctx, runId) };
}
