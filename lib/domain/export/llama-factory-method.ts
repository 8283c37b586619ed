import type { TrainSpec } from "../../contract/job-spec";
import { isShown, type ParameterTable } from "../../contract/parameters/parameter";
import { type ParameterPart, parameterParts, parameterTables } from "../../contract/parameters/tables";

type Arguments = Record<string, string | number | boolean>;

/** Which weights learn, under LLaMA-Factory's names; QLoRA is LoRA over rounded weights there. */
export function llamaFactoryMethod(spec: TrainSpec): Arguments {
  const named = settingsOf(spec).flatMap(({ path, llamaFactory, value }): [string, string | number | boolean][] =>
    llamaFactory === null || path in special ? [] : [[llamaFactory, asArgument(value)]],
  );
  const translated = settingsOf(spec).map(({ path, value }) => special[path]?.(String(value)) ?? {});
  return {
    finetuning_type: spec.method === "qlora" ? "lora" : spec.method,
    ...Object.fromEntries(named),
    ...Object.assign({}, ...translated),
  };
}

/** Settings of the method that LLaMA-Factory has no argument for. */
export const unsaidByLlamaFactory = (spec: TrainSpec): string[] =>
  settingsOf(spec).flatMap(({ path, llamaFactory, optional }) => (llamaFactory === null && optional ? [path] : []));

const pissa = (value: string): Arguments =>
  value.startsWith("pissa") ? { pissa_init: true, pissa_iter: Number(/\d+$/.exec(value)?.[0] ?? -1) } : {};
const rounding = (value: string): Arguments =>
  value === "int8" ? { quantization_bit: 8 } : { quantization_bit: 4, quantization_type: value };

const special: Readonly<Record<string, (value: string) => Arguments>> = { "lora.init": pissa, "quantization.type": rounding };

/** Settings that mean something: those that may be left out only where they differ from their default; an empty list says nothing. */
function settingsOf(spec: TrainSpec) {
  return parameterParts.flatMap((part: ParameterPart) => {
    const values: Record<string, unknown> = part === "training" ? {} : { ...spec[part] };
    const table: ParameterTable = parameterTables[part];
    return Object.entries(values).flatMap(([name, value]) => {
      const parameter = table[name];
      if (parameter === undefined || value === null || (Array.isArray(value) && value.length === 0)) return [];
      const optional = parameter.schema.def.type === "default";
      if (!isShown(parameter, values) || (optional && JSON.stringify(value) === JSON.stringify(parameter.default))) return [];
      return [{ path: `${part}.${name}`, llamaFactory: parameter.llamaFactory, value, optional }];
    });
  });
}

const asArgument = (value: unknown): string | number | boolean =>
  Array.isArray(value) ? value.join(",") : typeof value === "number" || typeof value === "boolean" ? value : String(value);
