import { createHash } from "node:crypto";
import { realpath, stat } from "node:fs/promises";
import type { Dataset, SourceFile } from "../../lib/contract/dataset";
import { AppError } from "../errors";
import { realPathInside } from "../models/inside-roots";
import { hasCode } from "../stores/run-dir";
import type { TableFile } from "./worker/messages";

export type ColumnFile = { name: string; path: string; bytes: number };
/** What the table reads, and a key that changes when any of it does. */
export type TableSource =
  | { type: "records"; key: string; files: TableFile[] }
  | { type: "parquet"; key: string; files: ColumnFile[] }
  | { type: "arrow"; key: string; files: ColumnFile[] };

/** A change of what is written into view/ gets a new number; older files there are then of no use. */
const VIEW_VERSION = 1;

/** The files of a data set as they lie there now: inside of the roots, and unchanged since they were added. */
export async function openTableSource(dataset: Dataset, roots: readonly string[]): Promise<TableSource> {
  if (dataset.files.length === 0) throw notReadable(dataset, `${dataset.name} has no files of its own to look at.`);
  const files = await Promise.all(dataset.files.map((file) => openFile(dataset, file, roots)));
  const key = keyOf(files);
  const kinds = new Set(files.map(({ kind }) => (kind === "parquet" || kind === "arrow" ? kind : "records")));
  if (kinds.size > 1)
    throw notReadable(dataset, `${dataset.name} mixes ${[...kinds].join(" and ")} files; add them as data sets of their own.`);
  if (kinds.has("parquet")) return { type: "parquet", key, files };
  if (kinds.has("arrow")) return { type: "arrow", key, files };
  let base = 0;
  const records: TableFile[] = [];
  for (const { kind, ...file } of files) {
    if (kind !== "parquet" && kind !== "arrow") records.push({ ...file, kind, base });
    base += file.bytes;
  }
  return { type: "records", key, files: records };
}

type OpenFile = { name: string; path: string; kind: SourceFile["kind"]; bytes: number; modifiedAt: number };

async function openFile(dataset: Dataset, file: SourceFile, roots: readonly string[]): Promise<OpenFile> {
  const path = await realPathInside(file.path, roots).catch((error: unknown) => {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) throw changed(dataset, file, "is not there any more");
    throw error;
  });
  if (path === null)
    throw new AppError("path_outside_roots", `${file.path} lies outside of the folders that may be read.`, { params: { path: file.path } });
  const found = await stat(path);
  if (!found.isFile()) throw notReadable(dataset, `${file.name} is no file.`);
  if (!file.managed && (found.size !== file.bytes || Math.abs(found.mtimeMs - file.modifiedAt) >= 1))
    throw changed(dataset, file, `was changed (${file.bytes} bytes then, ${found.size} now)`);
  if (!file.managed && (file.compression !== null || file.encoding !== "utf-8"))
    throw notReadable(dataset, `${file.name} is ${file.compression ?? file.encoding}; what is read in place is plain UTF-8.`);
  return {
    name: file.name,
    path,
    kind: file.kind,
    bytes: found.size,
    modifiedAt: found.mtimeMs,
  };
}

function keyOf(files: readonly OpenFile[]): string {
  const hash = createHash("sha256").update(`view ${VIEW_VERSION}\n`);
  for (const { path, bytes, modifiedAt, kind } of files) hash.update(JSON.stringify([path, bytes, modifiedAt, kind]));
  return hash.digest("hex").slice(0, 16);
}

/** Links followed, so that DuckDB is given the same places that are allowed here. */
export const realRoots = (roots: readonly string[]): Promise<string[]> =>
  Promise.all(roots.map((root) => realpath(root).catch(() => root)));

const changed = (dataset: Dataset, file: SourceFile, what: string): AppError =>
  new AppError(
    "dataset_file_changed",
    `${file.path} ${what} since ${dataset.name} was added. Put the file back as it was, or add it again as a new data set.`,
    { params: { path: file.path, name: dataset.name } },
  );

const notReadable = (dataset: Dataset, message: string): AppError =>
  new AppError("dataset_not_readable", message, { params: { fileName: dataset.fileName, reason: message } });
