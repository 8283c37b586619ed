import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { RunId } from "../../../lib/contract/ids";
import type { Run } from "../../../lib/contract/run";
import { canResume } from "../../../lib/domain/run-status";
import type { ServerContext } from "../../context";
import { AppError, invalidFields } from "../../errors";
import { checkTrain } from "./check-train";
import { type ChosenData, chosenData, withPaths } from "./chosen-data";
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
  const data = chosenData(ctx, run.spec.data);
  refuseChanged(ctx, run, data);
  // Its checkpoint holds all of what it began with.
  await checkTrain(ctx, { ...run.spec, startFrom: null }, model, data);
  return ctx.tasks.again(runId, trainWork(ctx, { spec: run.spec, model, data, resumeFrom: folder }));
}

/** Other rows under the same steps would be another training: the order of the first attempt has to go on. */
function refuseChanged(ctx: ServerContext, run: Run, data: ChosenData): void {
  const before = ctx.runDirs.spec(run.id, run.attempt);
  if (before?.kind !== "train") return;
  const hashes = [...before.inputs.datasets, ...before.inputs.validation].map(({ sha256 }) => sha256);
  const changed = withPaths(data).filter(({ dataset }, at) => hashes[at] !== dataset.report.sha256);
  if (changed.length === 0) return;
  throw invalidFields(
    changed.map(({ dataset: { id, name }, path }) => ({
      path,
      message: `The rows of ${name} are not those that this run has trained on. Start a new run instead.`,
      code: "changedSince",
      params: { name },
      value: id,
    })),
  );
}

const isComplete = (folder: string): Promise<boolean> =>
  stat(join(folder, "COMPLETE.json")).then(
    (entry) => entry.isFile(),
    () => false,
  );
