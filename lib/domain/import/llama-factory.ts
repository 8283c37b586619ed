import { collect, type Options, pathsNamed, type Tool } from "./collect";
import { formerNames, furtherArguments, llamaFactoryArguments } from "./llama-factory-arguments";
import { llamaFactoryDefaults, llamaFactoryRules } from "./llama-factory-rules";
import { matchModel } from "./match";
import { asText } from "./read-value";
import type { ReasonCode } from "./reasons";
import type { Entry, Import, World } from "./types";

const listed: ReadonlyMap<string, ReasonCode> = new Map(
  [...Object.values(llamaFactoryArguments), furtherArguments].flatMap((group): [string, ReasonCode][] => Object.entries(group)),
);

export const llamaFactoryTool: Tool = {
  form: "llamaFactory",
  nameOf: ({ llamaFactory }) => llamaFactory,
  rules: llamaFactoryRules,
  defaults: llamaFactoryDefaults,
  formerNames,
  reasonOf: (name) => listed.get(name) ?? null,
  known: [...listed.keys()],
};

/** Whether a name is an argument of LLaMA-Factory, old names included. */
export const isLlamaFactoryName = (name: string): boolean => listed.has(name) || Object.hasOwn(formerNames, name);

export function importLlamaFactory(entries: readonly Entry[], world: World, withDefaults: boolean): Import {
  const named = entries.findLast(({ name }) => name === "model_name_or_path");
  const model = named === undefined ? world.model : (matchModel(asText(named.value), world.models)?.found ?? null);
  const options: Options = { world, model, withDefaults };
  return collect(llamaFactoryTool, entries, options);
}

/** What becomes of an argument: taken by a rule or a parameter, else the reason why not; null for a name that is none. */
export function fateOf(name: string): { by: "rule" | "parameter" } | { reason: ReasonCode } | null {
  if (pathsNamed(llamaFactoryTool, name).length > 0) return { by: "parameter" };
  if (Object.hasOwn(llamaFactoryRules, name)) return { by: "rule" };
  const reason = listed.get(name);
  return reason === undefined ? null : { reason };
}
