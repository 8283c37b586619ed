import { adapterMethods, type Method, type Stage } from "../stages";
import { freezeParameters } from "./freeze";
import { loraParameters } from "./lora";
import type { Parameter, ParameterTable } from "./parameter";
import { dpoParameters, ktoParameters, orpoParameters, rewardParameters, simpoParameters } from "./preference";
import { quantizationParameters } from "./quantization";
import { trainingParameters } from "./training";

/** Every parameter, by the part of a training spec that holds it. */
export const parameterTables = {
  rm: rewardParameters,
  dpo: dpoParameters,
  kto: ktoParameters,
  orpo: orpoParameters,
  simpo: simpoParameters,
  lora: loraParameters,
  quantization: quantizationParameters,
  freeze: freezeParameters,
  training: trainingParameters,
} as const satisfies Record<string, ParameterTable>;

export type ParameterPart = keyof typeof parameterTables;
/** `training.learningRate`, as the form, errors and links name it. */
export type ParameterPath = { [P in ParameterPart]: `${P}.${keyof (typeof parameterTables)[P] & string}` }[ParameterPart];

/** Of what a part is spoken where; the others are null in a spec. */
export const partApplies = (part: ParameterPart, stage: Stage, method: Method): boolean => {
  switch (part) {
    case "rm":
    case "dpo":
    case "kto":
    case "orpo":
    case "simpo":
      return part === stage;
    case "lora":
      return adapterMethods.includes(method);
    case "quantization":
      return method === "qlora";
    case "freeze":
      return method === "freeze";
    case "training":
      return true;
  }
};

export const parameterParts = Object.keys(parameterTables) as ParameterPart[];

export const parameterPaths = parameterParts.flatMap((part) =>
  Object.keys(parameterTables[part]).map((name) => `${part}.${name}` as ParameterPath),
);

/** A path is written as part and name. */
export const partOf = (path: ParameterPath): ParameterPart => path.slice(0, path.indexOf(".")) as ParameterPart;

/** The table's entry of a field; null for the fields that are not in the table. */
export function parameterAt(path: string): Parameter | null {
  const [part = "", name = ""] = path.split(".");
  if (!Object.hasOwn(parameterTables, part)) return null;
  const table: ParameterTable = parameterTables[part as ParameterPart];
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}
