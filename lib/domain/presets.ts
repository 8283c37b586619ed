import type { TrainingSettings, TrainSpec } from "../contract/job-spec";
import type { ModelFacts } from "../contract/model";
import { defaultsOf, type SettingsOf, type Words } from "../contract/parameters/parameter";
import { type ParameterPart, parameterParts, parameterTables } from "../contract/parameters/tables";
import { trainingParameters } from "../contract/parameters/training";
import type { Run } from "../contract/run";
import { adapterMethods, type Method, type Stage } from "../contract/stages";
import { mixCounts } from "./mix";
import { shareHeldOut } from "./train-data";

type Parts = { [P in ParameterPart]: SettingsOf<(typeof parameterTables)[P]> };

/** What the form edits: LoRA settings are kept while full fine-tuning is chosen, so that switching back loses nothing. */
export type Settings = Parts & { stage: Stage; method: Method; evalFraction: number };

export const DEFAULT_EVAL_FRACTION = 0.05;
const SMALL_DATA_ROWS = 500;
const MIN_ROWS_TO_SPLIT = 20;

/** The parameter table's defaults for a method. */
export const defaultsFor = (stage: Stage, method: Method): Settings => ({
  stage,
  method,
  evalFraction: DEFAULT_EVAL_FRACTION,
  ...(Object.fromEntries(parameterParts.map((part) => [part, defaultsOf(parameterTables[part], method, stage)])) as Parts),
});

type Change = { [P in ParameterPart]?: Partial<Parts[P]> } & { evalFraction?: number };
export type Preset = { method: Method; label: Words; detail: Words; change: Change };

export const presetIds = ["balanced", "quick", "matched", "full", "tiny"] as const;
export type PresetId = (typeof presetIds)[number];

export const presets: Record<PresetId, Preset> = {
  balanced: {
    method: "lora",
    label: { en: "LoRA, balanced", zh: "LoRA，均衡" },
    detail: { en: "The defaults: good for most data, small checkpoints.", zh: "默认设置：适合大多数数据，检查点小。" },
    change: {},
  },
  quick: {
    method: "lora",
    label: { en: "Quick look", zh: "快速试跑" },
    detail: { en: "20 steps, to see that model, data and memory fit.", zh: "只训练 20 步，看看模型、数据和内存是否合适。" },
    change: { evalFraction: 0, training: { maxSteps: 20, gradientAccumulation: 1, saveEverySteps: null } },
  },
  matched: {
    method: "lora",
    label: { en: "LoRA, matched to full tuning", zh: "LoRA，对标全量微调" },
    detail: {
      en: "All linear layers, rank 64, ten times the learning rate of full tuning: close to its quality with far less memory.",
      zh: "覆盖全部线性层，秩 64，学习率为全量微调的 10 倍：效果接近全量，内存少得多。",
    },
    change: { lora: { rank: 64, alpha: 64 }, training: { learningRate: 10 * (trainingParameters.learningRate.defaultFor?.full ?? 2e-5) } },
  },
  full: {
    method: "full",
    label: { en: "Full fine-tuning, careful", zh: "全量微调，稳妥" },
    detail: {
      en: "All weights, a low learning rate, longer warm-up. Needs 16 bytes of memory a parameter, and activations.",
      zh: "更新全部权重，学习率低，预热更长。每个参数需要 16 字节内存，激活值另计。",
    },
    change: { training: { learningRate: 1e-5, epochs: 2, warmupRatio: 0.1, weightDecay: 0.01, gradientCheckpointing: true, saveLimit: 2 } },
  },
  tiny: {
    method: "lora",
    label: { en: "Tiny data", zh: "极少数据" },
    detail: {
      en: "Under a few hundred rows: more epochs, small batches, some dropout.",
      zh: "几百条以内：轮数更多、批更小、带少量 dropout。",
    },
    change: { lora: { rank: 8, alpha: 16, dropout: 0.05 }, training: { epochs: 8, batchSize: 2, gradientAccumulation: 1 } },
  },
};

export type Surroundings = {
  preset: PresetId;
  stage: Stage;
  method: Method;
  facts: ModelFacts | null;
  usableRows: number | null;
  /** Settings that are known to work on the chosen model, such as the quick start's for the demo model. */
  proven: TrainSpec | null;
};

