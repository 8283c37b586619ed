import type { FieldProblemCode } from "../contract/errors";
import type { ModelFacts } from "../contract/model";
import type { FreezeSettings, LoraSettings } from "../contract/train-spec";
import { endsWith, moduleNames, moduleOf, standsIn } from "./trainable";

export type ModuleProblem = {
  path: "lora.targets" | "lora.modulesToSave" | "lora.bias" | "freeze.layers" | "freeze.modules" | "freeze.extras";
  code: Extract<FieldProblemCode, "unknownModules" | "beyondLayers" | "noBias">;
  params: { names: string; known: string; layers: number };
  value: unknown;
};

type Methodical = { lora: LoraSettings | null; freeze: FreezeSettings | null };

/** Modules and layers that the model has not got; peft would leave some of them out in silence. Null facts tell nothing. */
export function moduleProblems({ lora, freeze }: Methodical, facts: ModelFacts | null): ModuleProblem[] {
  if (facts === null) return [];
  return [...(lora === null ? [] : ofAdapter(lora, facts)), ...(freeze === null ? [] : ofFreeze(freeze, facts))];
}

function ofAdapter(lora: LoraSettings, facts: ModelFacts): ModuleProblem[] {
  const targets = facts.modules.map((group) => group.name);
  const problems = unknown("lora.targets", lora.targets, targets, (name) => targets.includes(name));
  if (facts.tensors === undefined) return problems;
  const paths = facts.tensors.map(({ name }) => moduleOf(name));
  const saved = (name: string) => paths.some((path) => endsWith(path, name));
  problems.push(...unknown("lora.modulesToSave", lora.modulesToSave, moduleNames(facts.tensors, "anywhere"), saved));
  const biases = facts.tensors.filter(({ name }) => name.endsWith(".bias")).map(({ name }) => moduleOf(name));
  const trained = lora.bias === "all" ? biases : biases.filter((path) => lora.targets.some((target) => endsWith(path, target)));
  if (lora.bias !== "none" && trained.length === 0)
    problems.push({ path: "lora.bias", code: "noBias", params: { names: "", known: "", layers: 0 }, value: lora.bias });
  return problems;
}

function ofFreeze({ layers, modules, extras }: FreezeSettings, facts: ModelFacts): ModuleProblem[] {
  if (facts.tensors === undefined) return [];
  const count = facts.layers ?? 0;
  const inside = facts.tensors.filter((group) => group.layers.length > 0);
  const outside = facts.tensors.filter((group) => group.layers.length === 0);
  const beyond: ModuleProblem[] =
    Math.abs(layers) > count
      ? [{ path: "freeze.layers", code: "beyondLayers", params: { names: "", known: "", layers: count }, value: layers }]
      : [];
  return [
    ...beyond,
    ...unknown("freeze.modules", modules, moduleNames(inside, "inside"), (name) => inside.some((group) => standsIn(group.name, name))),
    ...unknown("freeze.extras", extras, moduleNames(outside, "outside"), (name) => outside.some((group) => standsIn(group.name, name))),
  ];
}

function unknown(
  path: ModuleProblem["path"],
  names: readonly string[],
  known: readonly string[],
  has: (name: string) => boolean,
): ModuleProblem[] {
  const missing = names.filter((name) => !has(name));
  if (missing.length === 0) return [];
  return [{ path, code: "unknownModules", params: { names: missing.join(", "), known: known.join(", "), layers: 0 }, value: missing }];
}
