import { because, type Finding, show, takeFields, taken } from "./collect";
import { isMapping } from "./parse-file";
import { asText, isOff, readBoolean } from "./read-value";
import type { ReasonCode } from "./reasons";
import type { Entry, Import } from "./types";

/** Settings of a DeepSpeed file that our form has a field for; an optimiser or scheduler in it would override the form's in silence. */
const fields: Readonly<Record<string, string>> = {
  train_micro_batch_size_per_gpu: "training.batchSize",
  gradient_accumulation_steps: "training.gradientAccumulation",
  gradient_clipping: "training.maxGradNorm",
  "optimizer.params.lr": "training.learningRate",
  "optimizer.params.weight_decay": "training.weightDecay",
  "scheduler.params.warmup_max_lr": "training.learningRate",
  steps_per_print: "training.logEverySteps",
};

const why: readonly (readonly [RegExp, ReasonCode])[] = [
  [
    /^(zero_optimization|zero_allow_untested_optimizer|zero_force_ds_cpu_optimizer|communication_data_type|prescale_gradients|gradient_predivide_factor|sparse_gradients|tensor_parallel)/,
    "processes",
  ],
  [
    /^(wall_clock_breakdown|dump_state|comms_logger|flops_profiler|monitor_config|tensorboard|wandb|csv_monitor|memory_breakdown)/,
    "printing",
  ],
  [/^(fp16|bf16|amp|torch_autocast)\./, "follows"],
  [/^train_batch_size$/, "follows"],
  [/^(optimizer|scheduler)\./, "conflict"],
];

/** Nested settings by their dotted names, so that each of them gets a line. */
export function importDeepspeed(file: Record<string, unknown>): Import {
  const read: Import = { form: "deepspeed", values: {}, lines: [] };
  for (const { name, value } of flatten(file, "")) {
    const { values, verdict } = findingOf(name, value);
    Object.assign(read.values, values);
    read.lines.push({ name, shown: show(name, value), verdict });
  }
  return read;
}

function findingOf(name: string, value: unknown): Finding {
  // "auto" is filled in from the trainer's own arguments, so from the form.
  if (value === "auto") return because("fromForm");
  const path = fields[name];
  if (path !== undefined) return takeFields({ [path]: value });
  if (name === "bf16.enabled" || name === "fp16.enabled") return precision(name, value);
  const code = why.find(([pattern]) => pattern.test(name))?.[1];
  if (code === "conflict" && name.endsWith(".type")) return scheduled(name, value);
  if (code === "processes" && (isOff(value) || isNoDevice(name, value))) return because("off");
  return code === undefined ? { verdict: { kind: "unknown", nearest: null } } : because(code);
}

const precision = (name: string, value: unknown): Finding => {
  if (readBoolean(value) !== true) return because("off");
  return takeFields({ "training.precision": name.startsWith("bf16") ? "bfloat16" : "float16" });
};

/** AdamW is what the form's optimiser is; WarmupLR stays at its height, whatever scheduler the form names. */
function scheduled(name: string, value: unknown): Finding {
  const type = asText(value);
  if (name === "optimizer.type" && /^adamw?$/i.test(type)) return because("always");
  const scheduler = { WarmupLR: "constant_with_warmup", WarmupDecayLR: "linear", WarmupCosineLR: "cosine" }[type];
  if (name !== "scheduler.type" || scheduler === undefined) return because("valueNotHere", { value: type });
  return { values: { "training.scheduler": scheduler }, verdict: taken(["training.scheduler"], { code: "overrides" }) };
}

const isNoDevice = (name: string, value: unknown): boolean => name.endsWith(".device") && value === "none";

function flatten(file: Record<string, unknown>, prefix: string): Entry[] {
  return Object.entries(file).flatMap(([name, value]) =>
    isMapping(value) ? flatten(value, `${prefix}${name}.`) : [{ name: `${prefix}${name}`, value }],
  );
}
