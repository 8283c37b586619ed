import type { RunId } from "../../../lib/contract/ids";
import type { Run } from "../../../lib/contract/run";
import { canSave } from "../../../lib/domain/run-status";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";

/** The checkpoint appears in the row when the worker has written it. */
export async function saveRun(ctx: ServerContext, { runId }: { runId: RunId }): Promise<Run> {
  const run = ctx.runs.getOrThrow(runId);
  if (run.spec.kind !== "train")
    throw new AppError("run_wrong_kind", `${run.name} is no training run; there is nothing to save.`, { params: { kind: run.spec.kind } });
  if (!canSave(run)) {
    throw new AppError(
      "run_not_active",
      `${run.name} is ${run.status} at step ${run.step}. A checkpoint can be saved while it trains, after the first step.`,
      {
        params: { status: run.status, step: run.step },
      },
    );
  }
  ctx.tasks.control(runId, "save");
  return run;
}
