import { expect, test } from "vitest";
import { DatasetId, RunId } from "@/lib/contract/ids";
import { Run } from "@/lib/contract/run";
import { oneSet } from "@/lib/domain/train-data";
import { emptyDraft, exportableRuns, toExportSpec } from "./export-draft";

const makeRun = (method: "lora" | "full", checkpoints: number[]): Run =>
  Run.parse({
    id: "run_0123456789ab",
    name: "support",
    spec: {
      kind: "train",
      stage: "sft",
      name: "support",
      modelId: "mod_0123456789ab",
      data: oneSet(DatasetId.parse("ds_0123456789ab"), 0.1),
      method,
      lora: method === "lora" ? { rank: 8, alpha: 16, dropout: 0, targets: ["q_proj"] } : null,
      training: {
        learningRate: 2e-4,
        epochs: 1,
        maxSteps: null,
        batchSize: 1,
        gradientAccumulation: 1,
        cutoffLength: 128,
        scheduler: "cosine",
        warmupRatio: 0,
        weightDecay: 0,
        maxGradNorm: 1,
        gradientCheckpointing: false,
        precision: "auto",
        logEverySteps: 1,
        saveEverySteps: 10,
        saveLimit: null,
        evalEverySteps: 10,
        seed: 1,
      },
    },
    labels: { model: "demo", data: "identity" },
    status: "succeeded",
    attempt: 1,
    createdAt: 0,
    startedAt: 0,
    endedAt: 0,
    stopRequest: null,
    queuePosition: null,
    seq: 1,
    lastEventAt: null,
    phase: null,
    plan: null,
    step: 20,
    epoch: 1,
    tokens: 0,
    seconds: 0,
    stepsPerSecond: null,
    last: {},
    nonFinite: {},
    bestEval: null,
    spark: { stride: 1, values: [], pending: [] },
    checkpoints: checkpoints.map((step) => ({
      name: `checkpoint-${step}`,
      step,
      bytes: 1,
      createdAt: 0,
      reason: "cadence",
      loss: null,
      evalLoss: step,
    })),
    artifact: null,
    progress: null,
    ready: false,
    rssBytes: null,
    warnings: [],
    failure: null,
    summary: null,
  });
const runId = RunId.parse("run_0123456789ab");

test("a chosen run gives its best checkpoint and a name that says both", () => {
  expect(toExportSpec({ ...emptyDraft, runId }, [makeRun("lora", [10, 20])])).toMatchObject({
    checkpoint: "checkpoint-10",
    name: "support-10",
    form: "merged",
  });
});

test("a full fine-tune has no adapter: it is exported whole", () => {
  expect(toExportSpec({ ...emptyDraft, runId, form: "adapter" }, [makeRun("full", [10])])?.form).toBe("merged");
});

test("an adapter keeps the type of its weights", () => {
  const spec = toExportSpec({ ...emptyDraft, runId, form: "adapter", dtype: "float16" }, [makeRun("lora", [10])]);
  expect(spec).toMatchObject({ dtype: "auto", name: "support-10-adapter" });
});

test("a checkpoint that is gone gives way to one that is there", () => {
  expect(toExportSpec({ ...emptyDraft, runId, checkpoint: "checkpoint-5" }, [makeRun("lora", [10])])?.checkpoint).toBe("checkpoint-10");
});

test("a run without checkpoints can't be exported", () => {
  expect(exportableRuns([makeRun("lora", [])])).toEqual([]);
  expect(toExportSpec({ ...emptyDraft, runId }, [makeRun("lora", [])])).toBeNull();
  expect(toExportSpec(emptyDraft, [makeRun("lora", [10])])).toBeNull();
});
