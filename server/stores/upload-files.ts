import { readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { hasCode } from "./run-dir";

/** What @tus/file-store keeps beside each file. */
const Info = z.object({ size: z.number(), metadata: z.object({ name: z.string() }) });
const Begun = z.object({ creation_date: z.coerce.date() });
const UploadId = /^[0-9a-f]{32}$/;

export type UploadedFile = { id: string; name: string; path: string; bytes: number; complete: boolean };

export const uploadsDir = (home: string): string => join(home, "uploads");
export const isUploadId = (id: string): boolean => UploadId.test(id);

/** Null where there is no such upload: never was, expired, or taken by a data set. */
export async function findUpload(home: string, id: string): Promise<UploadedFile | null> {
  if (!isUploadId(id)) return null;
  const path = join(uploadsDir(home), id);
  try {
    const [info, { size: bytes }] = await Promise.all([readFile(`${path}.json`, "utf8"), stat(path)]);
    const { size, metadata } = Info.parse(JSON.parse(info));
    return { id, name: metadata.name, path, bytes, complete: bytes === size };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** The file goes where the data set keeps it: a rename, whatever its size. */
export const takeUpload = (upload: UploadedFile, to: string): Promise<void> => rename(upload.path, to);

/** Uploads that were begun before this time go, whole or not: nobody made a data set of them. */
export async function sweepUploads(home: string, before: number): Promise<void> {
  const folder = uploadsDir(home);
  for (const name of await readdir(folder)) {
    const id = name.replace(/\.json$/, "");
    if (isUploadId(id) && (await begunAt(join(folder, id))) < before) await forgetUpload({ path: join(folder, id) });
  }
}

/** What its note says; without a note, when it was last written. */
async function begunAt(path: string): Promise<number> {
  try {
    return Begun.parse(JSON.parse(await readFile(`${path}.json`, "utf8"))).creation_date.getTime();
  } catch {
    return (await stat(path).catch(() => null))?.mtimeMs ?? Number.POSITIVE_INFINITY;
  }
}

export async function forgetUpload(upload: Pick<UploadedFile, "path">): Promise<void> {
  await Promise.all([rm(upload.path, { force: true }), rm(`${upload.path}.json`, { force: true })]);
}
