import { parameterAt } from "../../contract/parameters/tables";
import { methods, stages } from "../../contract/stages";
import { allLinear } from "../presets";
import { because, type Finding, pathsNamed, type Rule, takeFields, taken } from "./collect";
import { dataRules } from "./llama-factory-data";
import { matchModel } from "./match";
import { asText, isOff, readBoolean, readList, readNumber } from "./read-value";

const model: Rule = (value, { world }) => {
  const reference = asText(value);
  const match = matchModel(reference, world.models);
  if (match === null) return { verdict: { kind: "absent", what: "model", reference } };
  return {
    values: { modelId: match.found.id },
    verdict: taken(["modelId"], match.exact ? undefined : { code: "byName", params: { names: match.found.name } }),
  };
};

/** ORPO and SimPO are losses of stage dpo there. */
const stage: Rule = (value, { at }) => {
  const written = asText(value).toLowerCase();
  const loss = asText(at("pref_loss"));
  const wanted = written === "dpo" && ["orpo", "simpo"].includes(loss) ? [loss] : (stageNames[written] ?? [written]);
  const found = stages.find((one) => wanted.includes(one));
  return found === undefined
    ? because("stageNotHere", { value: wanted[0] ?? written })
    : { values: { stage: found }, verdict: taken(["stage"]) };
};
const stageNames: Record<string, string[]> = { pt: ["pretrain", "pt", "pretraining"], rm: ["reward", "rm"] };

/** LoRA over rounded weights is a method of its own here. */
const method: Rule = (value, { at }) => {
  const written = asText(value).toLowerCase();
  const rounded = !isOff(at("quantization_bit"));
  const wanted = written === "lora" && rounded ? "qlora" : written;
  const found = methods.find((one) => one === wanted);
  return found === undefined ? because("methodNotHere", { value: wanted }) : { values: { method: found }, verdict: taken(["method"]) };
};

/** bf16, fp16 and pure_bf16 are one choice here. */
const precision =
  (wanted: string): Rule =>
  (value, { tool, at }) => {
    if (pathsNamed(tool, wanted).some((path) => path !== "training.precision")) return null;
    // "No bf16", said in so many words, is float32 unless another precision is asked for.
    const others = ["bf16", "fp16", "pure_bf16"].filter((name) => name !== wanted && readBoolean(at(name)) === true);
    if (wanted === "bf16" && readBoolean(value) === false && others.length === 0) return takeFields({ "training.precision": "float32" });
    if (readBoolean(value) !== true) return because("off");
    const found = precisions[wanted]?.find((name) => parameterAt("training.precision")?.schema.safeParse(name).success);
    return found === undefined ? because("valueNotHere", { value: wanted }) : takeFields({ "training.precision": found });
  };
const precisions: Record<string, string[]> = {
  bf16: ["bfloat16"],
  fp16: ["float16"],
  pure_bf16: ["pure_bfloat16", "pure_bf16", "bfloat16_pure"],
};

const targets: Rule = (value, { model }) => {
  if (asText(value).toLowerCase() !== "all") return takeFields({ "lora.targets": readList(value) });
  // The form suggests all linear layers by itself where the model is not known yet.
  const names = model?.facts && model.facts.modules.length > 0 ? allLinear(model.facts) : null;
  return names === null ? { verdict: taken(["lora.targets"]) } : takeFields({ "lora.targets": names });
};

/** `every`: the field of the interval; `by`: where the table can count in epochs. */
const cadence =
  (name: string, every: "training.saveEverySteps" | "training.evalEverySteps", steps: string): Rule =>
  (value, context) => {
    const written = asText(value).toLowerCase();
    if (["no", "false", ""].includes(written)) return takeFields({ [every]: null });
    const [by] = pathsNamed(context.tool, name);
    if (written === "steps")
      return merge(takeFields({ [every]: asSteps(context.at(steps)) }), by === undefined ? null : takeFields({ [by]: "steps" }));
    return by === undefined ? because("valueNotHere", { value: written }) : takeFields({ [by]: written });
  };

const interval =
  (strategy: string, field: "training.saveEverySteps" | "training.evalEverySteps"): Rule =>
  (value, { at }) => {
    const chosen = asText(at(strategy)).toLowerCase();
    return chosen === "steps" ? takeFields({ [field]: asSteps(value) }) : because("off");
  };

/** A share of all steps is written as a number below 1. */
const asSteps = (value: unknown): unknown => readNumber(value) ?? value;

