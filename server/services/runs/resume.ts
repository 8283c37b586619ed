import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { RunId } from "../../../lib/contract/ids";
import type { Run } from "../../../lib/contract/run";
import { canResume } from "../../../lib/domain/run-status";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { readyDataset } from "../datasets/ready";
import { checkTrain } from "./check-train";
import { trainWork } from "./train-work";

/** A new attempt from a complete checkpoint. The worker compares the fingerprint of the base before it trains. */
export async function resumeRun(ctx: ServerContext, { runId, checkpoint }: { runId: RunId; checkpoint: string }): Promise<Run> {
  const run = ctx.runs.getOrThrow(runId);
  if (run.spec.kind !== "train")
    throw new AppError("run_wrong_kind", `${run.name} is no training run.`, { params: { kind: run.spec.kind } });
  const chosen = run.checkpoints.find(({ name }) => name === checkpoint);
  if (!chosen) throw new AppError("checkpoint_not_found", `${run.name} has no ${checkpoint}.`, { params: { checkpoint } });
  if (!canResume(run)) {
    throw new AppError("cannot_resume", `${run.name} is ${run.status}; only a run that ended before its last step goes on.`, {
      params: { status: run.status },
    });
  }
  const folder = join(ctx.runDirs.paths(runId).checkpoints, checkpoint);
  if (!(await isComplete(folder))) {
    throw new AppError("cannot_resume", `${checkpoint} is not complete on the disk. Choose another checkpoint.`, {
      params: { checkpoint },
    });
  }
  const model = ctx.models.getOrThrow(run.spec.modelId);
  const dataset = readyDataset(ctx, run.spec.datasetId);
  await checkTrain(ctx, run.spec, model, dataset);
  return ctx.tasks.again(runId, trainWork(ctx, { spec: run.spec, model, dataset, resumeFrom: folder }));
}

const isComplete = (folder: string): Promise<boolean> =>
  stat(join(folder, "COMPLETE.json")).then(
    (entry) => entry.isFile(),
    () => false,
  );