/** Starting settings for a preset, fitted to the model and the data; what the preset or the proven spec says is kept. */
export function suggestSettings({ preset, stage, method, facts, usableRows, proven }: Surroundings): Settings {
  const defaults = defaultsFor(stage, method);
  const known = preset === "balanced" && proven !== null ? provenChange(proven, method) : {};
  // A preset's learning rate and the like are meant for its own method; after switching the method the defaults hold.
  const chosen = presets[preset].method === method ? presets[preset].change : {};
  const fitted = fitToModelAndData({ facts, usableRows, evalFraction: chosen.evalFraction ?? defaults.evalFraction });
  const layers = [fitted, atStage(known, stage, method), atStage(chosen, stage, method)];
  for (const part of parameterParts) Object.assign(defaults[part], ...layers.map((layer) => layer[part]));
  return { ...defaults, evalFraction: chosen.evalFraction ?? fitted.evalFraction ?? defaults.evalFraction };
}

/** Learning rates of presets and proven specs are meant for fine-tuning; other stages take the same multiple of their own default. */
function atStage(change: Change, stage: Stage, method: Method): Change {
  const { training = {} } = change;
  if (stage === "sft" || training.learningRate === undefined) return change;
  const rate = (of: Stage) => defaultsOf(trainingParameters, method, of).learningRate;
  const learningRate = Number(((training.learningRate * rate(stage)) / rate("sft")).toPrecision(3));
  return { ...change, training: { ...training, learningRate } };
}

/** Short runs still get about four checkpoints and ten evaluations. */
export function fitIntervals(totalSteps: number): Pick<TrainingSettings, "saveEverySteps" | "evalEverySteps"> {
  return {
    saveEverySteps: Math.max(1, Math.min(trainingParameters.saveEverySteps.default ?? totalSteps, Math.ceil(totalSteps / 4))),
    evalEverySteps: Math.max(1, Math.min(trainingParameters.evalEverySteps.default ?? totalSteps, Math.ceil(totalSteps / 10))),
  };
}

/** The spec to start from when a run is to be run again; null for a run that trains nothing. */
export function specFromRun(run: Pick<Run, "spec">): TrainSpec | null {
  return run.spec.kind === "train" ? { ...run.spec, name: nextName(run.spec.name) } : null;
}

/** `identity-r16` → `identity-r16 (2)` → `identity-r16 (3)`. */
export function nextName(name: string): string {
  const numbered = /^(.*) \((\d{1,6})\)$/u.exec(name);
  const stem = numbered?.[1] ?? name;
  const suffix = ` (${numbered?.[2] === undefined ? 2 : Number(numbered[2]) + 1})`;
  return [...stem].slice(0, 80 - suffix.length).join("") + suffix;
}

/** The modules of “all linear layers”: every linear group but the output head. */
export const allLinear = (facts: ModelFacts): string[] => facts.modules.filter((group) => !group.head).map((group) => group.name);

/** The modules of “attention only”, by the names that today's model families use. */
export const attentionOnly = (facts: ModelFacts): string[] => allLinear(facts).filter((name) => ATTENTION.test(name));
const ATTENTION = /^(q|k|v|o|qkv|q_a|q_b|kv_a|kv_b|out)_proj|^(c_attn|query_key_value|query|key|value|Wqkv|wqkv|wo)$/;

function fitToModelAndData({
  facts,
  usableRows,
  evalFraction,
}: {
  facts: ModelFacts | null;
  usableRows: number | null;
  evalFraction: number;
}): Change {
  const change: Change = { evalFraction, training: {} };
  if (facts !== null && facts.modules.length > 0) change.lora = { targets: allLinear(facts) };
  if (facts?.contextLength) change.training = { cutoffLength: Math.min(trainingParameters.cutoffLength.default, facts.contextLength) };
  if (usableRows === null) return change;
  if (usableRows < MIN_ROWS_TO_SPLIT) change.evalFraction = 0;
  const { trainRows } = mixCounts(
    { sets: [{ weight: 1, maxRows: null }], mix: "concatenate", validation: shareHeldOut(evalFraction) },
    { sets: [usableRows], validation: [] },
    0,
  );
  if (trainRows < SMALL_DATA_ROWS) change.training = { ...change.training, gradientAccumulation: 1 };
  return change;
}

/** A proven LoRA spec serves full tuning too, at a tenth of its learning rate. Saving and evaluating follow the run's length. */
function provenChange(spec: TrainSpec, method: Method): Change {
  const { saveEverySteps: _save, evalEverySteps: _eval, seed: _seed, ...training } = spec.training;
  const [known, wanted] = [spec.method, method].map((one) => adapterMethods.includes(one));
  const learningRate = known === wanted ? training.learningRate : training.learningRate * (wanted ? 10 : 0.1);
  return { training: { ...training, learningRate }, ...(spec.lora === null ? {} : { lora: spec.lora }) };
}
