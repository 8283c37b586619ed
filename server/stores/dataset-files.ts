import { constants, copyFile, link, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SourceFile } from "../../lib/contract/dataset";
import type { DatasetId } from "../../lib/contract/ids";

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

/** What an upload left behind when the server was killed in the middle of it; tasks go on to fill those that are waited for. */
export async function removePartialDatasets(home: string, isWaitedFor: (id: string) => boolean): Promise<void> {
  const names = await readdir(join(home, "datasets"));
  await Promise.all(
    names
      .filter((name) => name.endsWith(".partial") && !isWaitedFor(name.slice(1, -".partial".length)))
      .map((name) => rm(join(home, "datasets", name), { recursive: true, force: true })),
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

/** What rows of the time before versions do not say. */
export const emptyRow = { messages: null, text: null, tools: null, rejected: null, ranked: null, label: null, problem: null, warnings: [] };
