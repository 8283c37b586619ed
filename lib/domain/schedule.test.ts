import { describe, expect, it } from "vitest";
import { schedulers } from "../contract/parameters/training";
import fromTransformers from "./fixtures/transformers-schedules.json" with { type: "json" };
import { learningRateAt } from "./schedule";

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

  it("equals what the installed transformers computes, for every scheduler, with and without warm-up", () => {
    expect(new Set(fromTransformers.map((curve) => curve.scheduler))).toEqual(new Set(schedulers));
    for (const { points, ...curve } of fromTransformers) {
      const scheduler = schedulers.find((name) => name === curve.scheduler);
      if (scheduler === undefined) throw new Error(`unknown scheduler ${curve.scheduler}`);
      for (const [step, rate] of points) {
        const ours = learningRateAt(step ?? 0, { ...curve, scheduler });
        expect(Math.abs(ours - (rate ?? Number.NaN)), `${scheduler} at ${step} of ${curve.totalSteps}`).toBeLessThan(1e-12);
      }
    }
  });

  it("equals the rates that transformers 5.18 logged for a cosine of 290 steps without warm-up", () => {
    const logged = [5, 10, 15, 20].map((update) =>
      learningRateAt(update - 1, { scheduler: "cosine", learningRate: 5e-4, totalSteps: 290, warmupSteps: 0 }),
    );
    const expected = [4.997653e-4, 4.988127e-4, 4.971303e-4, 4.94723e-4];
    for (const [index, rate] of logged.entries()) expect(rate).toBeCloseTo(expected[index] ?? Number.NaN, 9);
  });
});
