import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { CheckpointName, RunId } from "../../lib/contract/ids";
import type { Run } from "../../lib/contract/run";
import type { ModelInput, WorkerSpec } from "../../lib/contract/worker-spec";
import type { ServerContext } from "../context";
import { AppError } from "../errors";
import { findInHubCache } from "./hub";

export type TrainedRun = { run: Run; spec: Extract<WorkerSpec, { kind: "train" }> };

/** The training run and what its newest attempt was given, whatever became of the entries in the lists since. */
export function getTrainedRun(ctx: ServerContext, runId: RunId): TrainedRun {
  const run = ctx.runs.getOrThrow(runId);
  const spec = ctx.runDirs.spec(runId, run.attempt);
  if (run.spec.kind !== "train" || spec?.kind !== "train")
    throw new AppError("run_wrong_kind", `${run.name} is no training run and has no checkpoints.`, {
      params: { runId, kind: run.spec.kind },
    });
  return { run, spec };
}

/** A checkpoint as a worker loads it: the adapter on its base, or the whole model that full fine-tuning saved. */
export async function resolveCheckpoint(ctx: ServerContext, { run, spec }: TrainedRun, name: CheckpointName): Promise<ModelInput> {
  if (spec.job.stage === "rm")
    throw new AppError(
      "reward_model",
      `${run.name} is a reward model: it gives an answer a number and writes none, so it can't be talked to or merged.`,
      {
        params: { name: run.name },
      },
    );
  const folder = join(ctx.runDirs.paths(run.id).checkpoints, name);
  if (!run.checkpoints.some((checkpoint) => checkpoint.name === name) || !(await isFolder(folder)))
    throw new AppError("checkpoint_not_found", `${run.name} has no ${name}.`, { params: { runId: run.id, checkpoint: name } });
  const label = `${run.name} · ${name}`;
  const base = { ...(await withPath(spec.inputs.model)), label };
  if (spec.job.lora !== null) return { ...base, adapterPath: folder };
  return { ...base, path: folder, repo: null, revision: null, adapterPath: null };
}

/** A hub model that a run has fetched since lies in the cache now. */
async function withPath(model: ModelInput): Promise<ModelInput> {
  if (model.path !== null || model.repo === null) return model;
  return { ...model, path: await findInHubCache({ repo: model.repo, revision: model.revision ?? "main" }, process.env) };
}

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
