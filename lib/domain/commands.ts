import type { TrainSpec } from "../contract/job-spec";
import { loraParameters } from "../contract/parameters/lora";
import { trainingParameters } from "../contract/parameters/training";
import { type CommandData, type CommandNote, datasetInfo, llamaFactoryData, llamaFactoryNotes, pythonData } from "./command-data";
import type { TrainingPlan } from "./plan";

/** Where the commands find model and rows, and the numbers that follow from the data. */
export type CommandInputs = CommandData & {
  model: { reference: string; revision: string | null; trustRemoteCode: boolean };
  plan: Pick<TrainingPlan, "warmupSteps">;
};

/** The spec as Tuneboard takes it (`POST /api/runs`), in YAML. */
export function toYaml(spec: TrainSpec): string {
  return yamlLines(spec, 0).join("\n");
}

/** The same training with LLaMA-Factory. Its `template` stays unset, so that it reads the tokenizer's own chat template. */
export function toLlamaFactory(spec: TrainSpec, inputs: CommandInputs): { command: string; datasetInfo: string; notes: CommandNote[] } {
  const args = Object.entries(llamaFactoryArguments(spec, inputs)).map(([name, value]) => `  --${name} ${shellQuote(String(value))}`);
  return {
    command: ["llamafactory-cli train", ...args].join(" \\\n"),
    datasetInfo: JSON.stringify(datasetInfo(spec, inputs), null, 2),
    notes: llamaFactoryNotes(spec),
  };
}

/** A script with plain trl that runs by itself. */
export function toPython(spec: TrainSpec, inputs: CommandInputs): string {
  const { model } = inputs;
  const remote = model.trustRemoteCode ? ', "trust_remote_code": True' : "";
  const revision = model.revision === null ? "" : `, "revision": ${pythonValue(model.revision)}`;
  const evaluatesAtEnd = spec.data.validation.type !== "none" && spec.training.evalEverySteps === null;
  const imports = spec.lora === null ? [] : ["from peft import LoraConfig"];
  return [
    "import json",
    "import random",
    "",
    "import torch",
    "from datasets import Dataset",
    ...imports,
    "from trl import SFTConfig, SFTTrainer",
    "",
    `MODEL = ${pythonValue(model.reference)}`,
    "GPU = torch.cuda.is_available()",
    `BF16 = ${bf16Expression(spec)}`,
    "",
    ...pythonData(spec, inputs),
    "",
    "# assistant_only_loss needs a chat template with {% generation %} marks, or one that trl knows.",
    "config = SFTConfig(",
    ...pythonArguments(trlArguments(spec, inputs)),
    "    bf16=BF16,",
    "    use_cpu=not GPU,",
    `    model_init_kwargs={"dtype": ${spec.lora === null ? '"float32"' : '"bfloat16" if BF16 else "float32"'}${revision}${remote}},`,
    ")",
    ...(spec.lora === null ? [] : ["lora = LoraConfig(", ...pythonArguments(peftArguments(spec.lora)), ")"]),
    `trainer = SFTTrainer(MODEL, args=config, train_dataset=train, eval_dataset=held_out${spec.lora === null ? "" : ", peft_config=lora"})`,
    "trainer.train()",
    ...(evaluatesAtEnd ? ["print(trainer.evaluate())"] : []),
    `trainer.save_model(${pythonValue(outputFolder(spec))})`,
  ].join("\n");
}

type Value = string | number | boolean | null | readonly string[];

/** Every training parameter under its trl name; those that need more than a name are written out. */
function trlArguments({ training, data }: TrainSpec, { plan }: CommandInputs): Record<string, Value> {
  const named: Record<string, Value> = { output_dir: "output" };
  for (const [name, value] of Object.entries(training)) named[trlName(name)] = value;
  const { max_steps = null, save_steps = null, eval_steps = null, bf16: _bf16, ...rest } = named;
  return {
    ...rest,
    warmup_steps: plan.warmupSteps,
    ...(max_steps === null ? {} : { max_steps }),
    ...(save_steps === null ? { save_strategy: "no" } : { save_strategy: "steps", save_steps }),
    ...evalArguments(data, training, eval_steps),
    assistant_only_loss: true,
    report_to: "none",
  };
}

function evalArguments({ validation }: TrainSpec["data"], training: TrainSpec["training"], everySteps: Value): Record<string, Value> {
  if (validation.type === "none") return { eval_strategy: "no" };
  const batch = { per_device_eval_batch_size: training.batchSize };
  return everySteps === null ? { eval_strategy: "no", ...batch } : { eval_strategy: "steps", eval_steps: everySteps, ...batch };
}

function peftArguments(lora: NonNullable<TrainSpec["lora"]>): Record<string, Value> {
  const named = Object.entries(lora).map(([name, value]): [string, Value] => [
    name in loraParameters ? loraParameters[name as keyof typeof loraParameters].trl : name,
    value,
  ]);
  return { task_type: "CAUSAL_LM", ...Object.fromEntries(named) };
}

function llamaFactoryArguments(spec: TrainSpec, inputs: CommandInputs): Record<string, string | number | boolean> {
  const { training, lora } = spec;
  const { model, plan } = inputs;
  const optional: Record<string, number | null> = { max_steps: training.maxSteps, save_total_limit: training.saveLimit };
  return {
    stage: "sft",
    do_train: true,
    model_name_or_path: model.reference,
    ...(model.trustRemoteCode ? { trust_remote_code: true } : {}),
    ...(model.revision === null ? {} : { model_revision: model.revision }),
    ...llamaFactoryData(spec, inputs),
    finetuning_type: spec.method,
    ...(lora === null
      ? {}
      : { lora_rank: lora.rank, lora_alpha: lora.alpha, lora_dropout: lora.dropout, lora_target: lora.targets.join(",") }),
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
    ...(training.precision === "auto" ? {} : { bf16: training.precision === "bfloat16" }),
    logging_steps: training.logEverySteps,
    ...(training.saveEverySteps === null ? { save_strategy: "no" } : { save_steps: training.saveEverySteps }),
    ...Object.fromEntries(Object.entries(optional).filter((entry): entry is [string, number] => entry[1] !== null)),
    ...llamaFactoryEval(spec),
    seed: training.seed,
    output_dir: outputFolder(spec),
  };
}

function llamaFactoryEval({ data: { validation }, training }: TrainSpec): Record<string, string | number | boolean> {
  if (validation.type === "none") return {};
  const batch = { per_device_eval_batch_size: training.batchSize };
  return training.evalEverySteps === null
    ? { ...batch, do_eval: true }
    : { ...batch, eval_strategy: "steps", eval_steps: training.evalEverySteps };
}

function bf16Expression({ training }: TrainSpec): string {
  if (training.precision === "auto") return "GPU and torch.cuda.is_bf16_supported(including_emulation=False)";
  return training.precision === "bfloat16" ? "True" : "False";
}

const trlName = (name: string): string =>
  name in trainingParameters ? trainingParameters[name as keyof typeof trainingParameters].trl : name;
const outputFolder = (spec: TrainSpec): string => `output/${spec.name.replace(/[^\p{L}\p{N}._-]+/gu, "-")}`;
const shellQuote = (text: string): string => (/^[A-Za-z0-9_./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

function pythonArguments(values: Record<string, Value>): string[] {
  return Object.entries(values).map(([name, value]) => `    ${name}=${pythonValue(value)},`);
}

/** JSON's numbers, strings and lists are Python's too; only the three words differ. */
function pythonValue(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return JSON.stringify(value);
}

function yamlLines(value: object, depth: number): string[] {
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
