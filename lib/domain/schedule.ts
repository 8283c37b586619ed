import type { TrainSpec } from "../contract/job-spec";
import { isShown } from "../contract/parameters/parameter";
import { followingSchedulers, type Scheduler, unwarmedSchedulers } from "../contract/parameters/schedule";
import { trainingParameters } from "../contract/parameters/training";
import { assertNever } from "./assert-never";

/** What a scheduler takes besides its steps, by the library's names. */
export type SchedulerArguments = Readonly<Record<string, number | string | boolean>>;
type Schedule = {
  scheduler: Scheduler;
  learningRate: number;
  totalSteps: number;
  warmupSteps: number;
  own?: SchedulerArguments;
};
type Training = TrainSpec["training"];

/** These move by the validation loss, so no curve can be drawn before. */
export const followsValidation = (scheduler: Scheduler): boolean => followingSchedulers.some((name) => name === scheduler);
export const hasWarmup = (scheduler: Scheduler): boolean => !unwarmedSchedulers.some((name) => name === scheduler);

/** transformers 5 takes a warm-up below 1 as a share and rounds it up. */
export function countWarmupSteps(training: Pick<Training, "scheduler" | "warmupRatio" | "warmupSteps">, totalSteps: number): number {
  if (!hasWarmup(training.scheduler)) return 0;
  const steps = training.warmupSteps ?? Math.ceil(training.warmupRatio * totalSteps);
  // transformers divides by the steps that are left, and has no guard there.
  return training.scheduler === "polynomial" ? Math.min(steps, Math.max(0, totalSteps - 1)) : steps;
}

const PREFIX = "lr_scheduler_kwargs.";

/** What of the form goes to the scheduler; trainer/src/trainer/schedule.py says the same. */
export function schedulerArguments(training: Training, totalSteps: number): SchedulerArguments {
  const own: Record<string, number | string | boolean> = {};
  for (const [name, parameter] of Object.entries(trainingParameters)) {
    const value: unknown = training[name as keyof Training];
    if (!parameter.trl.startsWith(PREFIX) || !isShown(parameter, training)) continue;
    if (typeof value === "number" || typeof value === "string") own[parameter.trl.slice(PREFIX.length)] = value;
  }
  if (training.scheduler === "warmup_stable_decay") own.num_decay_steps ??= countDecaySteps(training, totalSteps);
  if ("window_size" in own) own.smooth = true;
  return own;
}

/** A fifth of the run, and never more than warm-up leaves. */
function countDecaySteps(training: Training, totalSteps: number): number {
  const left = totalSteps - countWarmupSteps(training, totalSteps);
  return Math.max(1, Math.min(left, Math.ceil(DECAY_SHARE * totalSteps)));
}
const DECAY_SHARE = 0.2;

/** Learning rate after `step` optimizer updates, as transformers 5.18 `optimization.py` computes it. */
export function learningRateAt(step: number, schedule: Schedule): number {
  return schedule.learningRate * factorAt(step, schedule);
}

function factorAt(step: number, { scheduler, learningRate, totalSteps, warmupSteps, own = {} }: Schedule): number {
  const number = (name: string, otherwise: number): number => (typeof own[name] === "number" ? own[name] : otherwise);
  const warming = step < warmupSteps;
  const climb = step / Math.max(1, warmupSteps);
  const progress = (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
  switch (scheduler) {
    case "constant":
    case "reduce_lr_on_plateau":
    case "greedy":
      return 1;
    case "constant_with_warmup":
      return warming ? climb : 1;
    case "linear":
      return warming ? climb : Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
    case "cosine":
      return warming ? climb : Math.max(0, wave(number("num_cycles", 0.5), progress));
    case "cosine_with_restarts":
      if (warming) return climb;
      return progress >= 1 ? 0 : Math.max(0, wave(0.5, (number("num_cycles", 1) * progress) % 1));
    case "cosine_with_min_lr":
      return warming ? climb : Math.max(0, above(number("min_lr_rate", 0), wave(number("num_cycles", 0.5), progress)));
    case "cosine_warmup_with_min_lr": {
      if (warming) {
        const first = own.warmup_lr_rate;
        return typeof first === "number"
          ? first + ((1 - first) * step) / Math.max(1, warmupSteps - 1)
          : (step + 1) / Math.max(1, warmupSteps);
      }
      const next = (step - warmupSteps + 1) / Math.max(1, totalSteps - warmupSteps);
      return Math.max(0, above(number("min_lr_rate", 0), wave(number("num_cycles", 0.5), next)));
    }
    case "polynomial": {
      const end = number("lr_end", 1e-7);
      if (warming) return climb;
      if (step > totalSteps || totalSteps === warmupSteps) return end / learningRate;
      const left = 1 - (step - warmupSteps) / (totalSteps - warmupSteps);
      return ((learningRate - end) * left ** number("power", 1) + end) / learningRate;
    }
    case "inverse_sqrt": {
      // Shifted so that the curve is continuous where warm-up ends.
      const timescale = number("timescale", warmupSteps || 10_000);
      return warming ? climb : 1 / Math.sqrt((step + timescale - warmupSteps) / timescale);
    }
    case "warmup_stable_decay":
      return stableFactor(step, warmupSteps, totalSteps, own);
    default:
      return assertNever(scheduler);
  }
}

function stableFactor(step: number, warmupSteps: number, totalSteps: number, own: SchedulerArguments): number {
  const number = (name: string, otherwise: number): number => (typeof own[name] === "number" ? own[name] : otherwise);
  const end = number("min_lr_ratio", 0);
  const decaySteps = number("num_decay_steps", 1);
  const decayFrom = warmupSteps + number("num_stable_steps", totalSteps - warmupSteps - decaySteps);
  if (step < warmupSteps) return Math.max(0, above(end, climbed(own.warmup_type, step / Math.max(1, warmupSteps))));
  if (step < decayFrom) return 1;
  if (step >= decayFrom + decaySteps) return end;
  return Math.max(0, above(end, fallen(own.decay_type, (step - decayFrom) / Math.max(1, decaySteps), number("num_cycles", 0.5))));
}

function climbed(shape: unknown, progress: number): number {
  if (shape === "cosine") return 0.5 * (1 - Math.cos(Math.PI * progress));
  return shape === "1-sqrt" ? 1 - Math.sqrt(1 - progress) : progress;
}

function fallen(shape: unknown, progress: number, cycles: number): number {
  if (shape === "linear") return 1 - progress;
  return shape === "1-sqrt" ? 1 - Math.sqrt(progress) : wave(cycles, progress);
}

const wave = (cycles: number, progress: number): number => 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress));
const above = (end: number, factor: number): number => factor * (1 - end) + end;
