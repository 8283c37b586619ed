import type { ModelFacts } from "@/lib/contract/model";
import { followingParameters } from "@/lib/contract/parameters/following";
import { scheduleParameters } from "@/lib/contract/parameters/schedule";
import type { EnvironmentReport } from "@/lib/contract/system";
import { FreezeSettings, LoraSettings, QuantizationSettings, TrainingSettings, type TrainSpec } from "@/lib/contract/train-spec";
import type { MixCounts } from "@/lib/domain/mix";
import { type Planned, planTraining, type TrainingPlan } from "@/lib/domain/plan";
import { learningRateAt, schedulerArguments } from "@/lib/domain/schedule";
import type { DataPlan } from "./data-plan";
import { type Candidate, type FieldPath, toSpecInput } from "./draft";

export type PartialPlan = {
  plan: TrainingPlan;
  planned: Planned & Pick<TrainSpec, "quantization">;
  counts: MixCounts;
  wrong: ReadonlySet<string>;
};

/** The plan of what is typed so far: where a field is wrong its suggestion is counted with, and `wrong` names it. */
export function planCandidate(candidate: Candidate, suggested: Candidate, data: DataPlan, facts: ModelFacts | null): PartialPlan | null {
  const { counts } = data;
  if (counts.trainRows < 1 && !data.wrong) return null;
  const input = toSpecInput(candidate);
  const fallback = toSpecInput(suggested);
  const wrong = new Set(data.wrong ? ["data"] : []);
  const training = mend(TrainingSettings, "training", input.training, { ...fallback.training }, wrong);
  const lora = input.lora === null ? null : mend(LoraSettings, "lora", input.lora, { ...fallback.lora }, wrong);
  const freeze = input.freeze === null ? null : mend(FreezeSettings, "freeze", input.freeze, { ...fallback.freeze }, wrong);
  const quantization =
    input.quantization === null
      ? null
      : mend(QuantizationSettings, "quantization", input.quantization, { ...fallback.quantization }, wrong);
  const planned = { training, lora, freeze, quantization };
  return { plan: planTraining(planned, counts, facts), planned, counts, wrong };
}

type Shape<T> = { shape: Record<string, { safeParse: (value: unknown) => { success: boolean } }>; parse: (value: unknown) => T };

function mend<T>(schema: Shape<T>, group: string, input: object | null, fallback: object, wrong: Set<string>): T {
  const mended: Record<string, unknown> = { ...fallback };
  for (const [name, value] of Object.entries(input ?? {})) {
    if (schema.shape[name]?.safeParse(value).success) mended[name] = value;
    else wrong.add(`${group}.${name}`);
  }
  return schema.parse(mended);
}

const lengthFields: (FieldPath | "data")[] = ["data", "training.batchSize", "training.gradientAccumulation", "training.processes"];

const pathsOfSchedule = Object.keys({ ...scheduleParameters, ...followingParameters }).map((name) => `training.${name}` as FieldPath);

/** The fields on which a line of the plan rests; with one of them wrong the line has no number. */
export const restsOn = {
  rows: ["data", "training.seed"],
  steps: [...lengthFields, "training.epochs", "training.maxSteps"],
  batch: ["training.batchSize", "training.gradientAccumulation", "training.processes"],
  trainable: [
    "lora.rank",
    "lora.targets",
    "lora.modulesToSave",
    "lora.trainableTokens",
    "freeze.layers",
    "freeze.modules",
    "freeze.extras",
  ],
  checkpoints: [...lengthFields, "training.epochs", "training.maxSteps", "training.saveEverySteps", "training.saveLimit"],
  rate: [
    ...lengthFields,
    "training.epochs",
    "training.maxSteps",
    "training.learningRate",
    "training.warmupRatio",
    "training.scheduler",
    ...pathsOfSchedule,
  ],
} satisfies Record<string, (FieldPath | "data")[]>;

export const isKnown = (line: keyof typeof restsOn, wrong: ReadonlySet<string>): boolean => !restsOn[line].some((path) => wrong.has(path));

/** Bytes of one number of a frozen base, as the trainer chooses it. */
export function trainingBytes(precision: TrainSpec["training"]["precision"], environment: EnvironmentReport | null): number | null {
  if (precision !== "auto") return precision === "float32" ? 4 : 2;
  if (environment === null) return null;
  return environment.devices.length > 0 && environment.bf16 ? 2 : 4;
}

export type StateBytes = { weights: number; gradients: number; optimiser: number; total: number };

/** Whatever is trained is float32 with two Adam moments; a base under an adapter has the precision of the run, or is rounded. */
const TRAINED_BYTES = 4;

export function stateBytes(
  plan: TrainingPlan,
  planned: PartialPlan["planned"],
  baseBytes: number,
  facts: ModelFacts | null,
): StateBytes | null {
  if (plan.trainableParameters === null || plan.totalParameters === null) return null;
  const trained = plan.trainableParameters * TRAINED_BYTES;
  const { lora, quantization } = planned;
  const base = quantization === null ? plan.totalParameters * baseBytes : roundedBytes(plan.totalParameters, quantization, facts);
  const weights = lora === null ? plan.totalParameters * TRAINED_BYTES : base + trained;
  return { weights, gradients: trained, optimiser: 2 * trained, total: weights + 3 * trained };
}

/** Linear layers but the head are rounded; what is left is float32. Scales are counted: a number for 64 weights, or for a row. */
function roundedBytes(parameters: number, { type, doubleQuant }: QuantizationSettings, facts: ModelFacts | null): number {
  const linear = (facts?.modules ?? []).filter((group) => !group.head).reduce((sum, group) => sum + group.parameters, 0);
  const each = type === "int8" ? 1 : doubleQuant ? DOUBLE_QUANT_BYTES : 0.5 + 4 / 64;
  return linear * each + (parameters - linear) * TRAINED_BYTES;
}
const DOUBLE_QUANT_BYTES = 0.5 + 1 / 64 + 4 / (64 * 256);

const MAX_CURVE_POINTS = 96;

/** Rate used by each step, thinned for drawing; the end of warm-up is always among the points. */
export function rateCurve({ training }: Planned, { totalSteps, warmupSteps }: TrainingPlan): { x: number; y: number }[] {
  const own = schedulerArguments(training, totalSteps);
  const stride = Math.max(1, Math.ceil(totalSteps / MAX_CURVE_POINTS));
  const steps = new Set([warmupSteps, totalSteps]);
  for (let step = 0; step < totalSteps; step += stride) steps.add(step);
  return [...steps]
    .filter((step) => step <= totalSteps)
    .sort((a, b) => a - b)
    .map((step) => ({
      x: step,
      y: learningRateAt(step, { ...training, totalSteps, warmupSteps, own }),
    }));
}
