import type { TrainSpec } from "@/lib/contract/job-spec";
import { appliesTo, isShown, type ParameterTable } from "@/lib/contract/parameters/parameter";
import {
  type ParameterPart,
  type ParameterPath,
  parameterParts,
  parameterPaths,
  parameterTables,
  partApplies,
} from "@/lib/contract/parameters/tables";
import { adapterMethods, type Method, methods, type Stage, stages } from "@/lib/contract/stages";
import { readMore } from "@/lib/domain/more-lines";
import { planTraining } from "@/lib/domain/plan";
import {
  DEFAULT_EVAL_FRACTION,
  fitIntervals,
  type PresetId,
  presetIds,
  presets,
  type Settings,
  type Surroundings,
  suggestSettings,
} from "@/lib/domain/presets";
import { choiceOf, type DataPath, type DataValues, dataPaths, toDataInput, upgradeValues } from "./data-draft";
import { countKept, planData, type RowsOf } from "./data-plan";

export type FieldPath = "name" | "modelId" | DataPath | "stage" | "method" | "startFrom" | ParameterPath;

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
export const applyPreset = ({ values }: Draft, preset: PresetId): Draft => ({
  preset,
  values: Object.fromEntries(Object.entries(values).filter(([path]) => outlastsPreset(path))),
});

/** What is held out belongs to the settings, but sets that were chosen for it stay chosen. */
const outlastsPreset = (path: string): boolean =>
  ["modelId", "name", "stage", "data.sets", "data.mix", "data.validation.datasetIds"].includes(path);

/** Every value of a spec becomes a choice, so that nothing of it is adapted. */
export function draftFromSpec(spec: TrainSpec): Draft {
  const { name, modelId, data, stage, method, startFrom } = spec;
  const nested = (group: string, values: object) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`${group}.${key}`, value]));
  return {
    preset: "balanced",
    values: {
      name,
      modelId,
      "data.sets": data.sets,
      "data.mix": data.mix,
      ...nested("data.validation", data.validation),
      stage,
      method,
      startFrom,
      ...Object.assign({}, ...parameterParts.map((part) => nested(part, spec[part] ?? {}))),
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
    const values = Object.fromEntries(Object.entries(upgradeValues({ ...asRecord(stored.values) })).filter(([path]) => isFieldPath(path)));
    return { preset, values };
  } catch {
    // A half-written or foreign entry is no reason to fail: the form starts afresh.
    return null;
  }
}

export type Candidate = Record<FieldPath, unknown>;
export type Resolved = { stage: Stage; method: Method; suggested: Candidate; candidate: Candidate };

/** What stands in fields that nobody filled in, and what is known of the things that are chosen. */
export type Chosen = {
  modelId: string | null;
  modelName: string | null;
  datasetId: string | null;
  rowsOf: RowsOf;
  dataNames: readonly string[];
};

/** Suggestions below, choices on top. */
export function resolveDraft(
  draft: Draft,
  surroundings: Omit<Surroundings, "preset" | "stage" | "method" | "usableRows">,
  chosen: Chosen,
): Resolved {
  const { values } = draft;
  const method = methods.find((one) => one === values.method) ?? presets[draft.preset].method;
  const stage = stages.find((one) => one === values.stage) ?? "sft";
  const usableRows = countKept(values["data.sets"] ?? [choiceOf(chosen.datasetId)], chosen.rowsOf);
  const settings = suggestSettings({ ...surroundings, usableRows, preset: draft.preset, stage, method });
  const data: DataValues = { ...suggestData(settings.evalFraction, usableRows, chosen), ...pickData(values) };
  const preset = presets[draft.preset].change.training ?? {};
  const total = countSteps(settings, values, data, chosen.rowsOf);
  const intervals = total === null ? {} : fitIntervals(total);
  const fitted: Settings = { ...settings, training: { ...settings.training, ...intervals, ...preset } };
  const rank = values["lora.rank"] ?? fitted.lora.rank;
  const suggested: Candidate = {
    ...flatten(fitted),
    ...suggestData(settings.evalFraction, usableRows, chosen),
    modelId: chosen.modelId,
    startFrom: null,
    name: suggestName(chosen, adapterMethods.includes(method) ? `${method === "qlora" ? "q" : ""}r${String(rank)}` : method),
  };
  return { stage, method, suggested, candidate: { ...suggested, ...values, modelId: chosen.modelId } };
}

export const stageOf = (candidate: Candidate): Stage => stages.find((one) => one === candidate.stage) ?? "sft";

/** What is sent: the shape of a TrainSpec, unchecked. */
export function toSpecInput(candidate: Candidate) {
  const stage = stages.find((one) => one === candidate.stage) ?? "sft";
  const method = methods.find((one) => one === candidate.method) ?? "lora";
  const part = (name: ParameterPart) =>
    partApplies(name, stage, method) ? meaningful(name, valuesOf(name, candidate), stage, method) : null;
  return {
    kind: "train",
    stage: candidate.stage,
    name: candidate.name,
    modelId: candidate.modelId,
    data: toDataInput(candidate),
    method: candidate.method,
    startFrom: adapterMethods.includes(method) ? candidate.startFrom : null,
    ...(Object.fromEntries(parameterParts.map((name) => [name, part(name)])) as Record<ParameterPart, Record<string, unknown> | null>),
  };
}

