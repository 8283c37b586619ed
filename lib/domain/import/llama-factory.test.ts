import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importText, isWhole } from "./import-text";
import { fateOf } from "./llama-factory";
import { formerNames, llamaFactoryArguments } from "./llama-factory-arguments";
import { reasons } from "./reasons";
import { alpaca, identity, qwen, world } from "./test-world";
import type { Import } from "./types";

const read = (text: string, withDefaults = false): Import => {
  const outcome = importText(text, world, withDefaults);
  if (outcome.form === null) throw new Error(`not recognised: ${JSON.stringify(outcome)}`);
  return outcome;
};
const valuesOf = (text: string) => read(text).values;
const verdictOf = (name: string, text: string) => read(text).lines.find((line) => line.name === name)?.verdict;

/** The command of seed 0 as its article prints it: without line breaks, with the comments of its script around it. */
const seed0 = [
  "# run_train_bash.sh \n#!/bin/bash\n# 记录开始时间\n",
  "START=$(date +%s.%N)CUDA_VISIBLE_DEVICES=0,1,2,3,4,5,6,7 accelerate launch  src/train.py \\--deepspeed ds_config_zero3.json \\--stage sft ",
  "\\--do_train True \\--model_name_or_path /root/ai_project/fine-tuning-by-lora/models/model/qwen/Qwen2___5-7B-Instruct \\--finetuning_type lora ",
  "\\--template qwen \\--dataset_dir /root/ai_project/fine-tuning-by-lora/dataset/ \\--dataset identity \\--cutoff_len 1024 ",
  "\\--learning_rate 5e-04 \\--num_train_epochs 10 \\--max_samples 100000 \\--per_device_train_batch_size 4 ",
  "\\--gradient_accumulation_steps 4 \\--lr_scheduler_type cosine \\--max_grad_norm 1.0 \\--logging_steps 5 \\--save_steps 100 ",
  "\\--warmup_steps 0 \\--neftune_noise_alpha 0 \\--lora_rank 8 \\--lora_dropout 0.1 \\--lora_alpha 32 ",
  "\\--lora_target q_proj,v_proj,k_proj,gate_proj,up_proj,o_proj,down_proj \\--output_dir ./output/qwen_7b_ds/train_2024_02_27 ",
  "\\--bf16 True \\--plot_loss True\n# 记录结束时间\nEND=$(date +%s.%N)\n# 计算运行时间\n",
  'DUR=$(echo "$END - $START" | bc)\n# 输出运行时间\nprintf "Execution time: %.6f seconds\\n" $DUR\n',
].join("");

describe("the command of seed 0", () => {
  it("fills the form", () => {
    expect(valuesOf(seed0)).toMatchObject({
      ...{ stage: "sft", method: "lora", modelId: qwen.id, name: "train_2024_02_27" },
      "data.sets": [{ datasetId: identity.id, weight: 1, maxRows: null }],
      ...{ "training.cutoffLength": 1024, "training.learningRate": 5e-4, "training.epochs": 10, "training.batchSize": 4 },
      ...{ "training.gradientAccumulation": 4, "training.scheduler": "cosine", "training.maxGradNorm": 1, "training.logEverySteps": 5 },
      ...{ "training.saveEverySteps": 100, "training.warmupRatio": 0, "training.precision": "bfloat16" },
      ...{ "lora.rank": 8, "lora.alpha": 32, "lora.dropout": 0.1 },
      "lora.targets": ["q_proj", "v_proj", "k_proj", "gate_proj", "up_proj", "o_proj", "down_proj"],
    });
  });

  it("leaves no argument and no assignment without a word", () => {
    const { lines } = read(seed0);
    const named = [...seed0.matchAll(/--(\w+)/g)].map((match) => match[1] ?? "");
    expect(named).toHaveLength(27);
    for (const name of [...named, "START", "CUDA_VISIBLE_DEVICES"])
      expect(
        lines.map((line) => line.name),
        name,
      ).toContain(name);
    expect(
      lines.filter(({ verdict }) => ["refused", "unknown", "invalid", "absent"].includes(verdict.kind)).map(({ name }) => name),
    ).toEqual(["deepspeed", "START"]);
    // ModelScope's folder name is another spelling of the model's.
    expect(verdictOf("model_name_or_path", seed0)).toMatchObject({ kind: "taken", note: { code: "byName" } });
  });

  it("is the same with the dashes, quotes and line breaks of other articles", () => {
    const retyped = seed0
      .replaceAll("\\--", "\\\n  –")
      .replace("./output/qwen_7b_ds/train_2024_02_27", "“./output/qwen_7b_ds/train_2024_02_27”");
    expect(valuesOf(retyped)).toEqual(valuesOf(seed0));
  });
});

