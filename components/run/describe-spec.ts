import type { TrainSpec } from "@/lib/contract/job-spec";
import { isShown, type Parameter, type ParameterGroup } from "@/lib/contract/parameters/parameter";
import { parameterParts, parameterTables } from "@/lib/contract/parameters/tables";
import { writeMore } from "@/lib/domain/more-lines";

export type SpecRow = { name: string; label: string; value: string | boolean | null; unit?: Parameter["unit"] };
export type SpecGroup = { group: ParameterGroup; rows: SpecRow[] };

/** The parameters of a run in the groups of the contract's table, with its labels. */
export function describeSpec(spec: TrainSpec, language: "en" | "zh"): SpecGroup[] {
  const groups = new Map<ParameterGroup, SpecRow[]>();
  const add = (table: Record<string, Parameter>, values: Record<string, unknown>) => {
    for (const [name, parameter] of Object.entries(table)) {
      if (!isShown(parameter, values)) continue;
      const rows = groups.get(parameter.group) ?? [];
      rows.push({
        name,
        label: parameter.label[language],
        value: toText(values[name]),
        unit: values[name] === null ? undefined : parameter.unit,
      });
      groups.set(parameter.group, rows);
    }
  };
  for (const part of parameterParts) {
    const values = spec[part];
    if (values) add(parameterTables[part], values);
  }
  return [...groups].map(([group, rows]) => ({ group, rows }));
}

function toText(value: unknown): SpecRow["value"] {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object") return writeMore(value) || null;
  if (typeof value === "number" && value !== 0 && Math.abs(value) < 1e-3) return value.toExponential();
  return typeof value === "number"
    ? value.toLocaleString("en-US", { maximumFractionDigits: 6, useGrouping: value >= 10_000 })
    : String(value);
}
