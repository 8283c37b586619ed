import * as z from "zod";
import { DatasetMapping, ReasonAction, RowsChange } from "./dataset";
import { CheckpointName, DatasetId, ModelId, RunId } from "./ids";
import { MAX_SETS } from "./mix-names";
import { RunName, TrainSpec } from "./train-spec";

/** In a file of its own, because the launch form checks by it and loads no other schema. */
export { LoraSettings, RunName, TrainingSettings, TrainSpec } from "./train-spec";

/** Weights that can be talked to: a model, a checkpoint of a run, or the result of an export. */
export const ChatTarget = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("model"), modelId: ModelId }),
  z.strictObject({ type: z.literal("checkpoint"), runId: RunId, checkpoint: CheckpointName }),
  z.strictObject({ type: z.literal("export"), runId: RunId }),
]);
export type ChatTarget = z.infer<typeof ChatTarget>;

export const ChatSpec = z.strictObject({
  kind: z.literal("chat"),
  name: RunName,
  target: ChatTarget,
  idleSeconds: z.int().min(1).max(86_400).describe("The worker leaves after this long without a request"),
});
export type ChatSpec = z.infer<typeof ChatSpec>;

export const exportForms = ["merged", "adapter"] as const;

export const ExportSpec = z.strictObject({
  kind: z.literal("export"),
  name: RunName,
  runId: RunId,
  checkpoint: CheckpointName,
  form: z.enum(exportForms).describe("merged: one model that stands alone; adapter: the small LoRA files only"),
  dtype: z.enum(["auto", "float32", "bfloat16", "float16"]).describe("auto keeps the type of the base"),
  maxShardBytes: z
    .int()
    .min(1_000_000, "A shard has at least 1 MB.")
    .max(100_000_000_000)
    .describe("No file of weights gets larger than this, unless one tensor alone does"),
});
export type ExportSpec = z.infer<typeof ExportSpec>;

/** Files of the hub that are one data set. */
export const HubFiles = z.strictObject({
  repo: z.string().min(1).max(200),
  subset: z.string().max(200).nullable(),
  split: z.string().max(100).nullable(),
  revision: z.string().max(100).nullable(),
});
export type HubFiles = z.infer<typeof HubFiles>;

/** Work on a data set that reads all of it. */
export const DataSpec = z.strictObject({
  kind: z.literal("data"),
  name: RunName,
  datasetId: DatasetId,
  task: z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("bring"),
      hub: HubFiles.nullable().describe("Null: packed files are unpacked, and nothing is fetched"),
    }),
    z.strictObject({
      type: z.literal("check"),
      mapping: DatasetMapping,
      actions: z.record(z.string(), ReasonAction).describe("By reason; others take their default: drop what can't train, keep the rest"),
    }),
    z.strictObject({ type: z.literal("measure"), modelId: ModelId }),
    z.strictObject({
      type: z.literal("change"),
      fromId: DatasetId.describe("Whose rows are changed; they stay as they are"),
      change: RowsChange,
      mapping: DatasetMapping,
      actions: z.record(z.string(), ReasonAction),
    }),
    z.strictObject({
      type: z.literal("compare"),
      beforeId: DatasetId,
      byNumber: z.boolean().describe("Rows of the same number belong together; else rows with the same content"),
    }),
    z
      .strictObject({
        type: z.literal("overlap"),
        trainIds: z.array(DatasetId).min(1).max(MAX_SETS),
        validationIds: z.array(DatasetId).max(MAX_SETS).describe("Empty: only what the training sets say among themselves"),
      })
      .describe("Validation rows that also stand in training, and prompts with two answers"),
  ]),
});
export type DataSpec = z.infer<typeof DataSpec>;

export const JobSpec = z.discriminatedUnion("kind", [TrainSpec, ChatSpec, ExportSpec, DataSpec]);
export type JobSpec = z.infer<typeof JobSpec>;
export type JobKind = JobSpec["kind"];
