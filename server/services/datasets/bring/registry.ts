import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { RegistryEntry } from "../../../../lib/contract/api";
import type { LlamaFactoryEntry } from "../../../../lib/formats/llama-factory";
import type { ServerContext } from "../../../context";
import { AppError } from "../../../errors";
import { fromPath } from "./sources/from-path";
import { entryPath, openRegistry } from "./sources/from-registry";

/** All entries, also those that can't be added, each with the reason. */
export async function scanRegistry(ctx: ServerContext, input: { folder: string }): Promise<{ folder: string; entries: RegistryEntry[] }> {
  const { folder, entries } = await openRegistry(ctx, input.folder);
  const shown: RegistryEntry[] = [];
  for (const entry of entries) shown.push(await look(ctx, folder, entry));
  return { folder, entries: shown };
}

async function look(ctx: ServerContext, folder: string, entry: LlamaFactoryEntry): Promise<RegistryEntry> {
  const { name, formatting, mapping, notes, trouble } = entry;
  const common = { name, formatting, mapping, notes, hub: entry.hub?.repo ?? null };
  if (entry.fileName === null || trouble !== null) return { ...common, files: [], bytes: null, trouble };
  try {
    const path = await entryPath(ctx, folder, entry);
    const { files } = await fromPath(ctx, path);
    let bytes = 0;
    for (const file of files) bytes += (await stat(file.path)).size;
    const below = path.slice(folder.length + 1);
    const isFolder = (await stat(path)).isDirectory();
    return { ...common, files: isFolder ? files.map((file) => join(below, file.name)) : [below], bytes, trouble };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const reason = error.code === "path_missing" ? `There is no file ${entry.fileName} in ${folder}.` : error.message;
    return { ...common, files: [entry.fileName], bytes: null, trouble: reason };
  }
}
