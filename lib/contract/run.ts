import * as z from "zod";
import { FailureCode, PhaseName, RunPlan } from "./event";
import { CheckpointName, RunId } from "./ids";
import { JobSpec } from "./job-spec";
import { saidOf } from "./said";

export const RunStatus = z.enum(["draft", "queued", "starting", "running", "stopping", "succeeded", "failed", "stopped", "lost"]);
export type RunStatus = z.infer<typeof RunStatus>;

export const Checkpoint = z.object({
  name: CheckpointName,
  step: z.int(),
  bytes: z.int(),
  createdAt: z.number(),
  reason: z.enum(["cadence", "requested", "stop", "final"]),
  loss: z.number().nullable(),
  evalLoss: z.number().nullable(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

export const Artifact = z.object({
  path: z.string(),
  bytes: z.int(),
  files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string().optional() })),
});
export type Artifact = z.infer<typeof Artifact>;

export const RunFailure = z.object({
  code: FailureCode,
  message: z.string(),
  remedy: z.string().nullable(),
  said: saidOf,
  traceback: z.string().nullable(),
  exitCode: z.int().nullable(),
  signal: z.int().nullable(),
});
export type RunFailure = z.infer<typeof RunFailure>;

/** Small loss history for tables: the mean of every `stride` points; `stride` doubles when 64 are full. */
export const Sparkline = z.object({ stride: z.int(), values: z.array(z.number()), pending: z.array(z.number()) });
export type Sparkline = z.infer<typeof Sparkline>;

/** A run as the index keeps it and the pages show it: a projection of its event log and of what we asked for. */
export const Run = z.object({
  id: RunId,
  name: z.string(),
  spec: JobSpec,
  labels: z.object({
    model: z.string(),
    data: z.string().nullable().describe("Name of the first data set"),
    otherData: z.array(z.string()).optional().describe("Names of the others of a mixture, in its order"),
  }),
  status: RunStatus,
  attempt: z.int(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  stopRequest: z.enum(["stop", "abort"]).nullable().describe("stop: save, then end; abort: end without saving"),
  queuePosition: z.int().nullable().describe("1 for the next to start; null when not queued"),
  /** Last event applied; -1 before the first. */
  seq: z.int(),
  lastEventAt: z.number().nullable(),
  phase: z.object({ name: PhaseName, done: z.number().nullable(), total: z.number().nullable(), since: z.number() }).nullable(),
  plan: RunPlan.nullable(),
  step: z.int(),
  epoch: z.number(),
  tokens: z.number(),
  /** Seconds of training over all attempts. */
  seconds: z.number(),
  /** Steps per second of this attempt, smoothed; for the time left. */
  stepsPerSecond: z.number().nullable(),
  last: z.record(z.string(), z.number()).describe("Newest finite value of each metric"),
  nonFinite: z.record(z.string(), z.int()).describe("How many values of each metric were not finite"),
  bestEval: z.object({ step: z.int(), loss: z.number() }).nullable(),
  spark: Sparkline,
  checkpoints: z.array(Checkpoint),
  artifact: Artifact.nullable(),
  progress: z.object({ done: z.number(), total: z.number(), unit: z.enum(["bytes", "rows", "tensors"]) }).nullable(),
  ready: z.boolean().describe("A chat worker has loaded its weights and answers"),
  rssBytes: z.number().nullable(),
  warnings: z.array(z.object({ code: z.string(), message: z.string(), t: z.number() })),
  failure: RunFailure.nullable(),
  summary: z.record(z.string(), z.union([z.number(), z.string()])).nullable(),
});
export type Run = z.infer<typeof Run>;
