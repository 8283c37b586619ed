import { type CommandLine, readCommandLine } from "./command-line";
import { isLlamaFactoryName } from "./llama-factory";
import { isMapping, parseMapping } from "./parse-file";
import { splitScript } from "./shell-words";
import type { ImportForm } from "./types";

/** Far above any configuration that people write, and read in a blink. */
export const MAX_IMPORT_CHARACTERS = 400_000;

export type Recognised =
  | { form: "llamaFactory"; command: CommandLine }
  | { form: ImportForm; file: Record<string, unknown> }
  | { form: null; why: "empty" | "tooLong" | "onlyFile" | "unknown" | "broken" | "board"; params?: Record<string, string | number> };

/** What was pasted: a file with one mapping, else a script in which a training command stands. */
export function recognise(text: string): Recognised {
  if (text.trim() === "") return { form: null, why: "empty" };
  if (text.length > MAX_IMPORT_CHARACTERS) return { form: null, why: "tooLong", params: { limit: MAX_IMPORT_CHARACTERS } };
  const parsed = parseMapping(text);
  const file = "value" in parsed ? recogniseFile(parsed.value) : null;
  if (file !== null) return file;
  const command = readCommandLine(splitScript(text));
  if (command?.file != null && command.entries.length === 0) return { form: null, why: "onlyFile", params: { file: command.file } };
  if (command !== null && command.entries.length > 0) return { form: "llamaFactory", command };
  if ("fault" in parsed && parsed.fault !== null && /^\s*["']?[\w.]+["']?\s*:/m.test(text))
    return { form: null, why: "broken", params: { line: parsed.fault.line ?? 0, message: parsed.fault.message } };
  return { form: null, why: "unknown" };
}

function recogniseFile(value: Record<string, unknown>): Recognised | null {
  const file = isMapping(value.spec) ? value.spec : value;
  const names = Object.keys(file);
  const has = (...wanted: string[]) => wanted.some((name) => names.includes(name));
  if (file.kind === "train" || (has("modelId") && has("training", "data"))) return { form: "tuneboard", file };
  if (isMapping(file.arguments) && has("plan", "versions")) return { form: "tuneboard", file };
  if (names.some((name) => /^(top|train)\./.test(name))) return { form: null, why: "board" };
  if (has("zero_optimization", "train_micro_batch_size_per_gpu")) return { form: "deepspeed", file };
  if (has("base_model", "micro_batch_size", "sequence_len") && !has("model_name_or_path")) return { form: "axolotl", file };
  const known = names.filter(isLlamaFactoryName).length;
  return known > 0 && known >= names.length / 2 ? { form: "llamaFactory", file } : null;
}
