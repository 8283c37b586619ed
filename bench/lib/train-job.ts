import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SPEC_VERSION, WorkerSpec } from "../../lib/contract/worker-spec";
import { defaultsFor } from "../../lib/domain/presets";

/** The form's settings for the model and rows in a folder, with what both sides of train-throughput share. */
export function trainJob(folder: string, change: { maxSteps: number | null; order: "random" | "length" }): WorkerSpec {
  const { lora, training } = defaultsFor("sft", "lora");
  const rowsPath = join(folder, "rows.jsonl");
  const rows = readFileSync(rowsPath);
  return WorkerSpec.parse({
    specVersion: SPEC_VERSION,
    runId: "run_0000000000bb",
    attempt: 1,
    token: "bench-train-throughput",
    device: "cpu",
    kind: "train",
    job: {
      kind: "train",
      stage: "sft",
      name: "bench",
      modelId: "mod_0000000000bb",
      data: {
        sets: [{ datasetId: "ds_0000000000bb", weight: 1, maxRows: null }],
        mix: "concatenate",
        validation: { type: "none" },
      },
      method: "lora",
      lora: { ...lora, rank: 8, alpha: 16, targets: ["q_proj", "v_proj"] },
      training: {
        ...training,
        ...change,
        learningRate: 1e-3,
        scheduler: "constant",
        epochs: 1,
        batchSize: 4,
        gradientAccumulation: 1,
        cutoffLength: 256,
        saveEverySteps: null,
        evalEverySteps: null,
      },
    },
    inputs: {
      model: { label: "bench", path: join(folder, "model"), repo: null, revision: null, adapterPath: null, trustRemoteCode: false },
      datasets: [{ label: "rows", rowsPath, usableRows: rows.toString().trim().split("\n").length, sha256: sha256(rows) }],
      validation: [],
      resumeFrom: null,
    },
  });
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
