import type { ChatTarget } from "../../../lib/contract/job-spec";
import type { ModelInput } from "../../../lib/contract/worker-spec";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { toModelInput } from "../../models/model-input";
import { getTrainedRun, isFolder, resolveCheckpoint } from "../../models/trained-model";
import { exportFolder } from "./targets";

export async function resolveTarget(ctx: ServerContext, target: ChatTarget): Promise<ModelInput> {
  switch (target.type) {
    case "model":
      return resolveModel(ctx, target.modelId);
    case "checkpoint":
      return resolveCheckpoint(ctx, getTrainedRun(ctx, target.runId), target.checkpoint);
    case "export":
      return resolveExport(ctx, target.runId);
  }
}

async function resolveModel(ctx: ServerContext, modelId: Extract<ChatTarget, { type: "model" }>["modelId"]): Promise<ModelInput> {
  const model = ctx.models.getOrThrow(modelId);
  if (model.facts?.chatTemplate === false)
    throw new AppError(
      "model_has_no_chat_template",
      `${model.name} has no chat template, so it does not know where a question ends. Choose its instruct version.`,
      {
        params: { name: model.name },
      },
    );
  if (model.path !== null && !(await isFolder(model.path)))
    throw new AppError("path_missing", `The folder of ${model.name}, ${model.path}, is gone. Put it back, or add the model again.`, {
      params: { path: model.path },
    });
  return toModelInput(model);
}

async function resolveExport(ctx: ServerContext, runId: Extract<ChatTarget, { type: "export" }>["runId"]): Promise<ModelInput> {
  const run = ctx.runs.getOrThrow(runId);
  const path = exportFolder(ctx, run);
  if (run.spec.kind !== "export" || run.artifact === null || !(await isFolder(path)))
    throw new AppError("file_not_found", `${run.name} has no exported model.`, { params: { name: run.name } });
  const trained = ctx.runs.find(run.spec.runId);
  const base = trained?.spec.kind === "train" ? ctx.models.find(trained.spec.modelId) : null;
  return { label: run.name, path, repo: null, revision: null, adapterPath: null, trustRemoteCode: base?.trustRemoteCode ?? false };
}
