import { describe, expect, test } from "vitest";
import fixtures from "./fixtures/mixtures.json" with { type: "json" };
import { type Mixture, mixCounts } from "./mix";
import { mixProblems } from "./mix-problems";

const set = (weight = 1, maxRows: number | null = null) => ({ weight, maxRows });
const held = (fraction: number, stratified = true) => ({ type: "fraction", fraction, stratified }) as const;
const none = { type: "none" } as const;
const count = (mixture: Mixture, sets: number[], { seed = 42, validation = [] }: { seed?: number; validation?: number[] } = {}) =>
  mixCounts(mixture, { sets, validation }, seed);
const trained = (mixture: Mixture, sets: number[]) => count(mixture, sets).sets.map(({ train }) => train);

describe("rows of a mixture", () => {
  // trainer/tests/test_mix.py counts the same file.
  test.each(fixtures)("of $name are those that the trainer counts", ({ mixture, rows, validation, seed, counts }) => {
    expect(mixCounts(asMixture(mixture), { sets: rows, validation }, seed)).toEqual(counts);
  });

  test("put behind each other are all rows, each once", () => {
    const counts = count({ sets: [set(5), set(0.1)], mix: "concatenate", validation: none }, [100, 30]);
    expect(counts).toMatchObject({ trainRows: 130, evalRows: 0, repeatedRows: 0, unusedRows: 0 });
  });

  test("interleaved until the first is used up are in the ratio of the weights, and what is left over is counted", () => {
    const counts = count({ sets: [set(1), set(3)], mix: "interleave_first", validation: none }, [100, 90]);
    expect(counts.sets.map(({ train, unused }) => [train, unused])).toEqual([
      [30, 70],
      [90, 0],
    ]);
    expect(counts).toMatchObject({ trainRows: 120, repeatedRows: 0, unusedRows: 70 });
  });

  test("interleaved until all are used up are in the ratio of the weights, and what comes again is counted", () => {
    const counts = count({ sets: [set(1), set(3)], mix: "interleave_all", validation: none }, [100, 90]);
    expect(counts.sets.map(({ train, repeated }) => [train, repeated])).toEqual([
      [100, 0],
      [300, 210],
    ]);
    expect(counts).toMatchObject({ trainRows: 400, repeatedRows: 210, unusedRows: 0 });
  });

  test("depend on the ratio of the weights only", () => {
    for (const mix of ["interleave_first", "interleave_all"] as const) {
      const [small, large] = [0.3, 30].map((by) => trained({ sets: [set(by), set(2 * by)], mix, validation: none }, [1234, 777]));
      expect(small).toEqual(large);
    }
  });

  test("interleaved by draws, as `datasets.interleave_datasets` does it, are the same on the average", () => {
    const [weights, pools] = [
      [0.7, 0.2, 0.1],
      [700, 350, 90],
    ] as const;
    const planned = trained({ sets: weights.map((weight) => set(weight)), mix: "interleave_first", validation: none }, [...pools]);
    const total = planned.reduce((sum, rows) => sum + rows, 0);
    for (const [at, weight] of weights.entries()) expect((planned[at] ?? 0) / total).toBeCloseTo(weight, 2);
  });

  test("are capped before anything is held out, and held out before they are mixed", () => {
    const counts = count({ sets: [set(1, 50), set(1)], mix: "interleave_all", validation: held(0.1) }, [100, 150]);
    expect(counts.sets[0]).toEqual({ rows: 100, kept: 50, validation: 5, train: 135, repeated: 90, unused: 0 });
    expect(counts).toMatchObject({ trainRows: 270, evalRows: 20 });
  });
});

