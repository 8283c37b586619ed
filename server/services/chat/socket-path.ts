import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { RunId } from "../../../lib/contract/ids";
import { AppError } from "../../errors";

/** A socket's address holds 108 bytes on Linux and 104 on macOS. */
const MAX_BYTES = 100;

/** In the home where it is short enough, else in a folder of ours among the temporary ones; nobody else can enter either. */
export function socketPath(home: string, runId: RunId): string {
  const near = join(home, "sock", `${runId}.sock`);
  if (Buffer.byteLength(near) <= MAX_BYTES) return inPrivateFolder(join(home, "sock"), near);
  const folder = join(tmpdir(), `tuneboard-${userInfo().uid}`);
  const path = join(folder, `${runId}.sock`);
  if (Buffer.byteLength(path) <= MAX_BYTES) return inPrivateFolder(folder, path);
  return inPrivateFolder(`/tmp/tuneboard-${userInfo().uid}`, `/tmp/tuneboard-${userInfo().uid}/${runId}.sock`);
}

function inPrivateFolder(folder: string, path: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const entry = lstatSync(folder);
  if (!entry.isDirectory() || entry.uid !== userInfo().uid || (entry.mode & 0o077) !== 0)
    throw new AppError("path_not_writable", `${folder} is open to other users of this machine. Remove it, or give it mode 0700.`, {
      params: { path: folder },
    });
  return path;
}
