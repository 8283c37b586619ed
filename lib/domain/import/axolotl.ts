import { parameterAt } from "../../contract/parameters/tables";
import { methods, stages } from "../../contract/stages";
import { axolotlArguments } from "./axolotl-arguments";
import { because, collect, type Finding, pathsNamed, type Rule, type Tool, takeFields, taken } from "./collect";
import { llamaFactoryRules } from "./llama-factory-rules";
import { matchDataset, matchModel } from "./match";
import { isMapping } from "./parse-file";
import { asText, isOff, readBoolean, readNumber } from "./read-value";
import type { Import, World } from "./types";

/** Read under LLaMA-Factory's name with the same meaning. */
const like = (name: string): Rule => llamaFactoryRules[name] ?? (() => null);

const method: Rule = (value, { at }) => {
  const rounded = [at("load_in_4bit"), at("load_in_8bit")].some((one) => readBoolean(one) === true);
  const written = isOff(value) ? "full" : asText(value).toLowerCase();
  const wanted = written === "lora" && rounded ? "qlora" : written;
  const found = methods.find((one) => one === wanted);
  return found === undefined ? because("methodNotHere", { value: wanted }) : { values: { method: found }, verdict: taken(["method"]) };
};

const rounding =
  (bits: number): Rule =>
  (value, { tool }) => {
    if (readBoolean(value) !== true) return because("off");
    const [path] = pathsNamed(tool, "bnb_4bit_quant_type");
    if (path === undefined) return null;
    const fits = (bits === 8 ? ["int8", "8bit"] : ["nf4"]).find((one) => parameterAt(path)?.schema.safeParse(one).success);
    return fits === undefined ? null : takeFields({ [path]: fits });
  };

/** Lists of mappings with a path: `{path: alpaca_data.json, type: alpaca}`; how rows are read is decided on the data page. */
const sets =
  (path: "data.sets" | "data.validation.datasetIds"): Rule =>
  (value, { world }) => {
    if (isOff(value)) return because("off");
    const names = (Array.isArray(value) ? value : [value]).map((one) => asText(isMapping(one) ? (one.path ?? one.name) : one));
    const found = names.map((name) => ({ name, id: matchDataset(name, world.datasets)?.found.id }));
    const ids = [...new Set(found.flatMap(({ id }) => id ?? []))];
    const absent = found
      .filter(({ id }) => id === undefined)
      .map(({ name }): Finding => ({ verdict: { kind: "absent", what: "data", reference: name } }));
    if (ids.length === 0) return absent;
    const values =
      path === "data.sets"
        ? { [path]: ids.map((datasetId) => ({ datasetId, weight: 1, maxRows: null })) }
        : { [path]: ids, "data.validation.type": "sets" };
    return [{ values, verdict: taken([path]) }, ...absent];
  };

/** `evals_per_epoch: 1` is "by epochs" where the table has it; other numbers need the number of steps. */
const perEpoch =
  (strategy: string): Rule =>
  (value, { tool }) => {
    if (isOff(value)) return because("off");
    const [by] = pathsNamed(tool, strategy);
    return readNumber(value) === 1 && by !== undefined ? takeFields({ [by]: "epochs" }) : because("valueNotHere", { value: asText(value) });
  };

const precision: Rule = (value, context) =>
  asText(value) === "auto" ? takeFields({ "training.precision": "auto" }) : like("bf16")(value, context);

const stage: Rule = (value) => {
  const wanted = asText(value);
  const found = stages.find((one) => one === wanted);
  return isOff(value)
    ? because("off")
    : found === undefined
      ? because("stageNotHere", { value: wanted })
      : { values: { stage: found }, verdict: taken(["stage"]) };
};

const attention =
  (implementation: string): Rule =>
  (value) =>
    readBoolean(value) === true ? takeFields({ "training.attention": implementation }) : because("off");

const rules: Readonly<Record<string, Rule>> = {
  base_model: like("model_name_or_path"),
  trust_remote_code: like("trust_remote_code"),
  datasets: sets("data.sets"),
  test_datasets: sets("data.validation.datasetIds"),
  val_set_size: like("val_size"),
  adapter: method,
  load_in_4bit: rounding(4),
  load_in_8bit: rounding(8),
  lora_target_linear: (value, context) => (readBoolean(value) === true ? like("lora_target")("all", context) : because("off")),
  lora_target_modules: (value, context) =>
    isOff(value) ? because("off") : like("lora_target")(asText(value) === "all-linear" ? "all" : value, context),
  bf16: precision,
  bfloat16: precision,
  fp16: like("fp16"),
  float16: like("fp16"),
  gradient_checkpointing: (value) => {
    const on = readBoolean(value);
    return on === null ? because("valueNotHere", { value: asText(value) }) : takeFields({ "training.gradientCheckpointing": on });
  },
  flash_attention: attention("flash_attention_2"),
  sdp_attention: attention("sdpa"),
  eager_attention: attention("eager"),
  flex_attention: attention("flex_attention"),
  sample_packing: (value) => takeFields({ "training.packing": readBoolean(value) === true ? "bfd" : "off" }),
  group_by_length: (value) => takeFields({ "training.order": readBoolean(value) === true ? "length" : "random" }),
  warmup_steps: like("warmup_steps"),
  warmup_ratio: like("warmup_ratio"),
  save_strategy: like("save_strategy"),
  save_steps: (value) => (isOff(value) ? because("off") : takeFields({ "training.saveEverySteps": value })),
  saves_per_epoch: perEpoch("save_strategy"),
  eval_strategy: like("eval_strategy"),
  eval_steps: (value) => (isOff(value) ? because("off") : takeFields({ "training.evalEverySteps": value })),
  evals_per_epoch: perEpoch("eval_strategy"),
  output_dir: like("output_dir"),
  rl: stage,
  train_on_inputs: (value, { tool }) =>
    pathsNamed(tool, "train_on_inputs").length > 0 ? null : readBoolean(value) === true ? because("noSetting") : because("off"),
  // Null stands for "as the library has it", which is clipping at 1.
  max_grad_norm: (value) => (value === null ? because("off") : null),
  seed: (value) => (value === null ? because("off") : null),
  logging_steps: (value) => (value === null ? because("off") : null),
};

export const axolotlTool: Tool = {
  form: "axolotl",
  nameOf: ({ axolotl, trl }) => axolotl ?? trl,
  rules,
  defaults: {
    ...{
      adapter: null,
      datasets: null,
      val_set_size: 0,
      sequence_len: 512,
      micro_batch_size: 1,
      gradient_accumulation_steps: 1,
      num_epochs: 1,
    },
    ...{
      lr_scheduler: "cosine",
      optimizer: "adamw_torch_fused",
      weight_decay: 0,
      lora_dropout: 0,
      gradient_checkpointing: false,
      bf16: "auto",
    },
    ...{ warmup_ratio: 0.03, sample_packing: false, group_by_length: false },
  },
  formerNames: { evaluation_strategy: "eval_strategy", noisy_embedding_alpha: "neftune_noise_alpha" },
  reasonOf: (name) => axolotlArguments[name] ?? null,
  known: [...Object.keys(axolotlArguments), ...Object.keys(rules)],
};

export function importAxolotl(file: Record<string, unknown>, world: World, withDefaults: boolean): Import {
  const model = "base_model" in file ? (matchModel(asText(file.base_model), world.models)?.found ?? null) : world.model;
  const entries = Object.entries(file).map(([name, value]) => ({ name, value }));
  return collect(axolotlTool, entries, { world, model, withDefaults });
}
