import { AppError } from "../errors";
import { hasCode } from "./run-dir";

/** A full disk is told as such; any other error stays what it is. */
export function asDiskError(error: unknown, path: string): unknown {
  if (!hasCode(error, "ENOSPC") && !hasCode(error, "EDQUOT")) return error;
  return new AppError("disk_full", `The disk of ${path} is full. Delete runs, exports or data sets that you no longer need.`, {
    params: { path },
    cause: error,
  });
}
