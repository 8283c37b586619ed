import type { TrainSpec } from "@/lib/contract/job-spec";
import {
  type LoraParameterName,
  loraParameters,
  type Parameter,
  type TrainingParameterName,
  trainingParameters,
} from "@/lib/contract/parameters";
import { planTraining } from "@/lib/domain/plan";
import {
  fitIntervals,
  type Method,
  type PresetId,
  presetIds,
  presets,
  type Settings,
  type Surroundings,
  suggestSettings,
} from "@/lib/domain/presets";
import { planRows } from "./plan-rows";

export type LoraPath = `lora.${LoraParameterName}`;
export type TrainingPath = `training.${TrainingParameterName}`;
export type FieldPath = "name" | "modelId" | "datasetId" | "evalFraction" | "method" | LoraPath | TrainingPath;

/** What the person chose, and nothing else: every other value follows the preset, the model and the data. */
export type Draft = { preset: PresetId; values: Partial<Record<FieldPath, unknown>> };

export const emptyDraft: Draft = { preset: "balanced", values: {} };

export const setField = (draft: Draft, path: FieldPath, value: unknown): Draft => ({
  ...draft,
  values: { ...draft.values, [path]: value },
});

export function resetField(draft: Draft, path: FieldPath): Draft {
  const { [path]: _gone, ...values } = draft.values;
  return { ...draft, values };
}

/** A preset is a fresh start for the settings; model, data and name stay. */
export function applyPreset(draft: Draft, preset: PresetId): Draft {
  const { modelId, datasetId, name } = draft.values;
  return { preset, values: withoutUndefined({ modelId, datasetId, name }) };
}

/** Every value of a spec becomes a choice, so that nothing of it is adapted. */
export function draftFromSpec(spec: TrainSpec): Draft {
  const { name, modelId, data, method, lora, training } = spec;
  const nested = (group: string, values: object) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`${group}.${key}`, value]));
  return {
    preset: "balanced",
    values: {
      name,
      modelId,
      datasetId: data.sets[0]?.datasetId,
      evalFraction: data.validation.type === "fraction" ? data.validation.fraction : 0,
      method,
      ...nested("training", training),
      ...(lora === null ? {} : nested("lora", lora)),
    },
  };
}

/** A draft as read back from the browser's storage: unknown presets and fields are left out. */
export function parseDraft(text: string | null): Draft | null {
  if (text === null) return null;
  try {
    const stored: unknown = JSON.parse(text);
    if (typeof stored !== "object" || stored === null || !("values" in stored) || !("preset" in stored)) return null;
    const preset = presetIds.find((id) => id === stored.preset) ?? "balanced";
    const values = Object.fromEntries(Object.entries(stored.values ?? {}).filter(([path]) => isFieldPath(path)));
    return { preset, values };
  } catch {
    // A half-written or foreign entry is no reason to fail: the form starts afresh.
    return null;
  }
}

export type Candidate = Record<FieldPath, unknown>;
export type Resolved = { method: Method; suggested: Candidate; candidate: Candidate };

type Chosen = { modelId: string | null; datasetId: string | null; modelName: string | null; datasetName: string | null };

/** Suggestions below, choices on top. */
export function resolveDraft(draft: Draft, surroundings: Omit<Surroundings, "preset" | "method">, chosen: Chosen): Resolved {
  const method = draft.values.method === "full" || draft.values.method === "lora" ? draft.values.method : presets[draft.preset].method;
  const settings = suggestSettings({ ...surroundings, preset: draft.preset, method });
  const preset = presets[draft.preset].change.training ?? {};
  const total = countSteps(settings, draft, surroundings.usableRows);
  const intervals = total === null ? {} : fitIntervals(total);
  const fitted: Settings = { ...settings, training: { ...settings.training, ...intervals, ...preset } };
  const withoutName = { ...flatten(fitted), modelId: chosen.modelId, datasetId: chosen.datasetId };
  const rank = draft.values["lora.rank"] ?? fitted.lora.rank;
  const suggested: Candidate = { ...withoutName, name: suggestName(chosen, method === "lora" ? `r${String(rank)}` : "full") };
  return { method, suggested, candidate: { ...suggested, ...draft.values, modelId: chosen.modelId, datasetId: chosen.datasetId } };
}

