import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DatasetId } from "../contract/ids";
import { TrainSpec } from "../contract/job-spec";
import type { MixMode } from "../contract/mix-names";
import { type Method, type Stage, stages } from "../contract/stages";
import type { TrainData } from "../contract/train-data";
import { pythonData } from "./command-data";
import { type CommandInputs, toLlamaFactory, toPython, toYaml } from "./commands";
import { mixCounts } from "./mix";
import { defaultsFor } from "./presets";
import { oneSet } from "./train-data";

const root = join(import.meta.dirname, "..", "..");

const makeSpec = (method: Method, training: Partial<TrainSpec["training"]> = {}, name = "pip's run"): TrainSpec => {
  const defaults = defaultsFor("sft", method);
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
  sets: [{ name: "pip and friends", rowsPath: "/home/me/rows.jsonl" }],
  validation: [],
  counts: mixCounts(oneSet(DatasetId.parse("ds_000000000000"), 0.05), { sets: [90], validation: [] }, 42),
  plan: { warmupSteps: 7, totalSteps: 70 },
};

/** Two sets, the second capped and weighed three times as much. */
const mixture = (mix: MixMode, validation: TrainData["validation"]): TrainData => ({
  sets: [
    { datasetId: DatasetId.parse("ds_000000000000"), weight: 1, maxRows: null },
    { datasetId: DatasetId.parse("ds_000000000001"), weight: 3, maxRows: 8 },
  ],
  mix,
  validation,
});
const mixedInputs = (data: TrainData, folder = "/rows"): CommandInputs => ({
  ...inputs,
  sets: [
    { name: "pip", rowsPath: `${folder}/a.jsonl` },
    { name: "pip", rowsPath: `${folder}/b.jsonl` },
  ],
  validation: data.validation.type === "sets" ? [{ name: "judge", rowsPath: `${folder}/c.jsonl` }] : [],
  counts: mixCounts(data, { sets: [12, 20], validation: [5] }, 42),
});

