import { describe, expect, it } from "vitest";
import { defaultsOf } from "../contract/parameters/parameter";
import { schedulers } from "../contract/parameters/schedule";
import { parameterTables } from "../contract/parameters/tables";
import { TrainingSettings } from "../contract/train-spec";
import fromTransformers from "./fixtures/transformers-schedules.json" with { type: "json" };
import { countWarmupSteps, followsValidation, learningRateAt, schedulerArguments } from "./schedule";

// Values that transformers gave for lr 5e-4, 20 warm-up steps, 280 steps: [updates done, linear, cosine, inverse_sqrt].
const golden = [
  [10, 2.5e-4, 2.5e-4, 2.5e-4],
  [20, 5e-4, 5e-4, 5e-4],
  [50, 4.423077e-4, 4.837541e-4, 3.162278e-4],
  [100, 3.461538e-4, 3.920162e-4, 2.236068e-4],
  [150, 2.5e-4, 2.5e-4, 1.825742e-4],
  [200, 1.538462e-4, 1.079838e-4, 1.581139e-4],
  [279, 1.923077e-6, 1.824979e-8, 1.338699e-4],
  [280, 0, 0, 1.336306e-4],
] as const;

describe("the learning rate curve", () => {
  it.each(golden)("equals the published values after %i updates", (step, linear, cosine, inverseSqrt) => {
    const at = (scheduler: (typeof schedulers)[number]) =>
      learningRateAt(step, { scheduler, learningRate: 5e-4, totalSteps: 280, warmupSteps: 20 });
    expect(at("linear")).toBeCloseTo(linear, 10);
    expect(at("cosine")).toBeCloseTo(cosine, 10);
    expect(at("inverse_sqrt")).toBeCloseTo(inverseSqrt, 10);
    expect(at("constant")).toBe(5e-4);
  });

  it("equals at every step what the installed transformers computes, for every scheduler with its own arguments", () => {
    expect(new Set(fromTransformers.map((curve) => curve.scheduler))).toEqual(
      new Set(schedulers.filter((name) => !followsValidation(name))),
    );
    for (const { totalSteps, rates, ...chosen } of fromTransformers) {
      const training = TrainingSettings.parse({ ...defaultsOf(parameterTables.training, "lora"), ...chosen });
      const schedule = {
        ...training,
        totalSteps,
        warmupSteps: countWarmupSteps(training, totalSteps),
        own: schedulerArguments(training, totalSteps),
      };
      for (const [step, rate] of rates.entries()) {
        const ours = learningRateAt(step, schedule);
        // A rate that should be 0 is left over from a cosine: one part in 10^12 of the learning rate is as near as it gets.
        const room = 1e-12 * Math.max(Math.abs(rate), training.learningRate * 1e-4);
        expect(Math.abs(ours - rate), `${JSON.stringify(chosen)} at ${step} of ${totalSteps}: ${ours}, ${rate}`).toBeLessThanOrEqual(room);
      }
    }
  });

  it("equals the published values of the seeds for restarts, polynomial and a lowest rate", () => {
    const at = (step: number, scheduler: (typeof schedulers)[number], own: Record<string, number>) =>
      learningRateAt(step, { scheduler, learningRate: 5e-4, totalSteps: 280, warmupSteps: 20, own });
    expect(at(100, "cosine_with_restarts", { num_cycles: 3 })).toBeCloseTo(7.264546e-6, 11);
    expect(at(200, "cosine_with_restarts", { num_cycles: 3 })).toBeCloseTo(4.927355e-4, 10);
    expect(at(150, "polynomial", {})).toBeCloseTo(2.5005e-4, 10);
    expect(at(200, "polynomial", { power: 2, lr_end: 1e-6 })).toBeCloseTo(4.82426e-5, 10);
    expect(at(280, "polynomial", { power: 2, lr_end: 1e-6 })).toBeCloseTo(1e-6, 12);
    expect(at(279, "cosine_with_min_lr", { min_lr_rate: 0.1 })).toBeCloseTo(5.001642e-5, 10);
    expect(at(280, "cosine_with_min_lr", { min_lr_rate: 0.1 })).toBeCloseTo(5e-5, 12);
  });

  it("equals the rates that transformers 5.18 logged for a cosine of 290 steps without warm-up", () => {
    const logged = [5, 10, 15, 20].map((update) =>
      learningRateAt(update - 1, { scheduler: "cosine", learningRate: 5e-4, totalSteps: 290, warmupSteps: 0 }),
    );
    const expected = [4.997653e-4, 4.988127e-4, 4.971303e-4, 4.94723e-4];
    for (const [index, rate] of logged.entries()) expect(rate).toBeCloseTo(expected[index] ?? Number.NaN, 9);
  });
});
