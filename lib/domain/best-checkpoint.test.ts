import { expect, test } from "vitest";
import type { Checkpoint } from "../contract/run";
import { bestCheckpoint, recommendedCheckpoint } from "./best-checkpoint";

const at = (step: number, evalLoss: number | null): Checkpoint => ({
  name: `checkpoint-${step}`,
  step,
  bytes: 1,
  createdAt: 0,
  reason: "cadence",
  loss: null,
  evalLoss,
});

test("the best checkpoint has the least validation loss", () => {
  expect(bestCheckpoint({ checkpoints: [at(10, 1.2), at(20, 1.0), at(30, 1.1)] })).toBe("checkpoint-20");
});

test("without validation none is best, and the newest is recommended", () => {
  const run = { checkpoints: [at(10, null), at(20, null)] };
  expect(bestCheckpoint(run)).toBeNull();
  expect(recommendedCheckpoint(run)).toBe("checkpoint-20");
  expect(recommendedCheckpoint({ checkpoints: [] })).toBeNull();
});
