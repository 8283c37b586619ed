import { opendir, stat } from "node:fs/promises";
import { basename, extname, isAbsolute, join, sep } from "node:path";
import type { ServerContext } from "../../../../context";
import { AppError } from "../../../../errors";
import { isInside, realPathInside } from "../../../../models/inside-roots";
import { stem, unpackedName } from "../file-name";
import { type Collected, type Incoming, nothingLeft } from "./incoming";

const MAX_FILES = 10_000;
/** Folders within folders. */
const MAX_DEPTH = 16;
const endings = new Map([
  [".json", "JSON"],
  [".jsonl", "JSON"],
  [".ndjson", "JSON"],
  [".csv", "CSV"],
  [".tsv", "TSV"],
  [".parquet", "Parquet"],
  [".arrow", "Arrow"],
  [".txt", "text"],
]);

/** A file, or a folder of files of one kind, read where it lies and never changed. */
export async function fromPath(ctx: ServerContext, path: string): Promise<Collected> {
  const real = await locate(ctx, path, "source.path");
  const entry = await stat(real);
  const files = entry.isDirectory() ? await listFolder(ctx, real) : [inPlace(basename(path), real)];
  return { ...nothingLeft, name: entry.isDirectory() ? basename(real) : stem(basename(path)), source: "path", mapping: null, files };
}

/** Where the path really lies, links followed; refused outside of the roots and inside of our own home. */
export async function locate(ctx: ServerContext, path: string, field: string): Promise<string> {
  if (!isAbsolute(path) || path.includes("\0")) {
    const message = "Give the path from the root, such as /home/you/data/questions.jsonl.";
    throw new AppError("path_missing", `${path} is not a full path. ${message}`, {
      params: { path },
      fields: [{ path: field, message, value: path }],
    });
  }
  const roots = ctx.env.modelRoots;
  const [real, own] = await Promise.all([
    realPathInside(path, roots).catch((cause: unknown) => {
      const message = "There is nothing at this path, or it may not be read. Check the spelling.";
      throw new AppError("path_missing", `${path}: ${message}`, {
        params: { path },
        fields: [{ path: field, message, value: path }],
        cause,
      });
    }),
    realPathInside(ctx.env.home, [ctx.env.home]),
  ]);
  if (real === null) throw outside(path, roots.join(", "), field);
  if (own !== null && isInside(real, own)) throw outside(path, `${roots.join(", ")}, without the server's own home`, field);
  const entry = await stat(real);
  // To open a pipe is to wait for its writer, perhaps for ever.
  if (!entry.isFile() && !entry.isDirectory())
    throw new AppError("dataset_not_readable", `${path} is neither a file nor a folder.`, {
      params: { fileName: path, reason: "not a file" },
    });
  return real;
}

async function listFolder(ctx: ServerContext, folder: string): Promise<Incoming[]> {
  const names = await namesIn(folder, "");
  refuseMixed(folder, names.sort());
  const files: Incoming[] = [];
  for (const name of names) files.push(inPlace(name, await locate(ctx, join(folder, name), "source.path")));
  return files;
}

/** Files that may hold data, up to one more than are taken: a whole home is not walked through. */
async function namesIn(folder: string, below: string, found: string[] = []): Promise<string[]> {
  const folders: string[] = [];
  for await (const entry of await opendir(join(folder, below))) {
    const name = join(below, entry.name);
    if (entry.name.startsWith(".")) continue;
    if (entry.isDirectory()) folders.push(name);
    else if ((entry.isFile() || entry.isSymbolicLink()) && kindOf(name) !== undefined) found.push(name);
    if (found.length > MAX_FILES || folders.length > MAX_FILES) break;
  }
  for (const name of folders.sort()) {
    if (found.length > MAX_FILES || name.split(sep).length > MAX_DEPTH) break;
    await namesIn(folder, name, found);
  }
  return found;
}

function refuseMixed(folder: string, names: readonly string[]): void {
  const refuse = (reason: string): never => {
    throw new AppError("dataset_not_readable", `${folder}: ${reason}`, { params: { fileName: folder, reason } });
  };
  if (names.length === 0) refuse(`there are no files here that hold data (${[...endings.keys()].join(", ")}).`);
  if (names.length > MAX_FILES) refuse(`there are more than ${MAX_FILES} files here; a data set has no more. Join some of them.`);
  const kinds = [...new Set(names.map(kindOf))];
  if (kinds.length > 1) refuse(`the files are of several kinds (${kinds.join(", ")}). Put those of one kind into a folder of their own.`);
}

const inPlace = (name: string, path: string): Incoming => ({ name, path, keep: "in_place" });
const kindOf = (name: string): string | undefined => endings.get(extname(unpackedName(name)).toLowerCase());

const outside = (path: string, roots: string, field: string): AppError => {
  const message = `It is outside of the folders that data may come from (${roots}). Move it there, or start with TUNEBOARD_MODEL_ROOTS.`;
  return new AppError("path_outside_roots", `${path}: ${message}`, {
    params: { path, roots },
    fields: [{ path: field, message, value: path }],
  });
};
