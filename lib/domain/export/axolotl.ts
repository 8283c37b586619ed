import type { TrainSpec } from "../../contract/job-spec";
import { isShown, type ParameterTable } from "../../contract/parameters/parameter";
import { type ParameterPart, parameterParts, parameterTables } from "../../contract/parameters/tables";
import { type CommandInputs, outputFolder, yamlLines } from "../commands";

/** The same training with Axolotl. `unsaid`: names of settings, as the form has them, that Axolotl has no key for. */
export function toAxolotl(spec: TrainSpec, inputs: CommandInputs): { yaml: string; unsaid: string[] } {
  const { settings, unsaid } = named(spec);
  const mixes = spec.data.mix !== "concatenate" && spec.data.sets.length > 1;
  const file = {
    base_model: inputs.model.reference,
    ...(inputs.model.revision === null ? {} : { revision_of_model: inputs.model.revision }),
    ...(inputs.model.trustRemoteCode ? { trust_remote_code: true } : {}),
    // Rows as they are trained here: messages, answers learned, the tokenizer's own template.
    datasets: inputs.sets.map(({ rowsPath }) => ({ path: rowsPath, ds_type: "json", type: "chat_template", field_messages: "messages" })),
    ...validation(spec, inputs),
    ...adapter(spec),
    ...settings,
    ...precision(spec.training.precision),
    sample_packing: spec.training.packing !== "off",
    ...(spec.training.order === "length" ? { group_by_length: true } : {}),
    output_dir: outputFolder(spec),
  };
  return { yaml: yamlLines(file, 0).join("\n"), unsaid: [...unsaid, ...(mixes ? ["data.mix"] : []), ...caps(spec)] };
}

const caps = ({ data }: TrainSpec): string[] => (data.sets.some(({ maxRows }) => maxRows !== null) ? ["data.sets"] : []);

/** Settings that are written in words of their own above. */
const handled = [
  "training.precision",
  "training.packing",
  "training.order",
  "training.warmupRatio",
  "training.warmupSteps",
  "training.saveEverySteps",
  "training.evalEverySteps",
];

/** Keys of Axolotl among the names that it shares with trl. */
const SPOKEN = new Set(
  (
    "learning_rate max_steps gradient_accumulation_steps weight_decay max_grad_norm gradient_checkpointing logging_steps save_total_limit seed lora_alpha " +
    "lora_dropout neftune_noise_alpha tf32 torch_compile attn_implementation adam_beta1 adam_beta2 adam_epsilon early_stopping_patience load_best_model_at_end " +
    "dataloader_num_workers dataloader_prefetch_factor dataloader_drop_last loraplus_lr_ratio"
  ).split(" "),
);

function named(spec: TrainSpec): { settings: Record<string, unknown>; unsaid: string[] } {
  const settings: Record<string, unknown> = cadence(spec);
  const unsaid: string[] = [];
  for (const part of parameterParts) {
    for (const { path, trl, axolotl, value, optional } of said(part, spec)) {
      if (handled.includes(path)) continue;
      const [dictionary = "", key] = trl.split(".");
      if (axolotl !== undefined || SPOKEN.has(trl)) settings[axolotl ?? trl] = value;
      else if (key !== undefined && dictionary === "lr_scheduler_kwargs")
        settings[dictionary] = { ...asRecord(settings[dictionary]), [key]: value };
      else if (optional) unsaid.push(path);
    }
  }
  return { settings, unsaid };
}

/** Settings of a part that mean something: those that may be left out only where they differ from their default. */
function said(part: ParameterPart, spec: TrainSpec) {
  const values = spec[part];
  if (values === null) return [];
  const table: ParameterTable = parameterTables[part];
  const all: Record<string, unknown> = { ...values };
  return Object.entries(table).flatMap(([name, parameter]) => {
    const optional = parameter.schema.def.type === "default";
    const value = all[name];
    if (!isShown(parameter, all) || value === null || (optional && JSON.stringify(value) === JSON.stringify(parameter.default))) return [];
    return [{ path: `${part}.${name}`, trl: parameter.trl, axolotl: parameter.axolotl, value, optional }];
  });
}

function cadence({ training, data }: TrainSpec): Record<string, unknown> {
  const warmup = training.warmupSteps === null ? { warmup_ratio: training.warmupRatio } : { warmup_steps: training.warmupSteps };
  const save =
    training.saveBy === "epochs"
      ? { saves_per_epoch: 1 }
      : training.saveEverySteps === null
        ? { save_strategy: "no" }
        : { save_steps: training.saveEverySteps };
  if (data.validation.type === "none") return { ...warmup, ...save };
  const evaluate =
    training.evalBy === "epochs" ? { evals_per_epoch: 1 } : training.evalEverySteps === null ? {} : { eval_steps: training.evalEverySteps };
  return { ...warmup, ...save, ...evaluate };
}

function validation({ data }: TrainSpec, { validation: sets, counts }: CommandInputs): Record<string, unknown> {
  if (data.validation.type === "none") return { val_set_size: 0 };
  if (data.validation.type === "sets")
    return {
      test_datasets: sets.map(({ rowsPath }) => ({
        path: rowsPath,
        ds_type: "json",
        split: "train",
        type: "chat_template",
        field_messages: "messages",
      })),
    };
  return { val_set_size: Number((counts.evalRows / Math.max(1, counts.trainRows + counts.evalRows)).toPrecision(6)) };
}

/** QLoRA is an adapter over weights that are loaded in four bits. */
function adapter({ method }: TrainSpec): Record<string, unknown> {
  const name: string = method;
  return name === "qlora" ? { adapter: "qlora", load_in_4bit: true } : name === "lora" ? { adapter: "lora" } : {};
}

function precision(value: TrainSpec["training"]["precision"]): Record<string, unknown> {
  if (value === "auto") return { bf16: "auto" };
  return value === "float16" ? { fp16: true } : { bf16: value !== "float32" };
}

const asRecord = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});
