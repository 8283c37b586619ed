import * as z from "zod";
import { ModelId } from "./ids";
import { loraParameters } from "./parameters/lora";
import { isShown, type ParameterTable, settingsOf } from "./parameters/parameter";
import { type ParameterPart, parameterParts, parameterTables, partApplies } from "./parameters/tables";
import { trainingParameters } from "./parameters/training";
import { methods, stages } from "./stages";
import { TrainData } from "./train-data";

export const RunName = z
  .string()
  .trim()
  .min(1, "Give the run a name.")
  .max(80, "A name has at most 80 characters.")
  .regex(/^[^\p{Cc}/\\]+$/u, "A name has no slashes and no control characters.");

export const LoraSettings = settingsOf(loraParameters);
export type LoraSettings = z.infer<typeof LoraSettings>;

export const TrainingSettings = settingsOf(trainingParameters);
export type TrainingSettings = z.infer<typeof TrainingSettings>;

/** What a person asks for in the launch form. */
export const TrainSpec = z
  .strictObject({
    kind: z.literal("train"),
    stage: z.enum(stages),
    name: RunName,
    modelId: ModelId,
    data: TrainData,
    method: z.enum(methods),
    lora: LoraSettings.nullable().describe("Required for method lora, null for every other"),
    training: TrainingSettings,
  })
  .superRefine((spec, context) => {
    for (const part of parameterParts) {
      const applies = partApplies(part, spec.stage, spec.method);
      const names = Object.keys(parameterTables[part]).join(", ");
      if (applies && spec[part] === null)
        context.addIssue({
          code: "custom",
          path: [part],
          message: `Stage ${spec.stage} with method ${spec.method} needs its settings: ${names}.`,
        });
      for (const name of idleSettings(part, spec[part]))
        context.addIssue({
          code: "custom",
          path: [part, name],
          message: `${name} means nothing with the other settings; leave it out.`,
        });
      if (!applies && spec[part] !== null)
        context.addIssue({
          code: "custom",
          path: [part],
          message: `Stage ${spec.stage} with method ${spec.method} has no such settings; leave them null.`,
        });
    }
  });
export type TrainSpec = z.infer<typeof TrainSpec>;

/** Settings that were given a value although the others leave them without a meaning: nothing is ignored in silence. */
function idleSettings(part: ParameterPart, settings: Readonly<Record<string, unknown>> | null): string[] {
  if (settings === null) return [];
  const table: ParameterTable = parameterTables[part];
  return Object.entries(table)
    .filter(([name, parameter]) => !isShown(parameter, settings) && JSON.stringify(settings[name]) !== JSON.stringify(parameter.default))
    .map(([name]) => name);
}
