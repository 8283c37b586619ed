import * as z from "zod";
import { CheckpointName, RunId } from "../ids";
import { TrainSpec } from "../job-spec";
import { Run } from "../run";
import { SeriesWindow } from "../series";
import { ByRun, endpoint, Nothing, queryInt } from "./endpoint";

export const LogSlice = z.object({
  from: z.int().describe("Byte offset of the first byte of text"),
  to: z.int(),
  size: z.int().describe("Bytes ever written"),
  text: z.string(),
});
export type LogSlice = z.infer<typeof LogSlice>;

export const QuickStart = z.object({
  spec: TrainSpec,
  probes: z.array(z.object({ prompt: z.string(), expect: z.string() })),
});
export type QuickStart = z.infer<typeof QuickStart>;

/** Trainings: their rows, curves and logs, and what can be asked of them. */
export const runs = {
  listRuns: endpoint({
    method: "GET",
    path: "/runs",
    tag: "runs",
    summary: "Training runs, newest first",
    input: z.strictObject({ limit: queryInt(1, 5000).default(2000) }),
    output: z.object({ runs: z.array(Run) }),
  }),
  createRun: endpoint({
    method: "POST",
    path: "/runs",
    tag: "runs",
    summary: "Check a training run and put it in the queue",
    status: 201,
    input: z.strictObject({
      spec: TrainSpec,
      requestId: z.string().min(8).max(80).optional().describe("The same id twice gives the same run, not two"),
    }),
    output: Run,
  }),
  getRun: endpoint({ method: "GET", path: "/runs/:runId", tag: "runs", summary: "One run", input: ByRun, output: Run }),
  renameRun: endpoint({
    method: "PATCH",
    path: "/runs/:runId",
    tag: "runs",
    summary: "Rename a run",
    input: z.strictObject({ runId: RunId, name: z.string().trim().min(1).max(80) }),
    output: Run,
  }),
  stopRun: endpoint({
    method: "POST",
    path: "/runs/:runId/stop",
    tag: "runs",
    summary: "Stop: save a checkpoint and end, or end without saving",
    status: 202,
    input: z.strictObject({ runId: RunId, save: z.boolean() }),
    output: Run,
  }),
  saveRun: endpoint({
    method: "POST",
    path: "/runs/:runId/save",
    tag: "runs",
    summary: "Save a checkpoint at the next step",
    status: 202,
    input: ByRun,
    output: Run,
  }),
  resumeRun: endpoint({
    method: "POST",
    path: "/runs/:runId/resume",
    tag: "runs",
    summary: "Go on from a checkpoint, as a new attempt of the same run",
    status: 202,
    input: z.strictObject({ runId: RunId, checkpoint: CheckpointName }),
    output: Run,
  }),
  deleteRun: endpoint({
    method: "DELETE",
    path: "/runs/:runId",
    tag: "runs",
    summary: "Delete an ended run and its files",
    input: ByRun,
    output: z.object({ freedBytes: z.number() }),
  }),
  deleteCheckpoint: endpoint({
    method: "DELETE",
    path: "/runs/:runId/checkpoints/:checkpoint",
    tag: "runs",
    summary: "Delete one checkpoint",
    input: z.strictObject({ runId: RunId, checkpoint: CheckpointName }),
    output: Run,
  }),
  getSeries: endpoint({
    method: "GET",
    path: "/runs/:runId/series",
    tag: "runs",
    summary: "Curves in a window, at most `points` points each with exact extremes",
    input: z.strictObject({
      runId: RunId,
      names: z.string().max(2000).optional().describe("Comma-separated metric names; all when absent"),
      fromStep: z.coerce.number().optional(),
      toStep: z.coerce.number().optional(),
      points: queryInt(2, 20_000).default(2000),
    }),
    output: SeriesWindow,
  }),
  getLog: endpoint({
    method: "GET",
    path: "/runs/:runId/log",
    tag: "runs",
    summary: "A slice of the worker's output",
    input: z.strictObject({
      runId: RunId,
      from: z.coerce.number().int().min(0).optional().describe("Absent: the last `limit` bytes"),
      limit: queryInt(1, 1_000_000).default(65_536),
    }),
    output: LogSlice,
  }),
  getResolved: endpoint({
    method: "GET",
    path: "/runs/:runId/resolved",
    tag: "runs",
    summary: "Every effective value of the newest attempt",
    input: ByRun,
    output: z.object({ resolved: z.record(z.string(), z.unknown()).nullable() }),
  }),
  quickStart: endpoint({
    method: "GET",
    path: "/quick-start",
    tag: "runs",
    summary: "The ready-made first run on the demo model",
    input: Nothing,
    output: QuickStart,
  }),
} as const;
