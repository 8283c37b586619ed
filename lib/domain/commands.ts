import type { TrainSpec } from "../contract/job-spec";
import { type CommandData, type CommandNote, datasetInfo, llamaFactoryData, llamaFactoryNotes, pythonData } from "./command-data";
import { peftArguments, pythonMethod } from "./command-method";
import { llamaFactoryStage, trlStage } from "./command-stage";
import { type Arguments, furtherArguments, unsaid, type Value, withoutDefaults } from "./command-training";
import { llamaFactoryMethod } from "./export/llama-factory-method";
import type { TrainingPlan } from "./plan";

/** Where the commands find model and rows, and the numbers that follow from the data. */
export type CommandInputs = CommandData & {
  model: { reference: string; revision: string | null; trustRemoteCode: boolean };
  plan: Pick<TrainingPlan, "warmupSteps" | "totalSteps">;
};

/** The spec as Tuneboard takes it (`POST /api/runs`), in YAML. */
export function toYaml(spec: TrainSpec): string {
  return yamlLines({ ...spec, training: withoutDefaults(spec.training) }, 0).join("\n");
}

/** The same training with LLaMA-Factory. Its `template` stays unset, so that it reads the tokenizer's own chat template. */
export function toLlamaFactory(spec: TrainSpec, inputs: CommandInputs): { command: string; datasetInfo: string; notes: CommandNote[] } {
  const args = Object.entries(llamaFactoryArguments(spec, inputs)).map(([name, value]) => `  --${name} ${shellQuote(inShell(value))}`);
  return {
    command: [
      `${spec.training.processes === 1 ? "" : `FORCE_TORCHRUN=1 NPROC_PER_NODE=${spec.training.processes} `}llamafactory-cli train`,
      ...args,
    ].join(" \\\n"),
    datasetInfo: JSON.stringify(datasetInfo(spec, inputs), null, 2),
    notes: llamaFactoryNotes(spec),
  };
}

/** A script with plain trl that runs by itself. */
export function toPython(spec: TrainSpec, inputs: CommandInputs): string {
  const { model } = inputs;
  const { training } = spec;
  const trl = trlStage(spec);
  const remote = model.trustRemoteCode ? ', "trust_remote_code": True' : "";
  const revision = model.revision === null ? "" : `, "revision": ${pythonValue(model.revision)}`;
  const evaluatesAtEnd = spec.data.validation.type !== "none" && training.evalEverySteps === null && training.evalBy === "steps";
  const attention = training.attention === "auto" ? "" : `, "attn_implementation": ${pythonValue(training.attention)}`;
  const early = training.stopPatience !== null;
  const base = spec.lora === null ? '"float32"' : '"bfloat16" if BF16 else "float32"';
  const dtype =
    { pure_bfloat16: '"bfloat16"', float16: spec.lora === null ? '"float32"' : '"float16"' }[String(training.precision)] ?? base;
  const method = pythonMethod(spec, training.learningRate, pythonValue);
  const imports = spec.lora === null ? [] : ["from peft import LoraConfig"];
  return [
    ...(training.processes === 1 ? [] : [`# Start it with: torchrun --standalone --nproc_per_node ${training.processes} train.py`, ""]),
    "import json",
    "import random",
    "",
    ...method.imports.filter((line) => line === "import re"),
    "import torch",
    "from datasets import Dataset",
    ...imports,
    ...method.imports.filter((line) => line !== "import re"),
    ...(early ? ["from transformers import EarlyStoppingCallback"] : []),
    `from ${trl.module} import ${trl.name}Config, ${trl.name}Trainer`,
    "",
    `MODEL = ${pythonValue(model.reference)}`,
    "GPU = torch.cuda.is_available()",
    `BF16 = ${bf16Expression(spec)}`,
    "",
    ...pythonData(spec, inputs),
    "",
    ...unsaidNote(spec),
    ...(spec.stage === "sft" ? ["# assistant_only_loss needs a chat template with {% generation %} marks, or one that trl knows."] : []),
    `config = ${trl.name}Config(`,
    ...pythonArguments(trlArguments(spec, inputs)),
    "    bf16=BF16,",
    ...(training.precision === "float16" ? ["    fp16=True,"] : []),
    "    use_cpu=not GPU,",
    `    model_init_kwargs={"dtype": ${dtype}${attention}${revision}${remote}},`,
    ")",
    ...(spec.lora === null ? [] : ["lora = LoraConfig(", ...pythonArguments(peftArguments(spec.lora, trl.task)), ...method.config, ")"]),
    `trainer = ${trl.name}Trainer(MODEL, args=config, train_dataset=train, eval_dataset=held_out${spec.lora === null ? "" : ", peft_config=lora"}${method.trainer})`,
    ...method.before,
    ...(early
      ? [`trainer.add_callback(EarlyStoppingCallback(${training.stopPatience}, early_stopping_threshold=${training.stopThreshold}))`]
      : []),
    "trainer.train()",
    ...(evaluatesAtEnd ? ["print(trainer.evaluate())"] : []),
    method.save?.(outputFolder(spec)) ?? `trainer.save_model(${pythonValue(outputFolder(spec))})`,
  ].join("\n");
}

