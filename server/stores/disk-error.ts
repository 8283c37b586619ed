import { AppError } from "../errors";
import { hasCode } from "./run-dir";

/** A full disk, and one that can't be written, are told as such; any other error stays what it is. */
export function asDiskError(error: unknown, path: string): unknown {
  if (hasCode(error, "EROFS") || hasCode(error, "SQLITE_READONLY")) {
    return new AppError(
      "path_not_writable",
      `${path} can't be written: its file system is read-only. Mount it writable, or start with another home.`,
      {
        params: { path },
        cause: error,
      },
    );
  }
  if (!["ENOSPC", "EDQUOT", "SQLITE_FULL"].some((code) => hasCode(error, code))) return error;
  return new AppError("disk_full", `The disk of ${path} is full. Delete runs, exports or data sets that you no longer need.`, {
    params: { path },
    cause: error,
  });
}