/** The values of a part's fields. */
export const valuesOf = (part: ParameterPart, candidate: Candidate): Record<string, unknown> =>
  Object.fromEntries(Object.keys(parameterTables[part]).map((name) => [name, candidate[`${part}.${name}` as ParameterPath]]));

/** What has no field, because of the others or at this stage, stands at its default, whatever was typed while it had one. */
function meaningful(part: ParameterPart, values: Record<string, unknown>, stage: Stage, method: Method): Record<string, unknown> {
  const table: ParameterTable = parameterTables[part];
  const entries = Object.entries(table).map(([name, parameter]) => [
    name,
    appliesTo(parameter, stage, method) && isShown(parameter, values) ? asTyped(values[name], name) : parameter.default,
  ]);
  return Object.fromEntries(entries);
}

/** Lines become arguments; those that can't be read stay a text, which the schema refuses. */
const asTyped = (value: unknown, name: string): unknown =>
  name === "more" && typeof value === "string" ? (readMore(value).more ?? value) : value;

export const isChanged = ({ suggested, candidate }: Resolved, path: FieldPath): boolean =>
  comparable(suggested[path]) !== comparable(candidate[path]);

/** The order in which modules are named says nothing. */
const comparable = (value: unknown): string | undefined => JSON.stringify(Array.isArray(value) ? value.toSorted() : value);

/** Nothing but model, data and name was chosen since this preset was applied. */
export const isAtPreset = ({ preset, values }: Draft, id: PresetId): boolean => preset === id && Object.keys(values).every(outlastsPreset);

const plainPaths: readonly string[] = ["name", "modelId", ...dataPaths, "stage", "method", "startFrom"];
const isFieldPath = (path: string): path is FieldPath => plainPaths.includes(path) || parameterPaths.some((known) => known === path);

/** One set, a share of it held out; figures for the other kinds of validation stand ready. */
const suggestData = (evalFraction: number, usableRows: number | null, { datasetId }: Chosen): DataValues => ({
  "data.sets": [choiceOf(datasetId)],
  "data.mix": "concatenate",
  "data.validation.type": evalFraction === 0 ? "none" : "fraction",
  "data.validation.fraction": evalFraction === 0 ? DEFAULT_EVAL_FRACTION : evalFraction,
  "data.validation.rows": Math.max(1, Math.min(MAX_SUGGESTED_ROWS, Math.floor((usableRows ?? 0) * DEFAULT_EVAL_FRACTION))),
  "data.validation.stratified": true,
  "data.validation.datasetIds": [],
});
const MAX_SUGGESTED_ROWS = 500;

const pickData = (values: Draft["values"]): Partial<DataValues> =>
  Object.fromEntries(dataPaths.filter((path) => path in values).map((path) => [path, values[path]]));

/** Steps that the run would have, from the values that can be counted with; null where they can't. */
function countSteps(settings: Settings, values: Draft["values"], data: DataValues, rowsOf: RowsOf): number | null {
  const { counts } = planData(data, values["training.seed"], rowsOf);
  if (counts.trainRows < 1) return null;
  const training = { ...settings.training };
  for (const name of ["epochs", "batchSize", "gradientAccumulation", "processes", "maxSteps"] as const) {
    const typed = values[`training.${name}`];
    if (typeof typed === "number" && typed > 0 && Number.isFinite(typed)) training[name] = typed;
  }
  return planTraining({ lora: null, freeze: null, training }, counts, null).totalSteps;
}

function flatten({ stage, method, ...settings }: Settings): Omit<Candidate, "name" | "modelId" | "startFrom" | DataPath> {
  const of = (part: ParameterPart) => Object.entries(settings[part]).map(([name, value]): [string, unknown] => [`${part}.${name}`, value]);
  // The settings hold every name of every table, so every path of the candidate is there.
  return { stage, method, ...Object.fromEntries(parameterParts.flatMap(of)) } as Omit<
    Candidate,
    "name" | "modelId" | "startFrom" | DataPath
  >;
}

function suggestName({ modelName, dataNames: [first = "", ...others] }: Chosen, method: string): string {
  const short = (name: string | null) =>
    (name ?? "")
      .split("/")
      .at(-1)
      ?.replace(/\.(jsonl?|JSONL?)$/, "")
      .replace(/[\p{Cc}\\\s]+/gu, "-")
      .slice(0, 34) ?? "";
  const data = others.length > 0 ? `${short(first)}+${others.length}` : short(first);
  return [short(modelName), data, method].filter((part) => part !== "").join("-");
}

const asRecord = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});
