import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { AppError } from "../errors";
import { realPathInside } from "./inside-roots";

const MAX_SMALL_FILE_BYTES = 50_000_000;

/** A model's folder as something to read from: every file is where it claims to be, or it is refused. */
export type ModelFolder = {
  path: string;
  names: string[];
  has(name: string): boolean;
  /** Where the file really lies; refused outside of the roots. */
  locate(name: string): Promise<string>;
  read(name: string): Promise<Buffer>;
  readJson(name: string): Promise<Record<string, unknown>>;
  unreadable(problem: string, remedy: string, cause?: unknown): AppError;
};

export async function openModelFolder(path: string, roots: readonly string[]): Promise<ModelFolder> {
  const names = (await readdir(path)).sort();
  const folder: ModelFolder = {
    path,
    names,
    has: (name) => names.includes(name),
    async locate(name) {
      const real = await realPathInside(join(path, name), roots).catch((cause) => {
        throw folder.unreadable(`${name} can't be opened`, "Copy the file itself, not a link to one that is gone.", cause);
      });
      if (real === null) throw outside(join(path, name), roots);
      // To open a pipe is to wait for its writer, perhaps for ever.
      if (!(await stat(real)).isFile()) throw folder.unreadable(`${name} is no file`, "Copy the model's own file.");
      return real;
    },
    async read(name) {
      const real = await folder.locate(name);
      if ((await stat(real)).size > MAX_SMALL_FILE_BYTES)
        throw folder.unreadable(`${name} is larger than ${MAX_SMALL_FILE_BYTES} bytes`, "Replace it by the model's own file.");
      return readFile(real);
    },
    async readJson(name) {
      const bytes = await folder.read(name);
      try {
        return z.record(z.string(), z.unknown()).parse(JSON.parse(bytes.toString("utf8")));
      } catch (cause) {
        throw folder.unreadable(`${name} is not a JSON object`, "Copy or download it again.", cause);
      }
    },
    unreadable: (problem, remedy, cause) =>
      new AppError("model_not_readable", `${path} is not a usable model: ${problem}. ${remedy}`, {
        params: { path, problem, remedy },
        cause,
      }),
  };
  return folder;
}

export const outside = (path: string, roots: readonly string[]): AppError =>
  new AppError(
    "path_outside_roots",
    `${path} is outside of the folders that models may come from (${roots.join(", ")}). Move it there, or start with TUNEBOARD_MODEL_ROOTS.`,
    { params: { path, roots: roots.join(", ") } },
  );
