import type { TrainSpec } from "../contract/train-spec";

type Value = string | number | boolean | string[];
type Methodical = Pick<TrainSpec, "method" | "lora" | "quantization" | "freeze" | "startFrom">;

/** True where LLaMA-Factory has no argument for a setting of the adapter. */
export const adapterUnsaid = ({ lora, quantization }: Methodical): boolean =>
  (lora !== null && (lora.trainableTokens.length > 0 || lora.bias !== "none" || lora.init === "gaussian")) ||
  (quantization !== null && quantization.computeDtype !== "auto");

/** peft's LoraConfig: the four that everybody sets, then what differs from the defaults. */
export function peftArguments(lora: NonNullable<TrainSpec["lora"]>, task: string): Record<string, Value> {
  return {
    task_type: task,
    r: lora.rank,
    lora_alpha: lora.alpha,
    lora_dropout: lora.dropout,
    target_modules: lora.targets,
    ...(lora.rsLora ? { use_rslora: true } : {}),
    ...(lora.dora ? { use_dora: true } : {}),
    ...(lora.init === "default" ? {} : { init_lora_weights: lora.init }),
    ...(lora.modulesToSave.length > 0 ? { modules_to_save: lora.modulesToSave } : {}),
    ...(lora.bias === "none" ? {} : { bias: lora.bias }),
  };
}

export type PythonMethod = {
  imports: string[];
  /** Inside LoraConfig, and of SFTTrainer. */
  config: string[];
  trainer: string;
  /** Between the trainer and its start, and instead of a plain save. */
  before: string[];
  save: ((folder: string) => string) | null;
};

/** What a method adds to the script with plain trl. `quote` writes a text as Python does. */
export function pythonMethod(
  { lora, quantization, freeze, startFrom }: Methodical,
  rate: number,
  quote: (text: string) => string,
): PythonMethod {
  const pissa = lora?.init.startsWith("pissa") ?? false;
  const plus = lora?.plusRatio ?? null;
  const tokens = lora?.trainableTokens ?? [];
  return {
    imports: [
      ...(freeze === null ? [] : ["import re"]),
      ...(plus === null ? [] : ["from peft.optimizers import create_loraplus_optimizer"]),
      ...(tokens.length > 0 ? ["from transformers import AutoTokenizer"] : []),
      ...(quantization === null ? [] : ["from transformers import BitsAndBytesConfig"]),
    ],
    config:
      tokens.length > 0
        ? [
            `    trainable_token_indices=[int(t[1:]) if t[:1] == "#" and t[1:].isdecimal() else AutoTokenizer.from_pretrained(MODEL).convert_tokens_to_ids(t) for t in [${tokens.map(quote).join(", ")}]],`,
          ]
        : [],
    trainer: quantization === null ? "" : `, quantization_config=${bitsAndBytes(quantization)}`,
    before: [
      ...(startFrom === null
        ? []
        : [
            `# Not in this script: the run begins with ${startFrom.checkpoint} of ${startFrom.runId} (${startFrom.how}); see PeftModel.from_pretrained.`,
          ]),
      ...(pissa ? ['trainer.model.save_pretrained("output/start")  # PiSSA: to make a plain LoRA of it at the end'] : []),
      ...(plus === null
        ? []
        : [`trainer.optimizer = create_loraplus_optimizer(trainer.model, torch.optim.AdamW, lr=${rate}, loraplus_lr_ratio=${plus})`]),
      ...(freeze === null ? [] : freezeLines(freeze, quote)),
    ],
    save: pissa
      ? (folder) => `trainer.model.save_pretrained(${quote(folder)}, path_initial_model_for_weight_conversion="output/start")`
      : null,
  };
}

function bitsAndBytes({ type, doubleQuant, computeDtype }: NonNullable<TrainSpec["quantization"]>): string {
  if (type === "int8") return "BitsAndBytesConfig(load_in_8bit=True)";
  const compute = computeDtype === "auto" ? "torch.bfloat16 if BF16 else torch.float32" : `torch.${computeDtype}`;
  const double = doubleQuant ? "True" : "False";
  return `BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="${type}", bnb_4bit_use_double_quant=${double}, bnb_4bit_compute_dtype=${compute})`;
}

function freezeLines({ layers, modules, extras }: NonNullable<TrainSpec["freeze"]>, quote: (text: string) => string): string[] {
  const list = (names: readonly string[]) => `[${names.map(quote).join(", ")}]`;
  const inside = layers >= 0 ? `int(found[1]) >= trainer.model.config.num_hidden_layers - ${layers}` : `int(found[1]) < ${-layers}`;
  return [
    "for name, parameter in trainer.model.named_parameters():",
    '    found = re.match(r"(?:.*?\\.)?(\\d+)\\.", name)',
    `    names = ${modules.length === 0 ? '[""]' : list(modules)} if found else ${list(extras)}`,
    `    learns = (found is None or ${inside}) and any(one == "" or f".{one}." in f".{name}." for one in names)`,
    "    parameter.requires_grad_(learns)",
  ];
}