/** What is sent: the shape of a TrainSpec, unchecked. */
export function toSpecInput(candidate: Candidate) {
  const pick = (group: "lora" | "training", names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, candidate[`${group}.${name}` as FieldPath]]));
  return {
    kind: "train",
    stage: "sft",
    name: candidate.name,
    modelId: candidate.modelId,
    data: {
      sets: [{ datasetId: candidate.datasetId, weight: 1, maxRows: null }],
      mix: "concatenate",
      validation:
        candidate.evalFraction === 0 ? { type: "none" } : { type: "fraction", fraction: candidate.evalFraction, stratified: true },
    },
    method: candidate.method,
    lora: candidate.method === "lora" ? pick("lora", Object.keys(loraParameters)) : null,
    training: pick("training", Object.keys(trainingParameters)),
  };
}

export const isChanged = ({ suggested, candidate }: Resolved, path: FieldPath): boolean =>
  comparable(suggested[path]) !== comparable(candidate[path]);

/** The order in which modules are named says nothing. */
const comparable = (value: unknown): string | undefined => JSON.stringify(Array.isArray(value) ? value.toSorted() : value);

/** Nothing but model, data and name was chosen since this preset was applied. */
export const isAtPreset = ({ preset, values }: Draft, id: PresetId): boolean =>
  preset === id && Object.keys(values).every((path) => path === "modelId" || path === "datasetId" || path === "name");

/** The table's entry of a field; null for the fields that are not in the table. */
export function parameterOf(path: FieldPath): Parameter | null {
  const [group, name = ""] = path.split(".");
  if (group === "lora" && name in loraParameters) return loraParameters[name as LoraParameterName];
  if (group === "training" && name in trainingParameters) return trainingParameters[name as TrainingParameterName];
  return null;
}

export const loraPaths = Object.keys(loraParameters).map((name): LoraPath => `lora.${name as LoraParameterName}`);
export const trainingPaths = Object.keys(trainingParameters).map((name): TrainingPath => `training.${name as TrainingParameterName}`);

const plainPaths: readonly string[] = ["name", "modelId", "datasetId", "evalFraction", "method"];
const isFieldPath = (path: string): path is FieldPath =>
  plainPaths.includes(path) || loraPaths.some((known) => known === path) || trainingPaths.some((known) => known === path);

/** Steps that the run would have, from the values that can be counted with; null where they can't. */
function countSteps(settings: Settings, draft: Draft, usableRows: number | null): number | null {
  if (usableRows === null || usableRows < 1) return null;
  const training = { ...settings.training };
  for (const name of ["epochs", "batchSize", "gradientAccumulation", "maxSteps"] as const) {
    const typed = draft.values[`training.${name}`];
    if (typeof typed === "number" && typed > 0 && Number.isFinite(typed)) training[name] = typed;
  }
  const typedFraction = draft.values.evalFraction;
  const evalFraction =
    typeof typedFraction === "number" && Number.isFinite(typedFraction) ? Math.min(0.5, Math.max(0, typedFraction)) : settings.evalFraction;
  return planTraining({ lora: null, training }, planRows(usableRows, evalFraction), null).totalSteps;
}

function flatten({ method, evalFraction, lora, training }: Settings): Omit<Candidate, "name" | "modelId" | "datasetId"> {
  const of = (group: string, values: object) =>
    Object.entries(values).map(([name, value]): [string, unknown] => [`${group}.${name}`, value]);
  // Both settings objects hold every name of their table, so every path of the candidate is there.
  return { method, evalFraction, ...Object.fromEntries([...of("lora", lora), ...of("training", training)]) } as Omit<
    Candidate,
    "name" | "modelId" | "datasetId"
  >;
}

function suggestName({ modelName, datasetName }: Chosen, method: string): string {
  const short = (name: string | null) =>
    (name ?? "")
      .split("/")
      .at(-1)
      ?.replace(/\.(jsonl?|JSONL?)$/, "")
      .replace(/[\p{Cc}\\\s]+/gu, "-")
      .slice(0, 34) ?? "";
  return [short(modelName), short(datasetName), method].filter((part) => part !== "").join("-");
}

const withoutUndefined = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
