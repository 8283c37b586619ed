import type { Run } from "@/lib/contract/run";
import type { Method } from "@/lib/contract/stages";
import { isEnded } from "@/lib/domain/run-status";

export type RunTime =
  | { kind: "left"; seconds: number }
  | { kind: "took"; seconds: number }
  | { kind: "waiting"; position: number | null }
  | { kind: "phase"; name: string }
  | { kind: "none" };

/** Share of the steps that are done; null before the worker has told how many there are. */
export function progressOf(run: Run): number | null {
  if (run.status === "succeeded") return 1;
  if (run.plan === null) return run.status === "queued" || isEnded(run.status) ? 0 : null;
  return run.plan.totalSteps === 0 ? 0 : Math.min(1, run.step / run.plan.totalSteps);
}

/** What the time column says: time left while it runs, time taken when it has ended, the place in the queue before. */
export function timeOf(run: Run): RunTime {
  if (run.status === "queued") return { kind: "waiting", position: run.queuePosition };
  if (isEnded(run.status)) return run.startedAt === null ? { kind: "none" } : { kind: "took", seconds: secondsTaken(run) };
  const left = secondsLeft(run);
  if (left !== null) return { kind: "left", seconds: left > 90 ? Math.round(left / 60) * 60 : left };
  return run.phase === null ? { kind: "none" } : { kind: "phase", name: run.phase.name };
}

export function secondsLeft(run: Run): number | null {
  if (run.status !== "running" || run.plan === null || run.stepsPerSecond === null || run.stepsPerSecond <= 0) return null;
  return Math.max(0, run.plan.totalSteps - run.step) / run.stepsPerSecond;
}

/** A resumed run lay idle between its attempts: there only the training counts. */
function secondsTaken(run: Run): number {
  if (run.attempt > 1 || run.startedAt === null) return run.seconds;
  return ((run.endedAt ?? run.startedAt) - run.startedAt) / 1000;
}

export const lossOf = (run: Run): number | null => run.last.loss ?? null;

/** Bytes that go when the run is deleted; curves and log come on top and are small. */
export const bytesOf = (run: Run): number =>
  run.checkpoints.reduce((sum, checkpoint) => sum + checkpoint.bytes, 0) + (run.artifact?.bytes ?? 0);

/** "LoRA 16" or null for full fine-tuning, whose word depends on the language. */
export const loraRankOf = (run: Run): number | null => (run.spec.kind === "train" ? (run.spec.lora?.rank ?? null) : null);

export const methodOf = (run: Run): Method => (run.spec.kind === "train" ? run.spec.method : "full");