describe("rows held out for validation", () => {
  const splitOf = (fraction: number, rows: number) => count({ sets: [set()], mix: "concatenate", validation: held(fraction) }, [rows]);

  test("are the rounded-down share, but at least one; a single row stays", () => {
    expect([splitOf(0.05, 12_480), splitOf(0.05, 10), splitOf(0.5, 1)].map(({ evalRows, trainRows }) => [evalRows, trainRows])).toEqual([
      [624, 11_856],
      [1, 9],
      [0, 1],
    ]);
  });

  test("come from each set in proportion where they are stratified", () => {
    const validation = { type: "rows", rows: 10, stratified: true } as const;
    const { sets } = count({ sets: [set(), set(), set()], mix: "concatenate", validation }, [600, 250, 150]);
    expect(sets.map((one) => one.validation)).toEqual([6, 3, 1]);
  });

  test("come from all rows together where they are not: other seeds, other shares, the same sum", () => {
    const split = (seed: number) =>
      count({ sets: [set(), set()], mix: "concatenate", validation: held(0.2, false) }, [500, 500], { seed }).sets.map(
        (one) => one.validation,
      );
    const draws = [1, 2, 3, 4, 5].map(split);
    for (const draw of draws) expect((draw[0] ?? 0) + (draw[1] ?? 0)).toBe(200);
    expect(new Set(draws.map(String)).size).toBeGreaterThan(1);
    expect(split(3)).toEqual(split(3));
  });

  test("are those of other sets where sets are named, and then nothing is taken from the training", () => {
    const counts = count({ sets: [set(1, 10)], mix: "concatenate", validation: { type: "sets" } }, [100], { validation: [30, 12] });
    expect(counts).toMatchObject({ trainRows: 10, evalRows: 42, validationSets: [30, 12] });
  });

  test("never leave a set without a row to train, however many are asked for", () => {
    for (const stratified of [true, false]) {
      const counts = count({ sets: [set(), set()], mix: "concatenate", validation: { type: "rows", rows: 99, stratified } }, [3, 97]);
      expect(counts.sets.map(({ train }) => train)).toEqual([1, 1]);
    }
  });

  test("of thirty million rows are counted while a key is pressed", () => {
    const mixture: Mixture = { sets: [set(), set()], mix: "interleave_all", validation: held(0.5, false) };
    const begin = process.cpuUsage();
    expect(count(mixture, [30_000_000, 20_000_000]).evalRows).toBe(25_000_000);
    expect(process.cpuUsage(begin).user / 1000, "milliseconds of our own, whatever else the machine does").toBeLessThan(300);
  });
});

describe("what the counts make impossible", () => {
  const problems = (mixture: Mixture, sets: number[], validation: number[] = []) =>
    mixProblems(mixture, count(mixture, sets, { validation })).map(({ path, code }) => `${path} ${code}`);

  test("is told at its field", () => {
    const [concatenate, first, all] = ["concatenate", "interleave_first", "interleave_all"] as const;
    expect(problems({ sets: [set(), set()], mix: concatenate, validation: none }, [5, 0])).toEqual(["data.sets.1.datasetId noUsableRow"]);
    expect(problems({ sets: [set()], mix: concatenate, validation: held(0.5) }, [1])).toEqual(["data.validation.fraction oneUsableRow"]);
    const tooMany = { type: "rows", rows: 9, stratified: true } as const;
    expect(problems({ sets: [set(), set()], mix: concatenate, validation: tooMany }, [5, 5])).toEqual([
      "data.validation.rows tooManyHeldOut",
    ]);
    expect(problems({ sets: [set(1), set(0.001)], mix: first, validation: none }, [100, 100])).toEqual([
      "data.sets.1.weight noRowByWeight",
    ]);
    expect(problems({ sets: [set(1000), set(0.001)], mix: all, validation: none }, [10, 1000])).toEqual(["data.mix tooManyRepeats"]);
    expect(problems({ sets: [set()], mix: concatenate, validation: { type: "sets" } }, [5], [0])).toEqual([
      "data.validation.datasetIds.0 noUsableRow",
    ]);
    expect(problems({ sets: [set(1, 1), set(2)], mix: all, validation: { ...tooMany, rows: 4 } }, [5, 5])).toEqual([]);
  });
});

// JSON knows texts, not the words of a union; the trainer reads the same file with its own schema.
const asMixture = (mixture: unknown): Mixture => mixture as Mixture;
