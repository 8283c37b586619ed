import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type LlamaFactoryEntry, parseRegistry } from "../../../../../lib/formats/llama-factory";
import type { ServerContext } from "../../../../context";
import { AppError, invalidFields } from "../../../../errors";
import { isInside } from "../../../../models/inside-roots";
import { fromHub } from "./from-hub";
import { fromPath, locate } from "./from-path";
import type { Collected, SourceOf } from "./incoming";

/** LLaMA-Factory's own has 100 entries and 20 kB. */
const MAX_REGISTRY_BYTES = 4_000_000;
const MAX_ENTRIES = 5_000;

export type Registry = { folder: string; entries: LlamaFactoryEntry[] };

/** One entry of a folder that LLaMA-Factory reads, with the columns and tags that it names. */
export async function fromRegistry(ctx: ServerContext, { folder, entry: name }: SourceOf<"registry">): Promise<Collected> {
  const registry = await openRegistry(ctx, folder);
  const entry = registry.entries.find((candidate) => candidate.name === name);
  if (entry === undefined)
    throw invalidFields([{ path: "source.entry", message: `${registry.folder}/dataset_info.json has no ${name}.`, value: name }]);
  if (entry.trouble !== null) throw invalidFields([{ path: "source.entry", message: entry.trouble, value: name }]);
  const collected =
    entry.hub === null
      ? await fromPath(ctx, await entryPath(ctx, registry.folder, entry))
      : fromHub({ type: "hub", revision: null, ...entry.hub });
  return { ...collected, name, source: "registry", mapping: entry.mapping };
}

export async function openRegistry(ctx: ServerContext, path: string): Promise<Registry> {
  const folder = await locate(ctx, path, "source.folder");
  const file = await locate(ctx, join(folder, "dataset_info.json"), "source.folder");
  if ((await stat(file)).size > MAX_REGISTRY_BYTES)
    throw unreadable(file, `It is larger than ${MAX_REGISTRY_BYTES} bytes. Split it into several folders.`);
  const entries = parse(file, await readFile(file, "utf8"));
  if (entries.length > MAX_ENTRIES)
    throw unreadable(file, `It has ${entries.length} entries, and at most ${MAX_ENTRIES} are shown. Split it into several folders.`);
  return { folder, entries };
}

function parse(file: string, text: string): LlamaFactoryEntry[] {
  try {
    return parseRegistry(text);
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
}

/** Below the registry's own folder, also when all links are followed. */
export async function entryPath(ctx: ServerContext, folder: string, { fileName }: Pick<LlamaFactoryEntry, "fileName">): Promise<string> {
  const real = await locate(ctx, join(folder, fileName ?? ""), "source.entry");
  if (isInside(real, folder) && real !== folder) return real;
  throw invalidFields(
    [{ path: "source.entry", message: `Its file ${fileName} lies outside of ${folder}.`, value: fileName }],
    "path_outside_roots",
  );
}

const unreadable = (file: string, reason: string): AppError =>
  new AppError("dataset_not_readable", `${file}: ${reason}`, { params: { fileName: file, reason } });
