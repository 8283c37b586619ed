import type { Run } from "../contract/run";

export type RunProgress = { step: number; total: number; share: number; secondsLeft: number | null };

/** How far a training run is; null before its number of steps is known. */
export function runProgress(run: Pick<Run, "step" | "plan" | "stepsPerSecond" | "status">): RunProgress | null {
  const total = run.plan?.totalSteps;
  if (total === undefined || total <= 0) return null;
  const step = Math.min(run.step, total);
  const moving = (run.status === "running" || run.status === "stopping") && run.stepsPerSecond !== null && run.stepsPerSecond > 0;
  return { step, total, share: step / total, secondsLeft: moving ? (total - step) / (run.stepsPerSecond ?? 1) : null };
}

/** Tokens per second as the recipe logged it, else over the whole training time. */
export function tokenRate(run: Pick<Run, "last" | "tokens" | "seconds">): number | null {
  const logged = run.last.tokens_per_second;
  if (logged !== undefined) return logged;
  return run.seconds > 0 && run.tokens > 0 ? run.tokens / run.seconds : null;
}