describe("the LLaMA-Factory command", () => {
  it("carries the values of the spec under LLaMA-Factory's names", () => {
    const { command } = toLlamaFactory(makeSpec("lora", { learningRate: 2e-7, maxSteps: 30 }), inputs);
    for (const part of ["--learning_rate 2e-7", "--max_steps 30", "--lora_rank 16", "--warmup_steps 7", "--val_size 4", "--seed 42"])
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

describe("the LLaMA-Factory command of a mixture", () => {
  const of = (data: TrainData) => toLlamaFactory({ ...makeSpec("lora"), data }, mixedInputs(data));

  it("names each set once, with its weight, its cap and the sets for validation", () => {
    const { command, datasetInfo, notes } = of(
      mixture("interleave_first", { type: "sets", datasetIds: [DatasetId.parse("ds_000000000002")] }),
    );
    for (const part of [
      "--dataset pip,pip_2 ",
      "--eval_dataset judge ",
      "--mix_strategy interleave_under ",
      "--interleave_probs 0.25,0.75 ",
      "--eval_strategy steps",
    ])
      expect(command).toContain(part);
    expect(command).not.toContain("val_size");
    expect(JSON.parse(datasetInfo)).toMatchObject({ pip: { file_name: "/rows/a.jsonl" }, pip_2: { num_samples: 8 }, judge: {} });
    expect(JSON.parse(datasetInfo).pip.num_samples).toBeUndefined();
    expect(notes).toEqual(["capByChance", "interleaveByChance"]);
  });

  it("holds out as many rows as we do, and says what it can't do alike", () => {
    const { command, notes } = of(mixture("interleave_all", { type: "fraction", fraction: 0.1, stratified: true }));
    expect(command).toContain("--val_size 2 ");
    expect(command).toContain("--mix_strategy interleave_over ");
    expect(notes).toContain("heldOutAfterMixing");
    expect(of(mixture("concatenate", { type: "rows", rows: 1, stratified: true })).command).toContain("--val_size 0.05 ");
    expect(of(mixture("concatenate", { type: "none" })).command).not.toContain("mix_strategy");
  });
});

describe("the Python script", () => {
  it.each(["concatenate", "interleave_first", "interleave_all"] as const)("takes the very rows of the trainer: %s", (mix) => {
    const folder = mkdtempSync(join(tmpdir(), "tuneboard-script-"));
    for (const [name, rows] of [
      ["a", 12],
      ["b", 20],
    ] as const) {
      const lines = Array.from({ length: rows }, (_, at) => JSON.stringify({ messages: `${name}${at}`, label: null, problem: null }));
      writeFileSync(join(folder, `${name}.jsonl`), `${lines.join("\n")}\n`);
    }
    const data = mixture(mix, { type: "rows", rows: 4, stratified: true });
    const { counts, sets } = mixedInputs(data, folder);
    const script = [
      "import json, random, sys",
      "class Dataset: from_list = staticmethod(list)",
      ...pythonData({ ...makeSpec("lora"), data }, { sets, validation: [], counts }),
      "from pathlib import Path",
      "from trainer.data.mix import SetCounts",
      "from trainer.data.rows import choose_rows, load_rows",
      "ours, held = [], []",
      "for (path, *_), counts in zip(SETS, json.loads(sys.argv[1])):",
      "    part = choose_rows(load_rows(Path(path)), SetCounts(**counts), SEED)",
      "    ours += [row['messages'] for row, often in zip(part.train, part.times or [1] * len(part.train)) for _ in range(often)]",
      "    held += [row['messages'] for row in part.held]",
      "print(json.dumps([[row['messages'] for row in part] for part in (train, held_out)] == [ours, held] and len(ours)))",
    ].join("\n");
    const python = process.env.TUNEBOARD_PYTHON ?? join(root, ".venv", "bin", "python");
    const options = { env: { ...process.env, PYTHONPATH: join(root, "trainer", "src") } };
    const said = execFileSync(python, ["-c", script, JSON.stringify(counts.sets)], options);
    expect(Number(said)).toBe(counts.trainRows);
    rmSync(folder, { recursive: true });
  });

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

describe("settings beside the basic ones", () => {
  const chosen = makeSpec("lora", {
    optimizer: "sgd",
    momentum: 0.9,
    nesterov: true,
    scheduler: "polynomial",
    power: 2,
    precision: "pure_bfloat16",
    attention: "eager",
    gradientCheckpointing: true,
    checkpointEveryLayers: 2,
    stopPatience: 3,
    evalBatchSize: 8,
    more: { eval_delay: 5 },
  });

  it("stand in the script under trl's names, and only where they differ from the defaults", () => {
    const script = toPython(chosen, inputs);
    for (const part of [
      'optim="sgd"',
      'optim_args="momentum=0.9,nesterov=true"',
      'lr_scheduler_kwargs={"power": 2, "lr_end": 1e-7}',
      '"dtype": "bfloat16", "attn_implementation": "eager"',
      'gradient_checkpointing_kwargs={"use_reentrant": False, "every_n_layers": 2}',
      "EarlyStoppingCallback(3, early_stopping_threshold=0)",
      "per_device_eval_batch_size=8",
      "eval_delay=5",
      'train_sampling_strategy="group_by_length"',
    ])
      expect(script).toContain(part);
    const names = [...script.matchAll(/^ {4}(\w+)=/gm)].map((match) => match[1]);
    expect(new Set(names).size).toBe(names.length);
    const plain = toPython(makeSpec("lora"), inputs);
    expect(plain).not.toMatch(/optim|lr_scheduler_kwargs|EarlyStopping|adam_/);
  });

  it("stand in LLaMA-Factory's command under its names", () => {
    const { command } = toLlamaFactory(chosen, inputs);
    for (const part of [
      "--optim sgd",
      `--lr_scheduler_kwargs '{"power":2,"lr_end":1e-7}'`,
      "--pure_bf16 true",
      "--flash_attn disabled",
      "--early_stopping_steps 3",
      "--use_reentrant_gc false",
      "--eval_delay 5",
    ])
      expect(command).toContain(part);
    expect(toLlamaFactory(makeSpec("lora", { optimizer: "muon" }), inputs).command).toContain("--use_muon true");
  });

  it("are left out of the YAML at their defaults, and read again as the same spec", () => {
    expect(toYaml(makeSpec("lora"))).not.toContain("adamBeta1");
    const yaml = toYaml(chosen);
    expect(yaml).toContain('optimizer: "sgd"');
    expect(yaml).toContain("  more:\n    eval_delay: 5");
  });

  it("are named in the script where plain trl can't say them", () => {
    expect(toPython(makeSpec("lora", { optimizer: "muon" }), inputs)).toContain(
      "# Not in this script, because trl has no argument for it: optim of muon.",
    );
    expect(toPython(makeSpec("lora", { optimizer: "adafactor", clipThreshold: 2 }), inputs)).toContain("clip_threshold of adafactor");
  });
});

const judgedStages = stages.filter((stage) => stage !== "sft" && stage !== "pt");
const judgedSpec = (stage: Stage, own: object = {}): TrainSpec => {
  const plain = makeSpec("lora");
  return TrainSpec.parse({ ...plain, stage, [stage]: own });
};

describe("pre-training", () => {
  it("is trl's fine-tuning on texts, packed so that nothing is cut off", () => {
    const spec = { ...makeSpec("full"), stage: "pt" as const };
    const script = toPython({ ...spec, training: { ...spec.training, packing: "bfd_split" } }, inputs);
    for (const part of ["SFTTrainer", '"text": line["text"]', 'packing_strategy="bfd_split"']) expect(script).toContain(part);
    expect(script).not.toContain("assistant_only_loss");
    const { command, datasetInfo } = toLlamaFactory(spec, inputs);
    expect(command).toContain("--stage pt");
    const [set] = Object.values<object>(JSON.parse(datasetInfo));
    expect(set).toMatchObject({ formatting: "alpaca", columns: { prompt: "text" } });
    expect(set).not.toHaveProperty("tags");
  });
});

describe("stages that learn from judged answers", () => {
  it.each(judgedStages)("%s is called by its trainer, with its own settings once", (stage) => {
    const script = toPython(judgedSpec(stage), inputs);
    const names = [...script.matchAll(/^ {4}(\w+)=/gm)].map((match) => match[1]);
    expect(new Set(names).size).toBe(names.length);
    expect(script).toContain(
      { rm: "RewardTrainer", dpo: "DPOTrainer", kto: "KTOTrainer", orpo: "ORPOTrainer", simpo: "CPOTrainer", sft: "", pt: "" }[stage],
    );
    expect(script).not.toContain("assistant_only_loss");
    expect(script).toContain(`task_type="${stage === "rm" ? "SEQ_CLS" : "CAUSAL_LM"}"`);
  });

  it("carries what LLaMA-Factory has, and says what it has not", () => {
    const { command, datasetInfo, notes } = toLlamaFactory(judgedSpec("dpo", { loss: "ipo", sftWeight: 0.5 }), inputs);
    for (const part of ["--stage dpo", "--pref_loss ipo", "--pref_beta 0.1", "--pref_ftx 0.5"]) expect(command).toContain(part);
    expect(Object.values(JSON.parse(datasetInfo))).toMatchObject([{ ranking: true }]);
    expect(notes).toContain("judgedForm");
    expect(toLlamaFactory(judgedSpec("simpo"), inputs).command).toContain("--simpo_gamma 0.5");
    expect(toLlamaFactory(judgedSpec("dpo", { loss: "apo_zero" }), inputs).notes).toContain("lossElsewhere");
  });

  it.each(["dpo", "kto"] as const)("%s takes the very rows of the trainer", (stage) => {
    const folder = mkdtempSync(join(tmpdir(), "tuneboard-script-"));
    const message = (content: string) => ({ role: "assistant", content });
    const row = (at: number, more: object) => ({
      ...{ messages: [{ role: "user", content: `q${at}` }, message(`a${at}`)], rejected: null, ranked: null, label: null, problem: null },
      ...more,
    });
    const rows = Array.from({ length: 9 }, (_, at) => row(at, { rejected: message(`b${at}`) }));
    const others = [row(9, { ranked: [message("a9"), message("c"), message("b9")] }), row(10, { label: false }), row(11, {})];
    writeFileSync(join(folder, "a.jsonl"), [...rows, ...others].map((one) => `${JSON.stringify(one)}\n`).join(""));
    const spec = judgedSpec(stage);
    const fitting = stage === "dpo" ? 10 : 21;
    const counts = mixCounts(spec.data, { sets: [fitting], validation: [] }, 42);
    const script = [
      "import json, random",
      "class Dataset: from_list = staticmethod(list)",
      ...pythonData(spec, { sets: [{ name: "a", rowsPath: join(folder, "a.jsonl") }], validation: [], counts }),
      "from pathlib import Path",
      "from trainer.data.rows import load_rows",
      `ours = list(load_rows(Path(SETS[0][0]), stage="${stage}"))`,
      stage === "dpo"
        ? "same = [(row['prompt'], row['chosen'][0], row['rejected'][0]) for row in load(SETS[0][0])] == [(row['messages'][:-1], row['messages'][-1], row['rejected'] or row['ranked'][-1]) for row in ours]"
        : "same = [(row['prompt'] + row['completion'], row['label']) for row in load(SETS[0][0])] == [(row['messages'], row['label'] is not False) for row in ours]",
      "print(json.dumps(same and len(ours)))",
    ].join("\n");
    const python = process.env.TUNEBOARD_PYTHON ?? join(root, ".venv", "bin", "python");
    const said = execFileSync(python, ["-c", script], { env: { ...process.env, PYTHONPATH: join(root, "trainer", "src") } });
    expect(Number(said)).toBe(fitting);
    rmSync(folder, { recursive: true });
  });
});

describe("methods", () => {
  const of = (method: Method, change: Partial<TrainSpec>): TrainSpec => ({ ...makeSpec("lora"), method, ...change });
  const { lora } = defaultsFor("sft", "lora");

  it("say LoRA's options in both commands", () => {
    const spec = of("lora", { lora: { ...lora, rsLora: true, dora: true, init: "pissa", plusRatio: 16, modulesToSave: ["lm_head"] } });
    const { command } = toLlamaFactory(spec, inputs);
    for (const argument of ["use_rslora true", "use_dora true", "pissa_init true", "loraplus_lr_ratio 16", "additional_target lm_head"])
      expect(command).toContain(`--${argument}`);
    const script = toPython(spec, inputs);
    for (const line of [
      "use_rslora=True",
      "use_dora=True",
      'init_lora_weights="pissa"',
      "loraplus_lr_ratio=16",
      'modules_to_save=["lm_head"]',
    ])
      expect(script).toContain(line);
    expect(script).toContain('path_initial_model_for_weight_conversion="output/start"');
  });

  it("say QLoRA and freeze, and what LLaMA-Factory has no argument for", () => {
    const qlora = of("qlora", { lora: { ...lora, bias: "all" }, quantization: { type: "nf4", doubleQuant: true, computeDtype: "auto" } });
    const { command, notes } = toLlamaFactory(qlora, inputs);
    expect(command).toContain("--finetuning_type lora ");
    expect(command).toContain("--quantization_bit 4 ");
    expect(notes).toContain("adapterUnsaid");
    expect(toPython(qlora, inputs)).toContain('BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4"');
    const freeze = of("freeze", { lora: null, freeze: { layers: -2, modules: [], extras: ["norm"] } });
    expect(toLlamaFactory(freeze, inputs).command).toContain("--freeze_trainable_layers -2 ");
    expect(toPython(freeze, inputs)).toContain("int(found[1]) < 2");
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
