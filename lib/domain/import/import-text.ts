import { assertNever } from "../assert-never";
import { importAxolotl } from "./axolotl";
import { because, show } from "./collect";
import type { CommandLine } from "./command-line";
import { importDeepspeed } from "./deepspeed";
import { importLlamaFactory } from "./llama-factory";
import { type Recognised, recognise } from "./recognise";
import { importTuneboard } from "./tuneboard";
import type { Entry, Import, Line, World } from "./types";

export type Outcome = Import | Extract<Recognised, { form: null }>;

/** Reads what was pasted into values of the launch form. Nothing of it is dropped: each setting has a line that says what became of it. */
export function importText(text: string, world: World, withDefaults: boolean): Outcome {
  const found = recognise(text);
  if (found.form === null) return found;
  if ("command" in found) {
    const read = importLlamaFactory(found.command.entries, world, withDefaults);
    return { ...read, lines: [...read.lines, ...aroundCommand(found.command)] };
  }
  switch (found.form) {
    case "llamaFactory":
      return importLlamaFactory(entriesOf(found.file), world, withDefaults);
    case "axolotl":
      return importAxolotl(found.file, world, withDefaults);
    case "deepspeed":
      return importDeepspeed(found.file);
    case "tuneboard":
      return importTuneboard(found.file, world);
    default:
      return assertNever(found);
  }
}

const entriesOf = (file: Record<string, unknown>): Entry[] => Object.entries(file).map(([name, value]) => ({ name, value }));

/** A whole configuration leaves the rest to its tool's defaults; a few arguments only change what they name. */
export const isWhole = (outcome: Outcome): boolean =>
  outcome.form !== null && outcome.lines.some(({ name }) => ["stage", "model_name_or_path", "base_model"].includes(name));

/** What stands around the arguments: launcher, environment, redirections, other commands. */
function aroundCommand({ launcher, env, aside, others, file }: CommandLine): Line[] {
  const line = ({ name, value }: Entry, code: Parameters<typeof because>[0]): Line => ({
    name,
    shown: show(name, value),
    verdict: because(code).verdict,
  });
  return [
    ...launcher.map((entry) => line(entry, PROCESSES.test(entry.name) ? "processes" : "devices")),
    ...env.map((entry) =>
      line(entry, VISIBLE.test(entry.name) ? "devices" : show(entry.name, entry.value) === "•••" ? "secret" : "environment"),
    ),
    ...aside.map((text) => line({ name: text, value: "" }, "printing")),
    ...(file === null ? [] : [line({ name: file, value: "" }, "otherFile")]),
    ...(others === 0 ? [] : [line({ name: "…", value: others }, "moreCommands")]),
  ];
}
const PROCESSES =
  /^(num_processes|nproc_per_node|nproc-per-node|num_gpus|nnodes|num_machines|multi_gpu|config_file|num_nodes|use_deepspeed|use_fsdp|tp_size)$/;
const VISIBLE = /_VISIBLE_DEVICES$/;