const merge = (first: Finding, second: Finding | null): Finding =>
  second === null || first.verdict.kind !== "taken" || second.verdict.kind !== "taken"
    ? first
    : { values: { ...first.values, ...second.values }, verdict: taken([...first.verdict.paths, ...second.verdict.paths]) };

/** transformers 5 takes a share of the steps by the same name. */
const warmupSteps: Rule = (value, { given }) => {
  const steps = readNumber(value);
  // As transformers does: a number of steps goes before a share.
  if (steps === 0 && given("warmup_ratio")) return because("off");
  if (steps !== null && steps < 1) return takeFields({ "training.warmupRatio": steps, "training.warmupSteps": null });
  return isOff(value) ? because("off") : takeFields({ "training.warmupSteps": value });
};

const warmupRatio: Rule = (value, { at }) => {
  const steps = readNumber(at("warmup_steps")) ?? 0;
  return steps > 0 || isOff(value) ? because("off") : takeFields({ "training.warmupRatio": value, "training.warmupSteps": null });
};

const quantizationBit: Rule = (value, { tool, at }) => {
  const [path] = pathsNamed(tool, "quantization_bit");
  if (isOff(value)) return because("off");
  if (path === undefined) return null;
  const foreign = asText(at("quantization_method")).toLowerCase();
  if (!["", "bnb", "bitsandbytes"].includes(foreign)) return because("valueNotHere", { value: foreign });
  const bits = readNumber(value);
  const wanted = bits === 8 ? ["int8", "8", 8, "8bit"] : bits === 4 ? [asText(at("quantization_type")) || "nf4", "4", 4, "4bit"] : [value];
  const fits = wanted.find((one) => parameterAt(path)?.schema.safeParse(one).success);
  return takeFields({ [path]: fits ?? value });
};

const pissa: Rule = (value, { tool, at }) => {
  const [path] = pathsNamed(tool, "pissa_init");
  if (path === undefined || readBoolean(value) !== true) return null;
  const rounds = readNumber(at("pissa_iter"));
  const wanted = rounds === null || rounds < 0 ? "pissa" : `pissa_niter_${rounds}`;
  return parameterAt(path)?.schema.safeParse(wanted).success
    ? takeFields({ [path]: wanted })
    : because("valueNotHere", { value: `pissa_iter ${rounds}` });
};

const attention: Rule = (value, { tool }) => {
  const [path] = pathsNamed(tool, "flash_attn");
  const written = asText(value).toLowerCase();
  if (path === undefined) return written === "auto" || written === "sdpa" ? because("off") : because("valueNotHere", { value: written });
  return takeFields({ [path]: attentions[written] ?? written });
};
const attentions: Record<string, string> = {
  fa2: "flash_attention_2",
  fa3: "flash_attention_3",
  disabled: "eager",
  true: "flash_attention_2",
  false: "sdpa",
};

/** Rows that are packed see each other there unless it is "neat"; of pre-training the text is cut into blocks. */
const packing: Rule = (value, { at }) => {
  if (readBoolean(value) !== true)
    return readBoolean(at("neat_packing")) === true ? because("follows") : takeFields({ "training.packing": "off" });
  if (asText(at("stage")) === "pt") return takeFields({ "training.packing": "wrapped" });
  const found = takeFields({ "training.packing": "bfd" });
  return readBoolean(at("neat_packing")) === true ? found : { ...found, verdict: taken(["training.packing"], { code: "packedApart" }) };
};

const neatPacking: Rule = (value) => (readBoolean(value) === true ? takeFields({ "training.packing": "bfd" }) : because("off"));

const order =
  (wanted: string): Rule =>
  (value) =>
    readBoolean(value) === true ? takeFields({ "training.order": wanted }) : because("off");

const sampling: Rule = (value) => takeFields({ "training.order": asText(value) === "group_by_length" ? "length" : value });

const runName: Rule = (value) => {
  const name = asText(value)
    .replace(/[\p{Cc}/\\]+/gu, "-")
    .slice(0, 80);
  return name === "" ? because("off") : { values: { name }, verdict: taken(["name"]) };
};

/** The last folder tells the run from the others there. */
const outputDir: Rule = (value, { given, at }) => {
  const last = asText(value)
    .split(/[/\\]/)
    .filter((part) => part !== "" && part !== ".")
    .at(-1);
  return last === undefined || (given("run_name") && !isOff(at("run_name")))
    ? because("place")
    : { values: { name: last.slice(0, 80) }, verdict: taken(["name"]) };
};

