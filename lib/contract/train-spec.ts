import * as z from "zod";
import { crossProblems } from "./cross-rules";
import { CheckpointName, ModelId, RunId } from "./ids";
import { methodProblems } from "./method-problems";
import { freezeParameters } from "./parameters/freeze";
import { loraParameters } from "./parameters/lora";
import { isShown, type ParameterTable, settingsOf } from "./parameters/parameter";
import { dpoParameters, ktoParameters, orpoParameters, rewardParameters, simpoParameters } from "./parameters/preference";
import { quantizationParameters } from "./parameters/quantization";
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

export const QuantizationSettings = settingsOf(quantizationParameters);
export type QuantizationSettings = z.infer<typeof QuantizationSettings>;

export const FreezeSettings = settingsOf(freezeParameters);
export type FreezeSettings = z.infer<typeof FreezeSettings>;

/** An adapter that was trained before, as a beginning. */
export const StartFrom = z.strictObject({
  runId: RunId,
  checkpoint: CheckpointName,
  how: z.enum(["continue", "onTop"]).describe("continue: the same adapter learns on; onTop: it stands still under a new one"),
});
export type StartFrom = z.infer<typeof StartFrom>;

export const TrainingSettings = settingsOf(trainingParameters);
export type TrainingSettings = z.infer<typeof TrainingSettings>;

/** Settings of one stage alone; specs of before there were such stages have none. */
const ofStage = (stage: string) => `Required for stage ${stage}, null for every other`;

/** What a person asks for in the launch form. */
export const TrainSpec = z
  .strictObject({
    kind: z.literal("train"),
    stage: z.enum(stages),
    name: RunName,
    modelId: ModelId,
    data: TrainData,
    method: z.enum(methods),
    lora: LoraSettings.nullable().describe("Required for methods lora and qlora, null for every other"),
    quantization: QuantizationSettings.nullable().default(null).describe("Required for method qlora, null for every other"),
    freeze: FreezeSettings.nullable().default(null).describe("Required for method freeze, null for every other"),
    startFrom: StartFrom.nullable().default(null),
    training: TrainingSettings,
    rm: settingsOf(rewardParameters).nullable().default(null).describe(ofStage("rm")),
    dpo: settingsOf(dpoParameters).nullable().default(null).describe(ofStage("dpo")),
    kto: settingsOf(ktoParameters).nullable().default(null).describe(ofStage("kto")),
    orpo: settingsOf(orpoParameters).nullable().default(null).describe(ofStage("orpo")),
    simpo: settingsOf(simpoParameters).nullable().default(null).describe(ofStage("simpo")),
  })
  .superRefine((spec, context) => {
    for (const { path, value, words } of crossProblems(spec))
      context.addIssue({ code: "custom", path, input: value, message: words.en, params: { words } });
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
    for (const problem of methodProblems(spec)) context.addIssue({ code: "custom", ...problem });
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
