import { describe, expect, it } from "vitest";
import { DatasetId } from "../contract/ids";
import { TrainSpec } from "../contract/job-spec";
import { type CommandInputs, toLlamaFactory, toPython, toYaml } from "./commands";
import { defaultsFor, type Method } from "./presets";
import { oneSet } from "./train-data";

const makeSpec = (method: Method, training: Partial<TrainSpec["training"]> = {}, name = "pip's run"): TrainSpec => {
  const defaults = defaultsFor(method);
  return TrainSpec.parse({
    kind: "train",
    stage: "sft",
    name,
    modelId: "mod_000000000000",
    data: oneSet(DatasetId.parse("ds_000000000000"), 0.05),
    method,
    lora: method === "lora" ? defaults.lora : null,
    training: { ...defaults.training, ...training },
  });
};
const inputs: CommandInputs = {
  model: { reference: "/models/it's here", revision: null, trustRemoteCode: false },
  rowsPath: "/home/me/rows.jsonl",
  datasetName: "pip and friends",
  plan: { evalRows: 4, warmupSteps: 7 },
};

describe("the LLaMA-Factory command", () => {
  it("carries the values of the spec under LLaMA-Factory's names", () => {
    const { command } = toLlamaFactory(makeSpec("lora", { learningRate: 2e-7, maxSteps: 30 }), inputs);
    for (const part of ["--learning_rate 2e-7", "--max_steps 30", "--lora_rank 16", "--warmup_steps 7", "--val_size 0.05", "--seed 42"])
      expect(command).toContain(part);
  });

  it("keeps a quote in a path from ending the argument", () => {
    expect(toLlamaFactory(makeSpec("lora"), inputs).command).toContain(`--model_name_or_path '/models/it'\\''s here'`);
  });

  it("names the data set as its registry does", () => {
    const { command, datasetInfo } = toLlamaFactory(makeSpec("full"), inputs);
    const [key] = Object.keys(JSON.parse(datasetInfo));
    expect(command).toContain(`--dataset ${key} `);
    expect(command).not.toContain("lora_");
  });
});

describe("the Python script", () => {
  it("gives every trl argument once, in Python's words", () => {
    const script = toPython(makeSpec("lora", { gradientCheckpointing: false, saveEverySteps: null }), inputs);
    expect(script).toContain("gradient_checkpointing=False,");
    expect(script).toContain('save_strategy="no",');
    const names = [...script.matchAll(/^ {4}(\w+)=/gm)].map((match) => match[1]);
    expect(new Set(names).size).toBe(names.length);
    expect(script).not.toMatch(/\b(null|true|false)\b/);
  });

  it("leaves peft out of full fine-tuning, and evaluates at the end where no interval is set", () => {
    const script = toPython(makeSpec("full", { evalEverySteps: null }), inputs);
    expect(script).not.toContain("peft");
    expect(script).toContain("print(trainer.evaluate())");
  });
});

describe("YAML", () => {
  it("writes small numbers so that YAML 1.1 takes them for numbers", () => {
    const yaml = toYaml(makeSpec("lora", { learningRate: 2e-7 }));
    expect(yaml).toContain("learningRate: 2.0e-7");
    expect(yaml).toContain(`name: "pip's run"`);
    expect(yaml).toContain("  maxSteps: null");
  });
});
