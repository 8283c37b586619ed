import { AppError } from "../errors";
import { hasCode } from "./run-dir";

/** A full disk is told as such; any other error stays what it is. */
export function asDiskError(error: unknown, path: string): unknown {
  if (!["ENOSPC", "EDQUOT", "SQLITE_FULL"].some((code) => hasCode(error, code))) return error;
  return new AppError("disk_full", `The disk of ${path} is full. Delete runs, exports or data sets that you no longer need.`, {
    params: { path },
    cause: error,
  });
}
