import * as z from "zod";
import { CheckpointName } from "./ids";
import { saidOf } from "./said";

/** JSON has no NaN and no infinity: the worker writes these words, and they are shown, never averaged. */
export const MetricValue = z.union([z.number(), z.enum(["nan", "inf", "-inf"])]);
export type MetricValue = z.infer<typeof MetricValue>;

/** What a worker is doing; the order here is the order in which a training run goes through them. */
export const PhaseName = z.enum([
  "importing",
  "downloading",
  "loading_data",
  "tokenizing",
  "loading_model",
  "training",
  "evaluating",
  "saving",
  "merging",
  "verifying",
  "serving",
  "checking",
  "measuring",
  "changing",
  "comparing",
]);
export type PhaseName = z.infer<typeof PhaseName>;

export const FailureCode = z.enum([
  "out_of_memory",
  "disk_full",
  "data_invalid",
  "data_empty",
  "template_refused",
  "model_not_found",
  "model_invalid",
  "spec_invalid",
  "checkpoint_invalid",
  "non_finite_loss",
  "package_missing",
  "killed",
  "worker_vanished",
  "start_failed",
  "unknown",
]);
export type FailureCode = z.infer<typeof FailureCode>;

/** What became of the rows of one data set; the rows of one epoch are `train`, of which `repeated` come again. */
export const PlannedSet = z.object({
  name: z.string(),
  rows: z.int().describe("Usable rows"),
  kept: z.int().describe("Of these, those that the cap leaves"),
  train: z.int(),
  repeated: z.int(),
  validation: z.int(),
  unused: z.int().describe("Left aside by interleaving, because another set was used up before"),
  dropped: z.int().describe("Left out because nothing in them would be trained, or because the template refused them"),
});
export type PlannedSet = z.infer<typeof PlannedSet>;

/** Resolved figures of a training run, told before the first step. */
export const RunPlan = z.object({
  totalSteps: z.int(),
  epochs: z.number(),
  trainRows: z.int(),
  evalRows: z.int(),
  droppedRows: z.int().describe("Rows left out because nothing in them would be trained, or because the template refused them"),
  packedRows: z.int().nullish().describe("Rows that the training rows were packed into; null or absent: they were not packed"),
  truncatedRows: z.int(),
  cutTokens: z.int().optional().describe("Tokens that the cutoff took away from these"),
  effectiveBatch: z.int(),
  processes: z.int().optional().describe("That train together, each with a share of every batch; absent in logs of older releases: one"),
  trainTokens: z.int().describe("Tokens in the training rows, one epoch"),
  trainedTokens: z.int().describe("Of these, tokens that carry a label"),
  trainableParameters: z.int(),
  totalParameters: z.int(),
  device: z.string().describe("cpu, cuda:0, mps"),
  deviceName: z.string(),
  precision: z.string(),
  sets: z
    .array(PlannedSet)
    .optional()
    .describe("Each set of the mixture, then each that serves for validation only; absent in logs of older releases"),
});
export type RunPlan = z.infer<typeof RunPlan>;

const head = { seq: z.int().min(0), t: z.number().describe("Milliseconds since 1970, worker's clock; order is by seq") };