it.each([
  ["the command line tool", "llamafactory-cli train --learning_rate 1e-4 --lora_rank 4"],
  ["its short name with = and overrides", "lmf train x.yaml learning_rate=1e-4 --lora-rank=4"],
  ["the old script", "python src/train_bash.py --learning_rate 1e-4 --lora_rank 4"],
  ["torchrun", "FORCE_TORCHRUN=1 torchrun --nproc_per_node 8 --master_port 1 src/train.py --learning_rate 1e-4 --lora_rank 4"],
  ["deepspeed", "deepspeed --num_gpus=4 src/train_bash.py --learning_rate 1e-4 --lora_rank 4 > log 2>&1"],
  ["accelerate", "accelerate launch --config_file fsdp.yaml src/train.py --learning_rate 1e-4 --lora_rank 4"],
  ["a module", "python -m llamafactory.launcher --learning_rate 1e-4 --lora_rank 4"],
  ["arguments alone", "--learning_rate 1e-4 \n--lora_rank 4".replace("\n", "\\\n")],
  ["lines without a backslash", "--learning_rate 1e-4\n--lora_rank 4"],
  ["YAML", "### train\nlearning_rate: 1e-4 # high\nlora_rank: 4\n"],
  ["JSON", '{"learning_rate": 1e-4, "lora_rank": 4}'],
])("reads %s", (_, text) => {
  expect(valuesOf(text)).toEqual({ "training.learningRate": 1e-4, "lora.rank": 4 });
});

it("says what it leaves aside around the arguments", () => {
  const text =
    "export HF_TOKEN=hf_abc\nNCCL_DEBUG=INFO torchrun --nproc_per_node 8 src/train.py a.yaml --stage sft > log.txt\nllamafactory-cli train b.yaml";
  const lines = Object.fromEntries(
    read(text).lines.map(({ name, shown, verdict }) => [name, [shown, "reason" in verdict && verdict.reason.code]]),
  );
  expect(lines).toMatchObject({
    ...{ HF_TOKEN: ["•••", "secret"], NCCL_DEBUG: ["INFO", "environment"], nproc_per_node: ["8", "processes"] },
    ...{ ">log.txt": ["", "printing"], "a.yaml": ["", "otherFile"], "…": ["1", "moreCommands"] },
  });
});

describe("values that need translating", () => {
  it.each([
    ["lora_target: all", { "lora.targets": ["q_proj", "v_proj"] }],
    ["lora_target: q_proj, v_proj", { "lora.targets": ["q_proj", "v_proj"] }],
    ["lora_rank: 12\nlora_alpha: null", { "lora.alpha": 24 }],
    ["val_size: 0.1", { "data.validation.type": "fraction", "data.validation.fraction": 0.1 }],
    ["val_size: 30", { "data.validation.type": "rows", "data.validation.rows": 30 }],
    ["eval_dataset: identity", { "data.validation.type": "sets", "data.validation.datasetIds": [identity.id] }],
    ["warmup_ratio: 0.1", { "training.warmupRatio": 0.1 }],
    ["warmup_steps: 0.1", { "training.warmupRatio": 0.1 }],
    ["max_steps: -1", { "training.maxSteps": null }],
    ["save_strategy: 'no'\nsave_steps: 5", { "training.saveEverySteps": null }],
    ["evaluation_strategy: steps\neval_steps: 7", { "training.evalEverySteps": 7 }],
    ["eval_strategy: no\neval_steps: 7", { "training.evalEverySteps": null }],
    ["bf16: true", { "training.precision": "bfloat16" }],
    ["disable_gradient_checkpointing: true", { "training.gradientCheckpointing": false }],
    ["run_name: a/b\noutput_dir: x/y", { name: "a-b" }],
    ["packing: true\nneat_packing: true", { "training.packing": "bfd" }],
    ["stage: sft\nlr_scheduler_type: polynomial\nlr_scheduler_kwargs: {power: 2}", { "training.power": 2 }],
    ["optim: sgd\noptim_args: momentum=0.9", { "training.momentum": 0.9 }],
    ["flash_attn: fa2\nstage: sft", { "training.attention": "flash_attention_2" }],
    ["save_strategy: epoch\nstage: sft", { "training.saveBy": "epochs" }],
    ["warmup_steps: 20\nwarmup_ratio: 0.1", { "training.warmupSteps": 20 }],
    ["early_stopping_steps: 3\nstage: sft", { "training.stopPatience": 3 }],
    ["seed: 1\nseed: 2", { "training.seed": 2 }],
  ])("%s", (text, expected) => {
    expect(valuesOf(text)).toMatchObject(expected);
  });

  it("names sets by name, file or id, with a cap and weights", () => {
    const text = `dataset: identity,alpaca_en_demo,${identity.id},gone\nmax_samples: 500\nmix_strategy: interleave_under\ninterleave_probs: 0.25,0.75,1,1`;
    expect(valuesOf(text)).toMatchObject({
      "data.mix": "interleave_first",
      "data.sets": [
        { datasetId: identity.id, weight: 1, maxRows: null },
        { datasetId: alpaca.id, weight: 3, maxRows: 500 },
      ],
    });
    expect(read(text).lines.flatMap(({ verdict }) => (verdict.kind === "absent" ? [verdict.reference] : []))).toEqual(["gone"]);
    expect(verdictOf("max_samples", text)).toMatchObject({ note: { code: "drawnBySeed" } });
    expect(verdictOf("max_samples", "dataset: identity\nmax_samples: 500")).toMatchObject({ kind: "idle", reason: { code: "enoughRows" } });
  });
});

