import { mixModes, validationTypes } from "@/lib/contract/mix-names";

/** One line of the list of sets, as it is being filled in. */
export type SetChoice = { datasetId: string | null; weight: number; maxRows: number | null };

/** Fields of the data as the form edits them: what another kind of validation needs is kept while it is not chosen. */
export const dataPaths = [
  "data.sets",
  "data.mix",
  "data.validation.type",
  "data.validation.fraction",
  "data.validation.rows",
  "data.validation.stratified",
  "data.validation.datasetIds",
] as const;
export type DataPath = (typeof dataPaths)[number];
export type DataValues = Record<DataPath, unknown>;

export const choiceOf = (datasetId: string | null): SetChoice => ({ datasetId, weight: 1, maxRows: null });

/** Sets as typed or as read back from storage, where a number that is none has become null; never without a line to fill in. */
export function readSets(value: unknown): SetChoice[] {
  const sets = Array.isArray(value) ? value.filter(isRecord).map(readSet) : [];
  return sets.length > 0 ? sets : [choiceOf(null)];
}

const readSet = ({ datasetId, weight, maxRows }: Record<string, unknown>): SetChoice => ({
  datasetId: typeof datasetId === "string" ? datasetId : null,
  weight: typeof weight === "number" ? weight : Number.NaN,
  maxRows: typeof maxRows === "number" ? maxRows : null,
});

export const readNames = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : [];

export const readMix = (value: unknown) => mixModes.find((mode) => mode === value) ?? "concatenate";
export const readValidationType = (value: unknown) => validationTypes.find((type) => type === value) ?? "none";

/** A set that is there already stays where it is. */
export const withSet = (sets: readonly SetChoice[], datasetId: string): SetChoice[] =>
  sets.some((set) => set.datasetId === datasetId) ? [...sets] : [...sets.filter((set) => set.datasetId !== null), choiceOf(datasetId)];

export const withChange = (sets: readonly SetChoice[], at: number, change: Partial<SetChoice>): SetChoice[] =>
  sets.map((set, index) => (index === at ? { ...set, ...change } : set));

/** Weights count only where several sets take turns. */
export const isWeighted = (data: DataValues): boolean =>
  readMix(data["data.mix"]) !== "concatenate" && readSets(data["data.sets"]).length > 1;

/** `data` of a TrainSpec, unchecked: what the chosen kinds don't look at is left out or stands at its plain value. */
export function toDataInput(data: DataValues) {
  const sets = readSets(data["data.sets"]);
  const weighted = isWeighted(data);
  return {
    sets: sets.map((set) => ({ ...set, weight: weighted ? set.weight : 1 })),
    mix: weighted ? data["data.mix"] : "concatenate",
    validation: toValidationInput(data),
  };
}

function toValidationInput(data: DataValues) {
  const stratified = data["data.validation.stratified"];
  switch (readValidationType(data["data.validation.type"])) {
    case "none":
      return { type: "none" as const };
    case "fraction": {
      const fraction = data["data.validation.fraction"];
      // Nought is how people say none, and stands there for a moment while 0.05 is typed.
      return fraction === 0 ? { type: "none" as const } : { type: "fraction" as const, fraction, stratified };
    }
    case "rows":
      return { type: "rows" as const, rows: data["data.validation.rows"], stratified };
    case "sets":
      return { type: "sets" as const, datasetIds: data["data.validation.datasetIds"] };
  }
}

/** Drafts of before there were mixtures name one set and a share. */
export function upgradeValues(values: Record<string, unknown>): Record<string, unknown> {
  const { datasetId, evalFraction, ...rest } = values;
  return {
    ...(typeof datasetId === "string" && { "data.sets": [choiceOf(datasetId)] }),
    ...(typeof evalFraction === "number" && { "data.validation.type": "fraction", "data.validation.fraction": evalFraction }),
    ...rest,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** What stands at a path as schema and server write it, which goes into the lists of the form. */
export function valueAt(values: Record<string, unknown>, path: string): unknown {
  if (path.startsWith("data.validation.datasetIds")) return values["data.validation.datasetIds"];
  const [, at, name = ""] = /^data\.sets\.(\d+)\.(\w+)$/.exec(path) ?? [];
  if (at === undefined) return values[path === "data" ? "data.sets" : path];
  return { ...readSets(values["data.sets"])[Number(at)] }[name as keyof SetChoice];
}
