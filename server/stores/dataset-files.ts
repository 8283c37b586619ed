import { constants, copyFile, type FileHandle, link, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatasetRow, type SourceFile } from "../../lib/contract/dataset";
import type { DatasetId } from "../../lib/contract/ids";

const OFFSET_BYTES = 8;

export const datasetDir = (home: string, id: DatasetId): string => join(home, "datasets", id);
export const rowsPath = (home: string, id: DatasetId): string => join(datasetDir(home, id), "rows.jsonl");
/** Where a version keeps a file of this name. */
export const managedPath = (home: string, id: DatasetId, name: string): string => join(datasetDir(home, id), "source", name);

export type Staging = {
  dir: string /** For files on their way in; gone when it is published. */;
  tray: string;
  publish(): Promise<void>;
  discard(): Promise<void>;
};

/** A place where a data set grows; nobody sees it before `publish` gives it its name. */
export async function openStaging(home: string, id: DatasetId): Promise<Staging> {
  const dir = join(home, "datasets", `.${id}.partial`);
  const tray = join(dir, "tray");
  for (const folder of [tray, join(dir, "source")]) await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    dir,
    tray,
    async publish() {
      await rm(tray, { recursive: true, force: true });
      await rename(dir, datasetDir(home, id));
    },
    discard: () => rm(dir, { recursive: true, force: true }),
  };
}

/** What an upload left behind when the server was killed in the middle of it. */
export async function removePartialDatasets(home: string): Promise<void> {
  const names = await readdir(join(home, "datasets"));
  await Promise.all(
    names.filter((name) => name.endsWith(".partial")).map((name) => rm(join(home, "datasets", name), { recursive: true, force: true })),
  );
}

export const removeDatasetFiles = (home: string, id: DatasetId): Promise<void> =>
  rm(datasetDir(home, id), { recursive: true, force: true });

/** A new version has the same managed files: the bytes stay where they are and get a second name. */
export async function shareSources(home: string, files: readonly SourceFile[], to: DatasetId): Promise<SourceFile[]> {
  const shared: SourceFile[] = [];
  for (const file of files) shared.push(file.managed ? await share(home, file, to) : file);
  return shared;
}

async function share(home: string, file: SourceFile, to: DatasetId): Promise<SourceFile> {
  const path = managedPath(home, to, file.name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Some disks know no hard links; there a clone or a copy has to do.
  await link(file.path, path).catch(() => copyFile(file.path, path, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL));
  return { ...file, path };
}

/** Rows by number through `rows.idx`: only the bytes of these rows are read. */
export async function readRows(
  dir: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ total: number; rows: DatasetRow[] }> {
  const index = await open(join(dir, "rows.idx"), "r");
  const data = await open(join(dir, "rows.jsonl"), "r");
  try {
    const total = (await index.stat()).size / OFFSET_BYTES;
    const count = Math.min(limit, total - offset);
    if (count <= 0) return { total, rows: [] };
    const [start, end] = await readRange(index, { offset, count, fileBytes: (await data.stat()).size });
    const text = (await readBytes(data, start, end - start)).toString("utf8");
    return {
      total,
      rows: text
        .trimEnd()
        .split("\n")
        .map((line) => DatasetRow.parse({ ...emptyRow, ...JSON.parse(line) })),
    };
  } finally {
    await Promise.all([index.close(), data.close()]);
  }
}

/** What rows of the time before versions do not say. */
export const emptyRow = { messages: null, text: null, tools: null, rejected: null, ranked: null, label: null, problem: null, warnings: [] };

/** The bytes from the first row to where the row after the last begins, or the file ends. */
async function readRange(
  index: FileHandle,
  { offset, count, fileBytes }: { offset: number; count: number; fileBytes: number },
): Promise<[number, number]> {
  const offsets = await readBytes(index, offset * OFFSET_BYTES, (count + 1) * OFFSET_BYTES);
  const at = (row: number) => (row * OFFSET_BYTES < offsets.length ? Number(offsets.readBigUInt64LE(row * OFFSET_BYTES)) : fileBytes);
  return [at(0), at(count)];
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
