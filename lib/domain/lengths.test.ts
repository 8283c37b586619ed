import { expect, test } from "vitest";
import { binLengths, nearestCutoff, suggestCutoff } from "./lengths";

const buckets = { length: [1, 2, 3, 10, 100, 1000], rows: [5, 1, 1, 7, 2, 4], trained: [0, 0, 0, 0, 0, 0] };
const at = (cutoff: number, truncatedRows: number) => ({
  cutoff,
  truncatedRows,
  lostEndRows: truncatedRows,
  untrainedRows: 0,
  tokens: 1,
  trainedTokens: 1,
  paddingShare: 0,
  groupedPaddingShare: 0,
  packing: { bestFit: 1, wrapped: 1 },
});

test("every row stands in exactly one bin, whatever their number", () => {
  for (const count of [1, 3, 12, 60, 400]) {
    const bins = binLengths({ buckets }, count);
    expect(bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(20);
    expect(bins[0]?.from).toBe(1);
    expect(bins.at(-1)?.to).toBe(1001);
    for (const [index, bin] of bins.entries()) expect(bin.from).toBe(bins[index - 1]?.to ?? 1);
  }
});

test("a bin holds the lengths between its edges", () => {
  const bins = binLengths({ buckets }, 3);
  expect(bins.map(({ rows }) => rows)).toEqual([7, 7, 6]);
});

test("no rows, no bins; rows of one length, one bin", () => {
  expect(binLengths({ buckets: { length: [], rows: [], trained: [] } }, 10)).toEqual([]);
  expect(binLengths({ buckets: { length: [42], rows: [3], trained: [9] } }, 10)).toEqual([{ from: 42, to: 43, rows: 3 }]);
});

test("the nearest counted cutoff is nearest by ratio", () => {
  const cutoffs = [at(128, 50), at(256, 20), at(1024, 0)];
  expect(nearestCutoff(cutoffs, 180)?.cutoff).toBe(128);
  expect(nearestCutoff(cutoffs, 182)?.cutoff).toBe(256);
  expect(nearestCutoff(cutoffs, 1e9)?.cutoff).toBe(1024);
  expect(nearestCutoff([], 5)).toBeNull();
});

test("the suggested cutoff cuts at most one row in a hundred, if one does", () => {
  expect(suggestCutoff({ rows: 1000, cutoffs: [at(1024, 0), at(256, 10), at(128, 50)] })).toBe(256);
  expect(suggestCutoff({ rows: 100, cutoffs: [at(128, 50), at(256, 20)] })).toBe(256);
});
