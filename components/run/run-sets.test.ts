import { expect, test } from "vitest";
import { Dataset } from "@/lib/contract/dataset";
import { DatasetId } from "@/lib/contract/ids";
import { TrainSpec } from "@/lib/contract/job-spec";
import { defaultsFor } from "@/lib/domain/presets";
import { runSets, sumRows } from "./run-sets";

const [ASK, PIP, TEST] = ["ds_000000000001", "ds_000000000002", "ds_000000000003"].map((id) => DatasetId.parse(id));
const makeSet = (id: string, name: string, usableRows: number): Dataset =>
  Dataset.parse({
    ...{ id, name, source: "demo", fileName: name, familyId: id, version: 1, parentId: null, change: { type: "import" }, status: "ready" },
    ...{ files: [], guesses: [], mapping: null, taskId: null, createdAt: 0, usedByRuns: 0 },
    report: {
      ...{ format: "alpaca", formatReason: "", fileType: "json", rows: usableRows, usableRows, bytes: 1, sha256: "a".repeat(64) },
      ...{ columns: [], problemCounts: {}, problems: [], characters: { median: 1, p95: 1, max: 1 }, turns: { mean: 1, max: 1 } },
      ...{ reasons: [], systemRows: 0, toolRows: 0 },
    },
  });
const datasets = [makeSet("ds_000000000001", "ask", 100), makeSet("ds_000000000002", "pip", 40), makeSet("ds_000000000003", "test", 7)];
const { lora, training } = defaultsFor("sft", "lora");
const spec = TrainSpec.parse({
  ...{ kind: "train", stage: "sft", name: "mixed", modelId: "mod_000000000000", method: "lora", lora, training },
  data: {
    sets: [
      { datasetId: ASK, weight: 1, maxRows: null },
      { datasetId: PIP, weight: 1, maxRows: 20 },
    ],
    mix: "interleave_all",
    validation: { type: "sets", datasetIds: [TEST] },
  },
});
const labels = { model: "tiny", data: "ask", otherData: ["pip"] };

test("before the worker has counted, the rows are those that the plan of the form has told", () => {
  const sets = runSets({ labels, plan: null }, spec, datasets);
  expect(sets.map(({ name, weight, figures }) => [name, weight, figures?.train, figures?.validation])).toEqual([
    ["ask", 1, 100, 0],
    ["pip", 1, 100, 0],
    ["test", null, 0, 7],
  ]);
  expect(sumRows(null, sets)).toEqual({ train: 200, validation: 7 });
});

test("what the worker counted stays, also of a set that was deleted since", () => {
  const counted = ["ask", "pip", "test"].map((name) => ({
    name,
    rows: 9,
    kept: 9,
    train: 8,
    repeated: 0,
    validation: 0,
    unused: 0,
    dropped: 1,
  }));
  const plan = { sets: counted, trainRows: 24, evalRows: 0 } as NonNullable<Parameters<typeof runSets>[0]["plan"]>;
  const sets = runSets({ labels, plan }, spec, []);
  expect(sets.map(({ name, dataset, figures }) => [name, dataset, figures?.train])).toEqual([
    ["ask", null, 8],
    ["pip", null, 8],
    ["test", null, 8],
  ]);
  expect(sumRows(plan, sets)).toEqual({ train: 24, validation: 0 });
});

test("no number is made up for a set that is gone without having been counted", () => {
  const sets = runSets({ labels, plan: null }, spec, datasets.slice(1));
  expect(sets.map(({ name, figures }) => [name, figures])).toEqual([
    ["ask", null],
    ["pip", null],
    ["test", null],
  ]);
  expect(sumRows(null, sets)).toBeNull();
});
