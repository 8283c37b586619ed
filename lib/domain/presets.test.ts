import { describe, expect, it } from "vitest";
import { DatasetId } from "../contract/ids";
import { ChatSpec, TrainSpec } from "../contract/job-spec";
import type { ModelFacts } from "../contract/model";
import { attentionOnly, fitIntervals, nextName, presetIds, presets, specFromRun, suggestSettings } from "./presets";
import { oneSet } from "./train-data";

const named = (name: string, head = false) => ({ name, count: 2, parameters: 10, inPlusOut: 10, head });
const facts: ModelFacts = {
  architecture: "X",
  modelType: "x",
  parameters: 100,
  bytes: 400,
  dtype: "float32",
  layers: 2,
  hiddenSize: 8,
  vocabSize: 16,
  contextLength: 512,
  tiedEmbeddings: true,
  chatTemplate: true,
  remoteCode: false,
  shards: 1,
  modules: [named("q_proj"), named("o_proj"), named("up_proj"), named("lm_head", true)],
  fingerprint: "f",
};
const suggest = (change: Partial<Parameters<typeof suggestSettings>[0]> = {}) =>
  suggestSettings({ preset: "balanced", stage: "sft", method: "lora", facts, usableRows: 10_000, proven: null, ...change });
const specOf = ({ method, evalFraction, lora, training }: ReturnType<typeof suggestSettings>): TrainSpec =>
  TrainSpec.parse({
    kind: "train",
    stage: "sft",
    name: "first",
    modelId: "mod_000000000000",
    data: oneSet(DatasetId.parse("ds_000000000000"), evalFraction),
    method,
    lora: method === "lora" ? lora : null,
    training,
  });

describe("starting settings", () => {
  it.each(presetIds)("of preset %s pass the server's own schema", (preset) => {
    expect(() => specOf(suggest({ preset, method: presets[preset].method }))).not.toThrow();
  });

  it("aim LoRA at the model's own linear layers, without the head", () => {
    expect(suggest().lora.targets).toEqual(["q_proj", "o_proj", "up_proj"]);
    expect(attentionOnly(facts)).toEqual(["q_proj", "o_proj"]);
  });

  it("cut rows at the model's context length at the latest", () => {
    expect(suggest().training.cutoffLength).toBe(512);
    expect(suggest({ facts: { ...facts, contextLength: 32_768 } }).training.cutoffLength).toBe(1024);
  });

  it("step after every batch when data are few, and hold nothing out when they are very few", () => {
    expect(suggest({ usableRows: 90 }).training.gradientAccumulation).toBe(1);
    expect(suggest({ usableRows: 5000 }).training.gradientAccumulation).toBe(4);
    expect(suggest({ usableRows: 12 }).evalFraction).toBe(0);
  });

  it("take what is proven on the model, but a chosen preset wins", () => {
    const base = specOf(suggest());
    const proven = { ...base, training: { ...base.training, learningRate: 2e-3, epochs: 6 } };
    expect(suggest({ proven }).training).toMatchObject({ learningRate: 2e-3, epochs: 6 });
    expect(suggest({ proven, method: "full" }).training.learningRate).toBeCloseTo(2e-4, 12);
    expect(suggest({ proven, preset: "matched" }).training.learningRate).toBeCloseTo(2e-4, 12);
  });

  it("never share a list between two forms", () => {
    suggest({ facts: null }).lora.targets.push("mine");
    expect(suggest({ facts: null }).lora.targets).not.toContain("mine");
  });
});

describe("intervals", () => {
  it("give a short run about four checkpoints, and leave a long one at the defaults", () => {
    expect(fitIntervals(30)).toEqual({ saveEverySteps: 8, evalEverySteps: 3 });
    expect(fitIntervals(1)).toEqual({ saveEverySteps: 1, evalEverySteps: 1 });
    expect(fitIntervals(5000)).toEqual({ saveEverySteps: 100, evalEverySteps: 50 });
  });
});

describe("run again", () => {
  it("starts from the run's own spec under the next name", () => {
    const spec = specOf(suggest());
    expect(specFromRun({ spec })).toEqual({ ...spec, name: "first (2)" });
    expect(nextName("first (2)")).toBe("first (3)");
    expect([...nextName("x".repeat(80))].length).toBe(80);
  });

  it("has nothing to offer for a run that trains nothing", () => {
    const spec = ChatSpec.parse({ kind: "chat", name: "c", target: { type: "export", runId: "run_000000000000" }, idleSeconds: 60 });
    expect(specFromRun({ spec })).toBeNull();
  });
});
