import { describe, expect, it } from "vitest";
import { TrainSpec } from "../../contract/job-spec";
import { parameterParts } from "../../contract/parameters/tables";
import { toYaml } from "../commands";
import { defaultsFor } from "../presets";
import { importText } from "./import-text";
import { alpaca, identity, qwen, world } from "./test-world";
import type { Import } from "./types";

const read = (text: string, withDefaults = false): Import => {
  const outcome = importText(text, world, withDefaults);
  if (outcome.form === null) throw new Error(`not recognised: ${JSON.stringify(outcome)}`);
  return outcome;
};
const codeOf = (name: string, { lines }: Import) => {
  const verdict = lines.find((line) => line.name === name)?.verdict;
  return verdict && ("reason" in verdict ? verdict.reason.code : verdict.kind);
};

describe("an Axolotl YAML", () => {
  const text = `
base_model: Qwen/Qwen2.5-7B-Instruct
datasets:
  - path: data/identity.json
    type: alpaca
  - path: gone/away
val_set_size: 0.1
adapter: lora
lora_model_dir:
sequence_len: 2048
lora_r: 16
lora_alpha: 32
lora_target_linear: true
gradient_accumulation_steps: 2
micro_batch_size: 2
num_epochs: 1
optimizer: adamw_torch
lr_scheduler: cosine
learning_rate: 0.0002
bf16: auto
gradient_checkpointing: true
flash_attention: true
warmup_ratio: 0.1
weight_decay: 0.0
wandb_project: mine
special_tokens:
  pad_token: "<|end_of_text|>"
learning_rat: 1
`;
  it("fills the form under its own names", () => {
    expect(read(text, true).values).toMatchObject({
      ...{ modelId: qwen.id, method: "lora", "lora.rank": 16, "lora.alpha": 32, "lora.targets": ["q_proj", "v_proj"] },
      "data.sets": [{ datasetId: identity.id, weight: 1, maxRows: null }],
      ...{ "data.validation.type": "fraction", "data.validation.fraction": 0.1, "training.cutoffLength": 2048, "training.batchSize": 2 },
      ...{ "training.gradientAccumulation": 2, "training.epochs": 1, "training.optimizer": "adamw_torch", "training.scheduler": "cosine" },
      ...{
        "training.learningRate": 2e-4,
        "training.precision": "auto",
        "training.gradientCheckpointing": true,
        "training.warmupRatio": 0.1,
      },
      "training.attention": "flash_attention_2",
    });
  });

  it("says what is left out", () => {
    const found = read(text);
    expect(["lora_model_dir", "wandb_project", "special_tokens", "learning_rat"].map((name) => codeOf(name, found))).toEqual([
      ...["off", "tracker", "vocabulary", "unknown"],
    ]);
    expect(found.lines.flatMap(({ verdict }) => (verdict.kind === "absent" ? [verdict.reference] : []))).toEqual(["gone/away"]);
    for (const name of text.matchAll(/^(\w+):/gm)) expect(found.lines.map((line) => line.name)).toContain(name[1]);
  });
});

it("a DeepSpeed file changes what it sets, leaves to the form what is auto, and names the scheduler that it puts in the form's place", () => {
  const found = read(
    JSON.stringify({
      fp16: { enabled: "auto", loss_scale: 0 },
      bf16: { enabled: true },
      optimizer: { type: "AdamW", params: { lr: "auto", betas: "auto", weight_decay: 0.1 } },
      scheduler: { type: "WarmupLR", params: { warmup_min_lr: "auto", warmup_num_steps: 9 } },
      zero_optimization: { stage: 3, offload_optimizer: { device: "none", pin_memory: true }, overlap_comm: true },
      ...{
        gradient_accumulation_steps: 4,
        gradient_clipping: "auto",
        train_micro_batch_size_per_gpu: 2,
        wall_clock_breakdown: false,
        zoro: 1,
      },
    }),
  );
  expect(found.values).toEqual({
    ...{ "training.precision": "bfloat16", "training.weightDecay": 0.1, "training.scheduler": "constant_with_warmup" },
    ...{ "training.gradientAccumulation": 4, "training.batchSize": 2 },
  });
  expect(found.lines.find(({ name }) => name === "scheduler.type")?.verdict).toMatchObject({ kind: "taken", note: { code: "overrides" } });
  const codes = Object.fromEntries(found.lines.map(({ name }) => [name, codeOf(name, found)]));
  expect(codes).toMatchObject({
    ...{
      "fp16.enabled": "fromForm",
      "fp16.loss_scale": "follows",
      "optimizer.type": "always",
      "scheduler.params.warmup_num_steps": "conflict",
    },
    ...{
      "zero_optimization.stage": "processes",
      "zero_optimization.offload_optimizer.device": "off",
      zoro: "unknown",
      wall_clock_breakdown: "printing",
    },
  });
});

describe("our own YAML and JSON", () => {
  const spec = TrainSpec.parse({
    ...{ kind: "train", stage: "sft", name: "pip's run", modelId: qwen.id, method: "lora" },
    data: {
      sets: [
        { datasetId: identity.id, weight: 1, maxRows: 7 },
        { datasetId: alpaca.id, weight: 2.5, maxRows: null },
      ],
      mix: "interleave_all",
      validation: { type: "rows", rows: 3, stratified: true },
    },
    lora: { ...defaultsFor("sft", "lora").lora, rank: 5 },
    training: { ...defaultsFor("sft", "lora").training, learningRate: 3e-7, maxSteps: 12, saveEverySteps: null },
  });
  const flat = {
    ...{ name: spec.name, modelId: spec.modelId, stage: spec.stage, method: spec.method, startFrom: null },
    ...{ "data.sets": spec.data.sets, "data.mix": spec.data.mix },
    ...Object.fromEntries(Object.entries(spec.data.validation).map(([name, value]) => [`data.validation.${name}`, value])),
    ...Object.fromEntries(
      parameterParts.flatMap((part) => Object.entries(spec[part] ?? {}).map(([name, value]) => [`${part}.${name}`, value])),
    ),
  };

  it.each([
    ["YAML", toYaml(spec)],
    ["JSON", JSON.stringify(spec)],
    ["a request", JSON.stringify({ spec, requestId: "x" })],
  ])("come back exactly: %s", (_, text) => {
    const found = read(text);
    expect(found.values).toEqual(flat);
    expect(found.lines.filter(({ verdict }) => verdict.kind !== "taken" && verdict.kind !== "idle")).toEqual([]);
  });

  it("name what is not on this machine, and settings of another release", () => {
    const text = JSON.stringify({ ...spec, modelId: "mod_zzzzzzzzzzzz", training: { ...spec.training, sede: 1 }, later: {} });
    expect(read(text).lines.filter(({ verdict }) => verdict.kind !== "taken" && verdict.kind !== "idle")).toMatchObject([
      ...[{ name: "modelId", verdict: { kind: "absent", what: "model" } }],
      ...[
        { name: "training.sede", verdict: { kind: "unknown", nearest: "seed" } },
        { name: "later", verdict: { kind: "unknown" } },
      ],
    ]);
  });

  it("read what a run came down to", () => {
    const resolved = {
      arguments: { learning_rate: 3e-5, warmup_steps: 0, bf16: true, deepspeed: null, made_up: 1 },
      lora: spec.lora,
      plan: {},
      versions: {},
    };
    expect(read(JSON.stringify(resolved)).values).toMatchObject({
      "training.learningRate": 3e-5,
      "training.precision": "bfloat16",
      "lora.rank": 5,
      method: "lora",
    });
  });
});