/** What a plain script can't say without the code behind it. */
function unsaidNote({ training }: TrainSpec): string[] {
  const names = unsaid(training);
  return names.length === 0
    ? []
    : [`# Not in this script, because trl has no argument for it: ${names.join(", ")} of ${training.optimizer}.`];
}

/** The basic parameters under their trl names, then what differs from the defaults. */
function trlArguments(spec: TrainSpec, { plan }: CommandInputs): Arguments {
  const { training, data } = spec;
  const further = furtherArguments(training, plan.totalSteps);
  return {
    output_dir: "output",
    learning_rate: training.learningRate,
    num_train_epochs: training.epochs,
    ...(training.maxSteps === null ? {} : { max_steps: training.maxSteps }),
    per_device_train_batch_size: training.batchSize,
    gradient_accumulation_steps: training.gradientAccumulation,
    max_length: training.cutoffLength,
    lr_scheduler_type: training.scheduler,
    warmup_steps: plan.warmupSteps,
    weight_decay: training.weightDecay,
    max_grad_norm: training.maxGradNorm,
    gradient_checkpointing: training.gradientCheckpointing,
    logging_steps: training.logEverySteps,
    ...saveArguments(training),
    save_total_limit: training.saveLimit,
    ...evalArguments(data, training),
    // transformers stops early only where it also goes back to the best.
    ...(training.stopPatience === null ? {} : { load_best_model_at_end: true }),
    seed: training.seed,
    ...further,
    ...trlStage(spec).settings,
    report_to: "none",
  };
}

function saveArguments({ saveBy, saveEverySteps }: TrainSpec["training"]): Arguments {
  if (saveBy === "epochs") return { save_strategy: "epoch" };
  return saveEverySteps === null ? { save_strategy: "no" } : { save_strategy: "steps", save_steps: saveEverySteps };
}

function evalArguments({ validation }: TrainSpec["data"], training: TrainSpec["training"]): Arguments {
  if (validation.type === "none") return { eval_strategy: "no" };
  const batch = { per_device_eval_batch_size: training.evalBatchSize ?? training.batchSize };
  if (training.evalBy === "epochs") return { eval_strategy: "epoch", ...batch };
  return training.evalEverySteps === null
    ? { eval_strategy: "no", ...batch }
    : { eval_strategy: "steps", eval_steps: training.evalEverySteps, ...batch };
}

