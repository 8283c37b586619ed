import { collect, type Tool } from "./collect";
import { llamaFactoryTool } from "./llama-factory";
import { llamaFactoryRules } from "./llama-factory-rules";
import type { Import, World } from "./types";

const shared = [
  "warmup_steps",
  "save_strategy",
  "save_steps",
  "eval_strategy",
  "eval_steps",
  "bf16",
  "fp16",
  "run_name",
  "output_dir",
  "report_to",
];

/** trl's and transformers' own names, as resolved.json has them. */
export const trlTool: Tool = {
  ...llamaFactoryTool,
  form: "tuneboard",
  nameOf: ({ trl }) => trl,
  rules: Object.fromEntries(Object.entries(llamaFactoryRules).filter(([name]) => shared.includes(name))),
  defaults: {},
  formerNames: {},
  // What trl adds to transformers' arguments has no list here; a resolved file holds all of them, mostly at their defaults.
  reasonOf: (name) => llamaFactoryTool.reasonOf(name) ?? "unusedHere",
};

export function importTrl(args: Record<string, unknown>, world: World): Import {
  const entries = Object.entries(args).map(([name, value]) => ({ name, value }));
  return collect(trlTool, entries, { world, model: world.model, withDefaults: false });
}
