import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { FieldProblem } from "../../../lib/contract/errors";
import type { TrainSpec } from "../../../lib/contract/job-spec";
import type { Model, ModelFacts } from "../../../lib/contract/model";
import { planTraining } from "../../../lib/domain/plan";
import type { ReadyDataset } from "../../../lib/domain/ready-dataset";
import type { ServerContext } from "../../context";
import { AppError, invalidFields } from "../../errors";
import { checkLearning } from "./check-learning";

/** All that can be known before anything starts. Names the field, what was there and what to choose instead. */
export async function checkTrain(ctx: ServerContext, spec: TrainSpec, model: Model, dataset: ReadyDataset): Promise<void> {
  await checkModel(model);
  const problems = [...checkTargets(spec, model), ...checkCutoff(spec, model), ...checkRows(spec, dataset)];
  if (problems.length > 0) throw invalidFields(problems);
  await checkLearning(ctx, spec, model, dataset);
  await checkHome(ctx.env.home);
  if (model.facts !== null) await checkSpace(ctx.env.home, spec, dataset, model.facts);
}

async function checkModel(model: Model): Promise<void> {
  const params = { name: model.name, path: model.path ?? "" };
  if (model.path !== null && !(await isReadable(join(model.path, "config.json")))) {
    throw new AppError(
      "path_missing",
      `${model.name} is no longer at ${model.path}. Put the folder back, or add the model again from where it is.`,
      { params },
    );
  }
  if (model.facts?.remoteCode && !model.trustRemoteCode) {
    throw new AppError(
      "model_needs_remote_code",
      `${model.name} brings Python of its own. Add it again and allow that, if you trust where it comes from.`,
      { params },
    );
  }
  if (model.facts && !model.facts.chatTemplate) {
    throw new AppError(
      "model_has_no_chat_template",
      `${model.name} has no chat template, so nobody knows how it writes a conversation. Choose an instruct or chat version of it.`,
      { params },
    );
  }
}

function checkTargets({ lora }: TrainSpec, { facts, name }: Model): FieldProblem[] {
  if (lora === null || facts === null) return [];
  const known = facts.modules.map((group) => group.name);
  const wrong = lora.targets.filter((target) => !known.includes(target));
  if (wrong.length === 0) return [];
  const message = `${name} has no module ${wrong.join(", ")}. Its modules are ${known.join(", ")}.`;
  const params = { name, names: wrong.join(", "), known: known.join(", ") };
  return [{ path: "spec.lora.targets", message, code: "unknownModules", params, value: wrong }];
}

function checkCutoff({ training }: TrainSpec, { facts, name }: Model): FieldProblem[] {
  const limit = facts?.contextLength ?? null;
  if (limit === null || training.cutoffLength <= limit) return [];
  return [
    {
      path: "spec.training.cutoffLength",
      message: `${name} reads at most ${limit} tokens. Choose ${limit} or less.`,
      code: "beyondContext",
      params: { name, limit },
      value: training.cutoffLength,
    },
  ];
}

function checkRows({ evalFraction }: TrainSpec, { report, name }: ReadyDataset): FieldProblem[] {
  if (report.usableRows === 0) {
    return [
      {
        path: "spec.datasetId",
        message: `${name} has no usable row: all ${report.rows} have problems. Its page lists them.`,
        code: "noUsableRow",
        params: { name, rows: report.rows },
        value: report.usableRows,
      },
    ];
  }
  if (evalFraction > 0 && report.usableRows < 2) {
    const message = `${name} has one usable row; none can be held out. Choose 0.`;
    return [{ path: "spec.evalFraction", message, code: "oneUsableRow", params: { name }, value: evalFraction }];
  }
  return [];
}

async function checkHome(home: string): Promise<void> {
  const writable = await access(home, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    throw new AppError("path_not_writable", `${home} can't be written. Change its owner, or start with another home.`, {
      params: { path: home },
    });
}

async function checkSpace(home: string, spec: TrainSpec, dataset: ReadyDataset, facts: ModelFacts): Promise<void> {
  const plan = planTraining(spec, dataset.report.usableRows, facts);
  const neededBytes = (plan.checkpointBytes ?? 0) * plan.checkpoints;
  const { bavail, bsize } = await statfs(home);
  const freeBytes = bavail * bsize;
  if (neededBytes <= freeBytes) return;
  throw new AppError(
    "disk_full",
    `${plan.checkpoints} checkpoints need about ${neededBytes} bytes, and ${freeBytes} are free in ${home}. Free some, keep fewer checkpoints, or save less often.`,
    { params: { path: home, neededBytes, freeBytes } },
  );
}

const isReadable = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
