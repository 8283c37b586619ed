import type { Command } from "./shell-words";
import type { Entry } from "./types";

/** A training command of LLaMA-Factory taken apart. `file`: a YAML or JSON that it reads, which is not here. */
export type CommandLine = { entries: Entry[]; launcher: Entry[]; env: Entry[]; file: string | null; aside: string[]; others: number };

/** The first command of a script that trains; null where none does. */
export function readCommandLine(commands: readonly Command[]): CommandLine | null {
  const exported = commands.filter(({ words }) => words[0] === "export").flatMap(({ env }) => env);
  const trainers = commands.flatMap((command) => {
    const start = startOfArguments(command.words);
    return start === null ? [] : [{ command, start }];
  });
  const [first] = trainers;
  if (first === undefined) return null;
  const { env, words, aside } = first.command;
  return {
    ...readArguments(words.slice(first.start)),
    launcher: launcherOptions(words.slice(0, Math.max(0, first.start - 1))),
    env: [...exported, ...env].map(([name, value]) => ({ name, value })),
    aside,
    others: trainers.length - 1,
  };
}

/** Behind `llamafactory-cli train` or the script; a bare list of arguments begins at its first word. */
function startOfArguments(words: readonly string[]): number | null {
  const cli = words.findIndex((word, at) => /(^|\/)(llamafactory-cli|llamafactory|lmf)$/.test(word) && words[at + 1] === "train");
  if (cli !== -1) return cli + 2;
  const script = words.findIndex((word) => SCRIPT.test(word));
  if (script !== -1) return script + 1;
  return /^--[A-Za-z]/.test(words[0] ?? "") ? 0 : null;
}
const SCRIPT = /(^|[/\\])(train(_bash|_sft|_web)?|launcher)\.py$|^llamafactory\.(launcher|train\.tuner)$/;

function readArguments(words: readonly string[]): Pick<CommandLine, "entries" | "file"> {
  const entries: Entry[] = [];
  let file: string | null = null;
  let at = 0;
  while (at < words.length) {
    const word = words[at] ?? "";
    const [, name, value] = /^--?([A-Za-z][\w.-]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const [, key, given] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word) ?? [];
    at += 1;
    if (name !== undefined) {
      const following: string[] = [];
      while (value === undefined && at < words.length && !isName(words[at] ?? "")) following.push(words[at++] ?? "");
      entries.push({ name, value: value ?? (following.length === 0 ? true : following.join(" ")) });
    } else if (key !== undefined) entries.push({ name: key, value: given });
    else if (file === null && /\.(ya?ml|json)$/i.test(word)) file = word;
    else entries.push({ name: word, value: "" });
  }
  return { entries, file };
}

/** -2 is a value, --name is none. */
const isName = (word: string): boolean => /^--?[A-Za-z]/.test(word);

/** `torchrun --nproc_per_node 8`: what concerns the processes, each with its program. */
function launcherOptions(words: readonly string[]): Entry[] {
  const { entries } = readArguments(
    words.filter((word) => word.startsWith("-") || !/^(python3?|accelerate|launch|torchrun|deepspeed|uv|run)$/.test(word)),
  );
  return entries.filter(({ name, value }) => value !== "" && name !== "m");
}
