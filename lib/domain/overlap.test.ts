import { expect, test } from "vitest";
import type { OverlapReport } from "../contract/overlap";
import { leakedRows, leaksOfSplit, repeatedRows } from "./overlap";

const report: OverlapReport = {
  trainingSets: 1,
  sets: [{ rows: 100, comparedRows: 100, leakingRows: 0 }],
  counts: {
    conversation_same: 1,
    conversation_normalised: 2,
    prompt_same: 0,
    prompt_normalised: 0,
    conversation_near: 4,
    prompt_near: 0,
    contradiction: 50,
  },
  contradictingRows: 100,
  repeats: [
    { size: 2, groups: 10 },
    { size: 3, groups: 1 },
  ],
  notes: [],
};

test("contradictions are no leak", () => expect(leakedRows(report)).toBe(7));

test("of a group all but the first repeat", () => expect(repeatedRows(report)).toBe(12));

test("what a random split leaks is what drawing it again and again leaks on average", () => {
  // Pairs: held out alone, 2 · ½ · ½ each; of three, all drawings in which one side has 1 or 2 of them: (3·1 + 3·2) of 8.
  expect(leaksOfSplit(report, 0.5)).toBeCloseTo(10 * 0.5 + 9 / 8);
  expect(leaksOfSplit(report, 0)).toBe(0);
});
