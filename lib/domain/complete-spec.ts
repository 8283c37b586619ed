import { parameterParts, parameterTables } from "../contract/parameters/tables";
import type { TrainSpec } from "../contract/train-spec";

/** A spec from before some parameters were known, with their defaults, which change nothing. */
export function completeSpec(spec: TrainSpec): TrainSpec {
  const parts = parameterParts.map((part) => {
    // An older spec lacks whole parts and single settings, whatever its type says.
    const settings: object | null | undefined = spec[part];
    return [part, settings ? { ...defaultsOf(part), ...settings } : null];
  });
  return { ...spec, startFrom: spec.startFrom ?? null, ...Object.fromEntries(parts) };
}

const defaultsOf = (part: (typeof parameterParts)[number]): object =>
  Object.fromEntries(Object.entries(parameterTables[part]).map(([name, parameter]) => [name, parameter.default]));
