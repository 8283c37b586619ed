import type { Run } from "../../lib/contract/run";
import { SPEC_VERSION, WorkerSpec } from "../../lib/contract/worker-spec";
import { newToken } from "../ids";
import type { NewTask, Work } from "./tasks";

export function newRun({ runId, work, labels }: NewTask, now: number): Run {
  return {
    id: runId,
    name: work.job.name,
    spec: work.job,
    labels,
    status: "queued",
    attempt: 1,
    createdAt: now,
    startedAt: null,
    endedAt: null,
    stopRequest: null,
    queuePosition: null,
    seq: -1,
    lastEventAt: null,
    phase: null,
    plan: null,
    step: 0,
    epoch: 0,
    tokens: 0,
    seconds: 0,
    stepsPerSecond: null,
    last: {},
    nonFinite: {},
    bestEval: null,
    spark: { stride: 1, values: [], pending: [] },
    checkpoints: [],
    artifact: null,
    progress: null,
    ready: false,
    rssBytes: null,
    warnings: [],
    failure: null,
    summary: null,
  };
}

export const newSpec = (runId: Run["id"], attempt: number, work: Work): WorkerSpec =>
  WorkerSpec.parse({ specVersion: SPEC_VERSION, runId, attempt, token: newToken(), device: "auto", ...work });

/** What a new attempt leaves behind of the last one; curves, checkpoints and counters go on. */
export const forNextAttempt = (run: Run): Run => ({
  ...run,
  attempt: run.attempt + 1,
  endedAt: null,
  stopRequest: null,
  phase: null,
  stepsPerSecond: null,
  progress: null,
  ready: false,
  failure: null,
  summary: null,
});
