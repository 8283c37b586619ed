import { type CommandLine, readCommandLine } from "./command-line";
import { isLlamaFactoryName } from "./llama-factory";
import { parseMapping } from "./parse-file";
import { splitScript } from "./shell-words";

/** Far above any configuration that people write, and read in a blink. */
export const MAX_IMPORT_CHARACTERS = 400_000;

export type Recognised =
  | { form: "llamaFactory"; command: CommandLine }
  | { form: "llamaFactory"; file: Record<string, unknown> }
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
  const names = Object.keys(value);
  if (names.some((name) => /^(top|train)\./.test(name))) return { form: null, why: "board" };
  const known = names.filter(isLlamaFactoryName).length;
  return known > 0 && known >= names.length / 2 ? { form: "llamaFactory", file: value } : null;
}
