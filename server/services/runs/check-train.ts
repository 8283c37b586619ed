import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { FieldProblem } from "../../../lib/contract/errors";
import type { TrainSpec } from "../../../lib/contract/job-spec";
import type { Model, ModelFacts } from "../../../lib/contract/model";
import { assertNever } from "../../../lib/domain/assert-never";
import type { MixCounts } from "../../../lib/domain/mix";
import { type MixProblem, mixProblems } from "../../../lib/domain/mix-problems";
import { type ModuleProblem, moduleProblems } from "../../../lib/domain/module-problems";
import { moreProblems } from "../../../lib/domain/more-problems";
import { planTraining } from "../../../lib/domain/plan";
import type { ReadyDataset } from "../../../lib/domain/ready-dataset";
import { isOtherKind, type RowKind, rowKindOf } from "../../../lib/domain/stage-rows";
import { trainingProblems } from "../../../lib/domain/training-problems";
import type { ServerContext } from "../../context";
import { AppError, invalidFields } from "../../errors";
import { readArguments } from "../../system/arguments";
import { readEnvironment } from "../../system/environment";
import { checkLearning } from "./check-learning";
import { checkStart } from "./check-start";
import { type ChosenData, countRows } from "./chosen-data";

/** All that can be known before anything starts. Names the field, what was there and what to choose instead. */
export async function checkTrain(ctx: ServerContext, spec: TrainSpec, model: Model, data: ChosenData): Promise<void> {
  await checkModel(spec, model);
  const counts = countRows(spec, data);
  const problems = [
    ...checkModules(spec, model),
    ...checkStart(ctx, spec, model),
    ...checkCutoff(spec, model),
    ...checkRows(spec, data, counts),
    ...(await checkSettings(ctx, spec, counts)),
  ];
  if (problems.length > 0) throw invalidFields(problems);
  await checkLearning(ctx, spec, model, data);
  await checkHome(ctx.env.home);
  if (model.facts !== null) await checkSpace(ctx.env.home, spec, counts, model.facts);
}

async function checkModel({ stage }: TrainSpec, model: Model): Promise<void> {
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
  // Plain text needs none.
  if (model.facts && !model.facts.chatTemplate && stage !== "pt") {
    throw new AppError(
      "model_has_no_chat_template",
      `${model.name} has no chat template, so nobody knows how it writes a conversation. Choose an instruct or chat version of it.`,
      { params },
    );
  }
}

function checkModules(spec: TrainSpec, { facts, name }: Model): FieldProblem[] {
  return moduleProblems(spec, facts).map(({ path, code, params, value }) => ({
    path: `spec.${path}`,
    message: moduleSentence(code, name, params),
    code,
    params: { name, ...params },
    value,
  }));
}

function moduleSentence(code: ModuleProblem["code"], name: string, { names, known, layers }: ModuleProblem["params"]): string {
  switch (code) {
    case "unknownModules":
      return `${name} has no module ${names}. Its modules are ${known}.`;
    case "beyondLayers":
      return `${name} has ${layers} layers. Choose -${layers} to ${layers}.`;
    case "noBias":
      return `${name} has no such biases, so nothing more would be trained. Choose none.`;
    default:
      return assertNever(code);
  }
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

/** Settings against each other, the rows and what is installed. */
async function checkSettings(ctx: ServerContext, spec: TrainSpec, counts: MixCounts): Promise<FieldProblem[]> {
  const { report } = await readEnvironment(ctx);
  const plan = counts.trainRows > 0 ? planTraining(spec, counts, null) : null;
  const problems = [
    ...trainingProblems(spec.training, { counts, plan, environment: report }),
    ...moreProblems(spec, await readArguments(ctx, spec.training.more)),
  ];
  return problems.map((problem) => ({ ...problem, path: `spec.${problem.path}` }));
}

function checkRows({ data, stage }: TrainSpec, chosen: ChosenData, counts: MixCounts): FieldProblem[] {
  return mixProblems(data, counts).map((problem) => {
    const { set, validationSet, ...params } = problem.params;
    const dataset = set !== undefined ? chosen.sets[set] : validationSet !== undefined ? chosen.validation[validationSet] : undefined;
    const name = dataset?.name ?? chosen.sets[0]?.name ?? "";
    const rows = dataset?.report.rows ?? 0;
    if (problem.code === "noUsableRow" && dataset !== undefined && isOtherKind(dataset.report, stage))
      return otherKind(dataset, stage, `spec.${problem.path}`);
    return {
      path: `spec.${problem.path}`,
      message: sentenceOf(problem, name, rows),
      code: problem.code,
      params: { name, rows, ...params },
      value: problem.value,
    };
  });
}

const needed: Record<RowKind, string> = {
  answers: "an answer that is wanted",
  texts: "plain text",
  pairs: "a pair of answers, one chosen and one rejected",
  verdicts: "an answer with a label, wanted or not, or a pair of answers",
};

function otherKind({ id, name, report }: ReadyDataset, stage: TrainSpec["stage"], path: string): FieldProblem {
  const kind = rowKindOf(stage);
  const rows = report.usableRows;
  const message = `Stage ${stage} needs ${needed[kind]}; none of the ${rows} usable rows of ${name} is one. Choose another set, map its columns on its page, or choose another stage.`;
  return { path, message, code: "noRowForStage", params: { name, rows, stage, kind }, value: id };
}

function sentenceOf({ code, params }: MixProblem, name: string, rows: number): string {
  switch (code) {
    case "noUsableRow":
      return `${name} has no usable row: all ${rows} have problems. Its page lists them.`;
    case "oneUsableRow":
      return `${name} has one usable row; none can be held out. Choose no validation.`;
    case "tooManyHeldOut":
      return `${params.rows} rows are to be held out, and ${params.most} can be: one of each set has to stay. Choose ${params.most} or less.`;
    case "noRowByWeight":
      return `With this weight no row of ${name} would be trained. Raise it, or take the set out.`;
    case "tooManyRepeats":
      return `With these weights an epoch has ${params.rows} rows, most of them repeated; at most ${params.most} are possible. Bring the weights closer together.`;
    default:
      return assertNever(code);
  }
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

async function checkSpace(home: string, spec: TrainSpec, counts: MixCounts, facts: ModelFacts): Promise<void> {
  const plan = planTraining(spec, counts, facts);
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
