import * as z from "zod";
import { ModelId } from "./ids";
import { loraParameters as lora, trainingParameters as training } from "./parameters";
import { TrainData } from "./train-data";

export const RunName = z
  .string()
  .trim()
  .min(1, "Give the run a name.")
  .max(80, "A name has at most 80 characters.")
  .regex(/^[^\p{Cc}/\\]+$/u, "A name has no slashes and no control characters.");

export const LoraSettings = z.strictObject({
  rank: lora.rank.schema,
  alpha: lora.alpha.schema,
  dropout: lora.dropout.schema,
  targets: lora.targets.schema,
});
export type LoraSettings = z.infer<typeof LoraSettings>;

export const TrainingSettings = z.strictObject({
  learningRate: training.learningRate.schema,
  epochs: training.epochs.schema,
  maxSteps: training.maxSteps.schema,
  batchSize: training.batchSize.schema,
  gradientAccumulation: training.gradientAccumulation.schema,
  cutoffLength: training.cutoffLength.schema,
  scheduler: training.scheduler.schema,
  warmupRatio: training.warmupRatio.schema,
  weightDecay: training.weightDecay.schema,
  maxGradNorm: training.maxGradNorm.schema,
  gradientCheckpointing: training.gradientCheckpointing.schema,
  precision: training.precision.schema,
  logEverySteps: training.logEverySteps.schema,
  saveEverySteps: training.saveEverySteps.schema,
  saveLimit: training.saveLimit.schema,
  evalEverySteps: training.evalEverySteps.schema,
  seed: training.seed.schema,
});
export type TrainingSettings = z.infer<typeof TrainingSettings>;

/** What a person asks for in the launch form. */
export const TrainSpec = z
  .strictObject({
    kind: z.literal("train"),
    stage: z.literal("sft"),
    name: RunName,
    modelId: ModelId,
    data: TrainData,
    method: z.enum(["lora", "full"]),
    lora: LoraSettings.nullable().describe("Required for method lora, null for method full"),
    training: TrainingSettings,
  })
  .superRefine((spec, context) => {
    if (spec.method === "lora" && spec.lora === null)
      context.addIssue({ code: "custom", path: ["lora"], message: "Method LoRA needs its settings: rank, alpha, dropout, targets." });
    if (spec.method === "full" && spec.lora !== null)
      context.addIssue({ code: "custom", path: ["lora"], message: "Full fine-tuning takes no LoRA settings; leave them out." });
  });
export type TrainSpec = z.infer<typeof TrainSpec>;