const reportTo: Rule = (value) => {
  const names = readList(value).filter((name) => !["none", "null", "all"].includes(name.toLowerCase()));
  return names.length === 0 ? because("ownCharts") : null;
};

const alpha: Rule = (value, { at }) => takeFields({ "lora.alpha": isOff(value) ? 2 * (readNumber(at("lora_rank")) ?? 8) : value });

/** A setting of a loss that our stage names: nothing else to do. */
const prefLoss: Rule = (value, { at, tool }) => {
  const known: readonly string[] = stages;
  if (asText(at("stage")) !== "dpo" && asText(at("stage")) !== "kto") return because("off");
  const written = asText(value);
  if (["orpo", "simpo"].includes(written))
    return known.includes(written) ? { verdict: taken(["stage"]) } : because("stageNotHere", { value: written });
  return pathsNamed(tool, "pref_loss").length === 0 && written === "sigmoid" && known.includes("dpo") ? because("off") : null;
};

const modelCode: Rule = (value, { model }) =>
  readBoolean(value) !== true || model?.trustRemoteCode === true ? because("off") : because("modelCode");

export const llamaFactoryRules: Readonly<Record<string, Rule>> = {
  ...dataRules,
  model_name_or_path: model,
  model_revision: (value) => (asText(value) === "main" ? because("off") : because("follows")),
  trust_remote_code: modelCode,
  stage,
  finetuning_type: method,
  lora_target: targets,
  lora_alpha: alpha,
  bf16: precision("bf16"),
  fp16: precision("fp16"),
  pure_bf16: precision("pure_bf16"),
  disable_gradient_checkpointing: (value) => {
    const off = readBoolean(value);
    return off === null ? null : takeFields({ "training.gradientCheckpointing": !off });
  },
  warmup_steps: warmupSteps,
  warmup_ratio: warmupRatio,
  save_strategy: cadence("save_strategy", "training.saveEverySteps", "save_steps"),
  save_steps: interval("save_strategy", "training.saveEverySteps"),
  eval_strategy: cadence("eval_strategy", "training.evalEverySteps", "eval_steps"),
  eval_steps: interval("eval_strategy", "training.evalEverySteps"),
  quantization_bit: quantizationBit,
  quantization_type: (_value, { tool }) => (pathsNamed(tool, "quantization_bit").length > 0 ? because("follows") : null),
  quantization_method: (_value, { tool }) => (pathsNamed(tool, "quantization_bit").length > 0 ? because("follows") : null),
  pissa_init: pissa,
  pissa_iter: (_value, { tool }) => (pathsNamed(tool, "pissa_init").length > 0 ? because("follows") : null),
  flash_attn: attention,
  packing,
  neat_packing: neatPacking,
  group_by_length: order("length"),
  disable_shuffling: order("sequential"),
  train_sampling_strategy: sampling,
  per_device_eval_batch_size: (value, { at, tool }) => {
    if (pathsNamed(tool, "per_device_eval_batch_size").length > 0) return null;
    return asText(value) === asText(at("per_device_train_batch_size")) ? because("off") : because("always");
  },
  // Early stopping asks for it there; here it goes without saying.
  load_best_model_at_end: (_value, { at }) => (isOff(at("early_stopping_steps")) ? null : because("follows")),
  run_name: runName,
  output_dir: outputDir,
  report_to: reportTo,
  pref_loss: prefLoss,
};

/** What LLaMA-Factory does where nothing is said; transformers' defaults among them. Those that our form has a field for. */
export const llamaFactoryDefaults: Readonly<Record<string, unknown>> = {
  stage: "sft",
  finetuning_type: "lora",
  lora_rank: 8,
  lora_alpha: null,
  lora_dropout: 0,
  lora_target: "all",
  cutoff_len: 2048,
  mix_strategy: "concat",
  val_size: 0,
  learning_rate: 5e-5,
  num_train_epochs: 3,
  max_steps: -1,
  per_device_train_batch_size: 8,
  gradient_accumulation_steps: 1,
  lr_scheduler_type: "linear",
  warmup_steps: 0,
  weight_decay: 0,
  max_grad_norm: 1,
  optim: "adamw_torch",
  packing: false,
  train_sampling_strategy: "random",
  disable_gradient_checkpointing: false,
  logging_steps: 500,
  save_strategy: "steps",
  save_steps: 500,
  save_total_limit: null,
  eval_strategy: "no",
  seed: 42,
  quantization_type: "nf4",
  pissa_iter: 16,
  pref_loss: "sigmoid",
  freeze_vision_tower: true,
  freeze_multi_modal_projector: true,
};
