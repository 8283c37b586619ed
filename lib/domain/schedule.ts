import type { TrainSpec } from "../contract/job-spec";

type Schedule = { scheduler: TrainSpec["training"]["scheduler"]; learningRate: number; totalSteps: number; warmupSteps: number };

/**
 * Learning rate after `step` optimizer updates, as transformers 5.18 `optimization.py` computes it
 * (linear warm-up from 0, then the named decay to 0 at `totalSteps`).
 */
export function learningRateAt(step: number, { scheduler, learningRate, totalSteps, warmupSteps }: Schedule): number {
  if (scheduler === "constant") return learningRate;
  if (step < warmupSteps) return (learningRate * step) / Math.max(1, warmupSteps);
  const left = Math.max(1, totalSteps - warmupSteps);
  const progress = Math.min(1, (step - warmupSteps) / left);
  switch (scheduler) {
    case "cosine":
      return learningRate * Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
    case "linear":
      return learningRate * Math.max(0, 1 - progress);
    case "constant_with_warmup":
      return learningRate;
    case "inverse_sqrt": {
      // timescale is the warm-up, or 10,000 where there is none; shifted so that the curve is continuous.
      const timescale = warmupSteps || 10_000;
      return learningRate / Math.sqrt((step + timescale - warmupSteps) / timescale);
    }
  }
}