/** One line of `events.jsonl`. Only the worker writes it; `seq` rises by one from 0 over all attempts. */
export const TaskEvent = z.discriminatedUnion("type", [
  z.object({
    ...head,
    type: z.literal("opened"),
    attempt: z.int(),
    kind: z.enum(["train", "chat", "export", "data"]),
    pid: z.int(),
    host: z.string(),
    versions: z.record(z.string(), z.string()),
  }),
  z.object({ ...head, type: z.literal("phase"), name: PhaseName, done: z.number().optional(), total: z.number().optional() }),
  z.object({ ...head, type: z.literal("plan"), plan: RunPlan }),
  z.object({
    ...head,
    type: z.literal("metric"),
    step: z.int(),
    epoch: z.number(),
    tokens: z.number().describe("Tokens seen since the first attempt began, padding not counted"),
    seconds: z.number().describe("Seconds of training since the first attempt began, pauses not counted"),
    values: z.record(z.string(), MetricValue),
  }),
  z.object({
    ...head,
    type: z.literal("checkpoint"),
    name: CheckpointName,
    step: z.int(),
    bytes: z.int(),
    reason: z.enum(["cadence", "requested", "stop", "final"]),
  }),
  z.object({ ...head, type: z.literal("checkpoint_removed"), name: CheckpointName }),
  z.object({
    ...head,
    type: z.literal("rewind"),
    toStep: z.int().describe("Points after this step belong to the past attempt; drop them"),
  }),
  z.object({ ...head, type: z.literal("progress"), done: z.number(), total: z.number(), unit: z.enum(["bytes", "rows", "tensors"]) }),
  z.object({
    ...head,
    type: z.literal("artifact"),
    path: z.string().describe("Folder relative to the run directory, such as artifacts/model"),
    bytes: z.int(),
    files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string().optional() })),
  }),
  z.object({ ...head, type: z.literal("ready") }),
  z.object({
    ...head,
    type: z.literal("ack"),
    controlId: z.string(),
    verb: z.string(),
    outcome: z.enum(["done", "refused"]),
    note: z.string().optional(),
  }),
  z.object({ ...head, type: z.literal("warning"), code: z.string(), message: z.string() }),
  z.object({ ...head, type: z.literal("heartbeat"), rssBytes: z.number(), deviceBytes: z.number().optional() }),
  z.object({
    ...head,
    type: z.literal("failed"),
    code: FailureCode,
    message: z.string(),
    remedy: z.string().optional(),
    said: saidOf,
    traceback: z.string().optional(),
  }),
  z.object({
    ...head,
    type: z.literal("finished"),
    outcome: z.enum(["succeeded", "stopped"]),
    summary: z.record(z.string(), z.union([MetricValue, z.string()])),
  }),
]);
export type TaskEvent = z.infer<typeof TaskEvent>;
export type TaskEventOf<T extends TaskEvent["type"]> = Extract<TaskEvent, { type: T }>;

/** One line of `control.jsonl`, written by the server, acknowledged by an `ack` event with the same id. */
export const ControlLine = z.object({
  id: z.string(),
  t: z.number(),
  verb: z.enum(["save", "stop", "abort", "evaluate"]),
});
export type ControlLine = z.infer<typeof ControlLine>;
export type ControlVerb = ControlLine["verb"];

/** `exit.json`, written by the shim when the worker and all its children are gone. */
export const ExitRecord = z.object({
  code: z.int().nullable(),
  signal: z.int().nullable(),
  killed: z.boolean().describe("The shim itself sent SIGKILL after the grace time"),
  oomKills: z.int().describe("Rise of the machine's oom_kill counter while the worker ran"),
  maxRssBytes: z.number(),
  startedAt: z.number(),
  endedAt: z.number(),
});
export type ExitRecord = z.infer<typeof ExitRecord>;

/** `pid.json`, written by the shim: pid with start time and boot id, so that a reused pid is not mistaken. */
export const PidRecord = z.object({
  shim: z.object({ pid: z.int(), startTicks: z.int() }),
  worker: z.object({ pid: z.int(), startTicks: z.int() }).nullable(),
  bootId: z.string(),
});
export type PidRecord = z.infer<typeof PidRecord>;

/** `COMPLETE.json` of a checkpoint or artifact, written last. */
export const CompleteMark = z.object({
  step: z.int().nullable(),
  tokens: z.number().nullable(),
  seconds: z.number().nullable(),
  seq: z.int(),
  baseFingerprint: z.string(),
  files: z.record(z.string(), z.int()).describe("Relative name to size in bytes"),
});
export type CompleteMark = z.infer<typeof CompleteMark>;
