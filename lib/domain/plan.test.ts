import { describe, expect, it } from "vitest";
import type { LoraSettings, TrainSpec } from "../contract/job-spec";
import type { ModelFacts } from "../contract/model";
import { type Planned, planTraining } from "./plan";
import { defaultsFor } from "./presets";
import { countWarmupSteps } from "./schedule";

const specWith = (training: Partial<TrainSpec["training"]>, rest: Partial<Planned> = {}): Planned => {
  const { lora, training: defaults } = defaultsFor("sft", "lora");
  return { lora, freeze: null, ...rest, training: { ...defaults, ...training } };
};

const rowsOf = (trainRows: number) => ({ trainRows, evalRows: 0 });

describe("steps of a run", () => {
  // [rows, batch on all devices, accumulation, epochs, steps per epoch, steps]; counted by transformers 5.18 itself.
  it.each([
    [3630, 32, 4, 10, 29, 290],
    [3630, 4, 4, 10, 227, 2270],
    [3630, 8, 4, 10, 114, 1140],
    [3630, 16, 4, 10, 57, 570],
    [91, 20, 4, 10, 2, 20],
    [1000, 3, 8, 1, 42, 42],
    [10, 32, 4, 1, 1, 1],
  ])("%i rows, batch %i, accumulation %i, %i epochs", (rows, batchSize, gradientAccumulation, epochs, perEpoch, total) => {
    const plan = planTraining(specWith({ batchSize, gradientAccumulation, epochs, maxSteps: null }), rowsOf(rows), null);
    expect(plan.stepsPerEpoch).toBe(perEpoch);
    expect(plan.totalSteps).toBe(total);
    expect(plan.effectiveBatch).toBe(batchSize * gradientAccumulation);
  });

  it("are as many as one process has with the batches of all", () => {
    const one = planTraining(specWith({ batchSize: 8, gradientAccumulation: 2 }), rowsOf(91), null);
    const four = planTraining(specWith({ batchSize: 2, gradientAccumulation: 2, processes: 4 }), rowsOf(91), null);
    expect(four).toEqual(one);
    expect(four).toMatchObject({ effectiveBatch: 16, stepsPerEpoch: 6 });
  });

  it("are rounded up where the epochs are not whole", () => {
    expect(planTraining(specWith({ batchSize: 4, gradientAccumulation: 1, epochs: 1.5 }), rowsOf(10), null).totalSteps).toBe(5);
  });

  it("follow a set number of steps, and the epochs follow from it", () => {
    const plan = planTraining(specWith({ batchSize: 5, gradientAccumulation: 1, maxSteps: 30 }), rowsOf(100), null);
    expect(plan.totalSteps).toBe(30);
    expect(plan.epochs).toBe(1.5);
  });
});

describe("checkpoints", () => {
  it.each([
    [100, 25, null, 4],
    [100, 30, null, 4],
    [100, null, null, 1],
    [10, 100, null, 1],
    [1000, 100, 5, 5],
  ])("of %i steps, saved every %s, at most %s kept", (maxSteps, saveEverySteps, saveLimit, kept) => {
    expect(planTraining(specWith({ maxSteps, saveEverySteps, saveLimit }), rowsOf(100), null).checkpoints).toBe(kept);
  });
});

describe("warm-up", () => {
  it("is the share of all steps, rounded up, and none for a constant rate", () => {
    expect(countWarmupSteps({ scheduler: "cosine", warmupRatio: 0.1, warmupSteps: null }, 20)).toBe(2);
    expect(countWarmupSteps({ scheduler: "linear", warmupRatio: 0.03, warmupSteps: null }, 37)).toBe(2);
    expect(countWarmupSteps({ scheduler: "constant", warmupRatio: 0.1, warmupSteps: null }, 20)).toBe(0);
    expect(countWarmupSteps({ scheduler: "linear", warmupRatio: 0.03, warmupSteps: 9 }, 37)).toBe(9);
  });
});

describe("trainable parameters", () => {
  it("of LoRA rank 8 on all linear layers of Qwen2.5-7B are the 20,185,088 that peft counts", () => {
    expect(planTraining(withRank(8), rowsOf(100), qwen25).trainableParameters).toBe(20_185_088);
    expect(planTraining(withRank(64), rowsOf(100), qwen25).trainableParameters).toBe(161_480_704);
  });

  it("count only the chosen modules", () => {
    expect(planTraining(withRank(8, ["q_proj", "v_proj"]), rowsOf(100), qwen25).trainableParameters).toBe(2_523_136);
  });

  it("of full fine-tuning are all of them", () => {
    expect(planTraining(specWith({}, { lora: null }), rowsOf(100), qwen25).trainableParameters).toBe(7_615_616_512);
  });

  it("are unknown while the model's files are not on this machine", () => {
    expect(planTraining(withRank(8), rowsOf(100), null).trainableParameters).toBeNull();
  });
});

function withRank(rank: number, targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]): Planned {
  const lora: LoraSettings = { ...defaultsFor("sft", "lora").lora, rank, alpha: 16, targets };
  return specWith({}, { lora });
}

const layers = 28;
const group = (name: string, inputs: number, outputs: number) => ({
  name,
  count: layers,
  parameters: layers * inputs * outputs,
  inPlusOut: layers * (inputs + outputs),
  head: false,
});

const qwen25: ModelFacts = {
  architecture: "Qwen2ForCausalLM",
  modelType: "qwen2",
  parameters: 7_615_616_512,
  bytes: 15_231_233_024,
  dtype: "bfloat16",
  layers,
  hiddenSize: 3584,
  vocabSize: 152_064,
  contextLength: 32_768,
  tiedEmbeddings: false,
  chatTemplate: true,
  remoteCode: false,
  shards: 4,
  modules: [
    group("q_proj", 3584, 3584),
    group("k_proj", 3584, 512),
    group("v_proj", 3584, 512),
    group("o_proj", 3584, 3584),
    group("gate_proj", 3584, 18_944),
    group("up_proj", 3584, 18_944),
    group("down_proj", 18_944, 3584),
  ],
  fingerprint: "0".repeat(64),
};

describe("size of a checkpoint", () => {
  // Counted on the disk after 300 steps of the demo model, each logged: 2,608,036 bytes.
  it("counts tokenizer, optimizer bookkeeping and the trainer's own log", () => {
    const group = (name: string, inPlusOut: number) => ({ name, count: 4, parameters: 0, inPlusOut: inPlusOut * 4, head: false });
    const demo: ModelFacts = {
      ...qwen25,
      tokenizerBytes: 122_595,
      modules: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"].map((name) => group(name, 195_584 / 16 / 28)),
    };
    const targets = demo.modules.map(({ name }) => name);
    const plan = planTraining(
      specWith({ maxSteps: 300, logEverySteps: 1 }, { lora: { ...defaultsFor("sft", "lora").lora, rank: 16, alpha: 32, targets } }),
      rowsOf(184),
      demo,
    );
    expect(plan.trainableParameters).toBeCloseTo(195_584, 3);
    expect(Math.abs((plan.checkpointBytes ?? 0) / 2_608_036 - 1)).toBeLessThan(0.01);
  });
});
