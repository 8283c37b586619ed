import { statfs } from "node:fs/promises";
import { AppError } from "../../../errors";

const RESERVE_BYTES = 256 * 1024 ** 2;

export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return Math.max(0, bavail * bsize - RESERVE_BYTES);
}

/** Said before anything is written, with what is needed and what is there. */
export async function refuseNoRoom(path: string, bytes: number): Promise<void> {
  const free = await freeBytes(path);
  if (bytes <= free) return;
  throw new AppError(
    "disk_full",
    `${bytes} bytes are needed and ${free} are free on the disk of ${path}. Delete runs, exports or data sets.`,
    {
      params: { path, neededBytes: bytes, freeBytes: free },
    },
  );
}
