import { readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { hasCode } from "./run-dir";

/** What @tus/file-store keeps beside each file. */
const Info = z.object({ size: z.number(), metadata: z.object({ name: z.string() }) });
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

export async function forgetUpload(upload: Pick<UploadedFile, "path">): Promise<void> {
  await Promise.all([rm(upload.path, { force: true }), rm(`${upload.path}.json`, { force: true })]);
}