it("says why a value is refused, and what a mistyped name was meant to be", () => {
  expect(verdictOf("learning_rate", "learning_rate: fast\nstage: sft")).toMatchObject({ kind: "invalid", path: "training.learningRate" });
  expect(verdictOf("lora_rank", "lora_rank: 9999\nstage: sft")).toMatchObject({ kind: "invalid", trouble: { params: { maximum: 1024 } } });
  expect(verdictOf("learning_rat", "learning_rat: 1\nstage: sft")).toEqual({ kind: "unknown", nearest: "learning_rate" });
  expect(verdictOf("finetuning_type", "finetuning_type: oft")).toMatchObject({ kind: "refused", reason: { code: "methodNotHere" } });
  expect(verdictOf("use_galore", "use_galore: true\nstage: sft")).toMatchObject({ kind: "refused", reason: { code: "optimiser" } });
  expect(verdictOf("use_galore", "use_galore: false\nstage: sft")).toMatchObject({ kind: "idle", reason: { code: "off" } });
  expect(read("swanlab_api_key: abc\nstage: sft").lines[0]?.shown).toBe("•••");
});

it("leaves what is not said to LLaMA-Factory, where a whole configuration was given", () => {
  const text = "model_name_or_path: tiny\nlora_rank: 6";
  expect(isWhole(importText(text, world, false))).toBe(true);
  expect(isWhole(importText("--lora_rank 6", world, false))).toBe(false);
  expect(read(text, true).values).toMatchObject({
    ...{ "lora.rank": 6, "lora.alpha": 12, "training.learningRate": 5e-5, "training.scheduler": "linear", "training.saveEverySteps": 500 },
    ...{ "training.evalEverySteps": null, "training.gradientCheckpointing": true, "data.validation.type": "none" },
  });
});

it.each([
  ["", "empty"],
  ["llamafactory-cli train examples/x.yaml", "onlyFile"],
  ["a: [1, 2\nb: 3", "broken"],
  ["top.model_name: Qwen\ntrain.lora_rank: 8", "board"],
  ["Once upon a time", "unknown"],
  [`a: &a [x, x]\n${Array.from({ length: 9 }, (_, at) => `b${at}: &b${at} [${"*a, ".repeat(9)}*a]`).join("\n")}\nstage: sft`, "unknown"],
])("refuses %j", (text, why) => {
  expect(importText(text, world, false)).toMatchObject({ form: null, why });
});

describe("the table of LLaMA-Factory's arguments", () => {
  const groups = Object.entries(llamaFactoryArguments);

  it("holds every argument of its release once, each with its fate", () => {
    expect(Object.fromEntries(groups.map(([group, names]) => [group, Object.keys(names).length]))).toEqual({
      ...{ model: 78, data: 28, finetuning: 99, generation: 10, training: 135 },
    });
    const all = groups.flatMap(([, names]) => Object.keys(names));
    expect(new Set(all).size).toBe(all.length);
    for (const name of [...all, ...Object.values(formerNames)]) expect(fateOf(name), name).not.toBeNull();
    const counts: Record<string, number> = {};
    const rows = groups.flatMap(([group, names]) =>
      Object.keys(names).map((name) => {
        const fate = fateOf(name);
        const said = fate === null ? "?" : "by" in fate ? "mapped" : reasons[fate.reason] === "idle" ? "irrelevant" : "unmapped";
        counts[said] = (counts[said] ?? 0) + 1;
        return `${group.padEnd(11)} ${name.padEnd(42)} ${said.padEnd(11)} ${fate !== null && "reason" in fate ? fate.reason : ""}`;
      }),
    );
    process.stdout.write(`${rows.join("\n")}\n${JSON.stringify(counts)}\n`);
    expect(counts["?"]).toBeUndefined();
    expect(counts.mapped).toBeGreaterThan(40);
  });
});

/** A checkout of LLaMA-Factory; its files are not ours to keep. */
const examples = join(process.env.TUNEBOARD_LLAMA_FACTORY ?? "", "examples");
const files = process.env.TUNEBOARD_LLAMA_FACTORY ? readdirSync(examples, { recursive: true, encoding: "utf8" }) : [];
/** Configurations of its second generation (v1) and of accelerate are other forms. */
const trainings = files.filter(
  (name) =>
    /(train|sft|dft|asft|eaft|pretrain|dpo|kto|reward|preprocess).*\.(ya?ml|sh)$/.test(name) && !/^v1|accelerate|inference/.test(name),
);

describe.skipIf(files.length === 0)("every example of LLaMA-Factory", () => {
  it.each(trainings)("%s is read, and every key known", (name) => {
    const outcome = importText(readFileSync(join(examples, name), "utf8"), world, true);
    if (outcome.form === null) return expect(outcome.why).toBe("onlyFile");
    expect(outcome.lines.filter(({ verdict }) => verdict.kind === "unknown" || verdict.kind === "invalid")).toEqual([]);
  });
});