export function llamaFactoryArguments(spec: TrainSpec, inputs: CommandInputs): Arguments {
  const { training } = spec;
  const { model, plan } = inputs;
  const optional: Record<string, number | null> = { max_steps: training.maxSteps, save_total_limit: training.saveLimit };
  return {
    ...llamaFactoryStage(spec),
    do_train: true,
    model_name_or_path: model.reference,
    ...(model.trustRemoteCode ? { trust_remote_code: true } : {}),
    ...(model.revision === null ? {} : { model_revision: model.revision }),
    ...llamaFactoryData(spec, inputs),
    ...llamaFactoryMethod(spec),
    learning_rate: training.learningRate,
    num_train_epochs: training.epochs,
    per_device_train_batch_size: training.batchSize,
    gradient_accumulation_steps: training.gradientAccumulation,
    cutoff_len: training.cutoffLength,
    lr_scheduler_type: training.scheduler,
    // As a number of steps: transformers 5 has no warmup_ratio any more.
    warmup_steps: plan.warmupSteps,
    weight_decay: training.weightDecay,
    max_grad_norm: training.maxGradNorm,
    // LLaMA-Factory checkpoints gradients unless told not to.
    disable_gradient_checkpointing: !training.gradientCheckpointing,
    ...llamaFactoryPrecision(training),
    ...(training.attention === "auto"
      ? {}
      : { flash_attn: { flash_attention_2: "fa2", eager: "disabled" }[String(training.attention)] ?? training.attention }),
    ...(training.optimizer === "muon" ? { use_muon: true } : {}),
    ...(training.stopPatience === null ? {} : { early_stopping_steps: training.stopPatience, load_best_model_at_end: true }),
    ...renamed(furtherArguments(training, plan.totalSteps)),
    logging_steps: training.logEverySteps,
    ...saveArguments(training),
    ...Object.fromEntries(Object.entries(optional).filter((entry): entry is [string, number] => entry[1] !== null)),
    ...llamaFactoryEval(spec),
    seed: training.seed,
    output_dir: outputFolder(spec),
  };
}

/** LLaMA-Factory has names of its own for these. */
function renamed({
  use_liger_kernel,
  packing_strategy: _own,
  gradient_checkpointing_kwargs: checkpointing,
  ...rest
}: Arguments): Arguments {
  const reentrant = typeof checkpointing === "object" && checkpointing !== null && "use_reentrant" in checkpointing;
  return {
    ...rest,
    ...(use_liger_kernel === undefined ? {} : { enable_liger_kernel: use_liger_kernel }),
    ...(reentrant ? { use_reentrant_gc: checkpointing.use_reentrant === true } : {}),
  };
}

function llamaFactoryPrecision({ precision }: TrainSpec["training"]): Arguments {
  if (precision === "auto") return {};
  if (precision === "pure_bfloat16") return { pure_bf16: true };
  return precision === "float16" ? { fp16: true } : { bf16: precision === "bfloat16" };
}

function llamaFactoryEval({ data: { validation }, training }: TrainSpec): Arguments {
  if (validation.type === "none") return {};
  const batch = { per_device_eval_batch_size: training.evalBatchSize ?? training.batchSize };
  if (training.evalBy === "epochs") return { ...batch, eval_strategy: "epoch" };
  return training.evalEverySteps === null
    ? { ...batch, do_eval: true }
    : { ...batch, eval_strategy: "steps", eval_steps: training.evalEverySteps };
}

function bf16Expression({ training }: TrainSpec): string {
  if (training.precision === "auto") return "GPU and torch.cuda.is_bf16_supported(including_emulation=False)";
  return training.precision === "bfloat16" ? "True" : "False";
}

export const outputFolder = (spec: TrainSpec): string => `output/${spec.name.replace(/[^\p{L}\p{N}._-]+/gu, "-")}`;
const shellQuote = (text: string): string => (/^[A-Za-z0-9_./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

function pythonArguments(values: Arguments): string[] {
  return Object.entries(values).map(([name, value]) => `    ${name}=${pythonValue(value)},`);
}

/** JSON's numbers and strings are Python's too; only the three words differ. */
function pythonValue(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, one]) => `${JSON.stringify(name)}: ${pythonValue(one)}`)
    .join(", ")}}`;
}

/** What is more than a word is JSON on the command line. */
const inShell = (value: Value): string => (typeof value === "object" && value !== null ? JSON.stringify(value) : String(value));

export function yamlLines(value: object, depth: number): string[] {
  const indent = "  ".repeat(depth);
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? [`${indent}${key}:`, ...yamlLines(item, depth + 1)]
      : // A JSON scalar or list is YAML as well, and its quoting is never ambiguous.
        [`${indent}${key}: ${yamlScalar(item)}`],
  );
}

/** YAML 1.1 readers take `2e-4` for a string: a number with an exponent needs its point. */
function yamlScalar(value: unknown): string {
  const text = JSON.stringify(value);
  return typeof value === "number" && /^-?\d+e/.test(text) ? text.replace("e", ".0e") : text;
}
