import { parameterPaths } from "@/lib/contract/parameters/tables";
import { dataPaths } from "../data-draft";
import type { Candidate, Draft, FieldPath } from "../draft";

export type Change = { path: FieldPath; from: unknown; to: unknown };

/** Imported values on top of the draft; one without a value goes back to what the form suggests. */
export function fillDraft(draft: Draft, values: Readonly<Record<string, unknown>>): Draft {
  const kept = Object.fromEntries(Object.entries(draft.values).filter(([path]) => !(path in values)));
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  return { ...draft, values: { ...kept, ...given } };
}

/** Fields whose value will be another one, what follows from the imported ones too, in the order of the form. */
export const changesBetween = (before: Candidate, after: Candidate): Change[] =>
  paths
    .filter((path) => JSON.stringify(sorted(before[path])) !== JSON.stringify(sorted(after[path])))
    .map((path) => ({ path, from: before[path], to: after[path] }));

const paths: FieldPath[] = ["modelId", ...dataPaths, "stage", "method", "startFrom", ...parameterPaths, "name"];

/** The order in which modules are named says nothing. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value) && value.every((one) => typeof one === "string") ? value.toSorted() : value;
