import { describe, expect, it } from "vitest";
import { defaultsOf } from "../contract/parameters/parameter";
import { parameterTables } from "../contract/parameters/tables";
import type { EnvironmentReport } from "../contract/system";
import { TrainingSettings } from "../contract/train-spec";
import { needOf, packageOf } from "./machine-rules";
import { judgedSaves, trainingProblems } from "./training-problems";

const settings = (changes: object) => TrainingSettings.parse({ ...defaultsOf(parameterTables.training, "lora"), ...changes });
const machine = (changes: Partial<EnvironmentReport> = {}): EnvironmentReport => ({
  python: "3.11",
  executable: "python",
  cuda: null,
  bf16: false,
  devices: [],
  packages: [],
  extras: ["bitsandbytes", "flash-attn", "liger-kernel", "schedulefree"].map((name) => ({
    name,
    version: null,
    enables: { en: "", zh: "" },
  })),
  ...changes,
});
const gpu = { devices: [{ name: "GPU", memoryBytes: 1 }], bf16: true };
const counts = { trainRows: 90, evalRows: 10 };
const plan = { totalSteps: 100, warmupSteps: 10 };
const problems = (changes: object, known: Partial<Parameters<typeof trainingProblems>[1]> = {}) =>
  trainingProblems(settings(changes), { counts, plan, environment: null, ...known }).map(({ path, code }) => `${path} ${code}`);

describe("settings that contradict each other, the rows or the machine", () => {
  it("finds nothing in the defaults, on any machine", () => {
    for (const environment of [null, machine(), machine(gpu)]) expect(problems({}, { environment })).toEqual([]);
  });

  it("asks for evaluations where the scheduler, the early end or the best rest on them", () => {
    expect(problems({ scheduler: "greedy" }, { counts: { trainRows: 9, evalRows: 0 } })).toEqual(["training.scheduler needsEvaluation"]);
    expect(problems({ scheduler: "reduce_lr_on_plateau", evalEverySteps: null })).toEqual(["training.scheduler needsEvaluation"]);
    expect(problems({ scheduler: "greedy", evalEverySteps: null, evalBy: "epochs" })).toEqual([]);
    expect(problems({ stopPatience: 2, evalEverySteps: null })).toEqual(["training.stopPatience needsEvaluation"]);
    expect(problems({ keepBest: true, evalEverySteps: null })).toEqual(["training.keepBest needsEvaluation"]);
  });

  it("refuses saving every 250 with evaluating every 100 where each checkpoint is to be judged, and takes 200", () => {
    expect(problems({ keepBest: true, saveEverySteps: 250, evalEverySteps: 100 })).toEqual(["training.keepBest saveOffEvaluation"]);
    expect(problems({ keepBest: true, saveEverySteps: 200, evalEverySteps: 100 })).toEqual([]);
    expect(problems({ keepBest: true, saveBy: "epochs" })).toEqual(["training.keepBest saveOffEvaluation"]);
    expect(problems({ keepBest: true, saveBy: "epochs", evalBy: "epochs" })).toEqual([]);
    expect(problems({ saveEverySteps: 250, evalEverySteps: 100 })).toEqual([]);
  });

  it("lists the steps that are both saved and judged", () => {
    expect(judgedSaves(settings({ saveEverySteps: 250, evalEverySteps: 100 }), 1600)).toEqual([500, 1000, 1500]);
    expect(judgedSaves(settings({ saveEverySteps: 10, evalEverySteps: 5 }), 25)).toEqual([10, 20]);
  });

  it("compares rates and steps with each other and with the run", () => {
    expect(problems({ scheduler: "polynomial", learningRate: 1e-7 })).toEqual(["training.endRate notBelowRate"]);
    expect(problems({ scheduler: "greedy", maxRate: 1e-5 })).toEqual(["training.maxRate belowRate"]);
    expect(problems({ warmupSteps: 100 })).toEqual(["training.warmupSteps beyondSteps"]);
    expect(problems({ scheduler: "warmup_stable_decay", decaySteps: 91 })).toEqual(["training.decaySteps beyondSteps"]);
    expect(problems({ scheduler: "warmup_stable_decay", decaySteps: 90 })).toEqual([]);
    expect(problems({ optimizer: "sgd", nesterov: true, momentum: 0.9, dampening: 0.1 })).toEqual(["training.nesterov nesterov"]);
    expect(problems({ dropLastBatch: true, batchSize: 91 })).toEqual(["training.dropLastBatch noWholeBatch"]);
  });

  it("refuses on a CPU what has no effect there or ends the run, and names a missing package", () => {
    const environment = machine();
    expect(problems({ precision: "float16" }, { environment })).toEqual(["training.precision needsGpu"]);
    expect(problems({ attention: "flash_attention_2", ligerKernel: true, tf32: "on" }, { environment })).toEqual([
      "training.attention needsGpu",
      "training.ligerKernel needsGpu",
      "training.tf32 needsGpu",
    ]);
    expect(problems({ precision: "bfloat16" }, { environment })).toEqual([]);
    expect(needOf("optimizer", "schedule_free_sgd", environment)).toEqual({ code: "needsPackage", params: { package: "schedulefree" } });
    expect(needOf("attention", "flash_attention_2", machine(gpu))).toEqual({ code: "needsPackage", params: { package: "flash-attn" } });
    expect(needOf("precision", "bfloat16", machine({ ...gpu, bf16: false }))?.code).toBe("needsBf16");
    const [told] = trainingProblems(settings({ optimizer: "lion_8bit" }), { counts, plan, environment });
    expect(told?.message).toBe("lion_8bit needs the package bitsandbytes, which is not installed. Install it, or choose another.");
  });

  it("knows which optimizers need no package", () => {
    const free = parameterTables.training.optimizer.schema.unwrap().options.filter((name) => packageOf(name) === null);
    expect(free).toEqual(["adamw_torch_fused", "adamw_torch", "muon", "adafactor", "sgd", "rmsprop", "adagrad"]);
  });
});
