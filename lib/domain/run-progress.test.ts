import { expect, test } from "vitest";
import type { RunPlan } from "../contract/event";
import { runProgress, tokenRate } from "./run-progress";

const plan: RunPlan = {
  totalSteps: 200,
  epochs: 1,
  trainRows: 1,
  evalRows: 0,
  droppedRows: 0,
  truncatedRows: 0,
  effectiveBatch: 1,
  trainTokens: 1,
  trainedTokens: 1,
  trainableParameters: 1,
  totalParameters: 1,
  device: "cpu",
  deviceName: "CPU",
  precision: "float32",
};

test("the time left follows the rate of this attempt", () => {
  expect(runProgress({ step: 50, plan, stepsPerSecond: 3, status: "running" })).toEqual({
    step: 50,
    total: 200,
    share: 0.25,
    secondsLeft: 50,
  });
});

test("an ended run has no time left, and a run without a plan no progress", () => {
  expect(runProgress({ step: 50, plan, stepsPerSecond: 3, status: "stopped" })?.secondsLeft).toBeNull();
  expect(runProgress({ step: 0, plan: null, stepsPerSecond: null, status: "starting" })).toBeNull();
});

test("a recipe that logs no rate is measured over its training time", () => {
  expect(tokenRate({ last: {}, tokens: 1000, seconds: 4 })).toBe(250);
  expect(tokenRate({ last: { tokens_per_second: 99 }, tokens: 1000, seconds: 4 })).toBe(99);
  expect(tokenRate({ last: {}, tokens: 0, seconds: 0 })).toBeNull();
});
