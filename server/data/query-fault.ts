import type { Dataset } from "../../lib/contract/dataset";
import { AppError } from "../errors";
import { hasCode } from "../stores/run-dir";

/** What a question about a data set met, as something that its reader can act on; a fault of our own stays what it is. */
export function asQueryFault(error: unknown, dataset: Pick<Dataset, "name" | "fileName">, home: string): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const { message } = error;
  if (/max_temp_directory_size|No space left on device/.test(message) || hasCode(error, "ENOSPC"))
    return new AppError("disk_full", `The disk has no room for this question about ${dataset.name}. Delete what is no longer needed.`, {
      params: { path: home },
      cause: error,
    });
  if (message.startsWith("Out of Memory Error") || hasCode(error, "ERR_WORKER_OUT_OF_MEMORY"))
    return new AppError(
      "query_too_large",
      `This question about ${dataset.name} needs more memory than it may have. Filter the rows first, or sort by a shorter column.`,
      { cause: error },
    );
  if (hasCode(error, "ENOENT") || /No files found|No such file/.test(message))
    return new AppError("dataset_file_changed", `A file of ${dataset.name} is not there any more. Put it back, or add it again.`, {
      cause: error,
    });
  // What we ask is the same for all files: what DuckDB can't read lies in the file.
  const damaged = /^(?:Invalid Input|Invalid|IO|Conversion|Serialization|TProtocolException)(?: Error)?: ([^\n]*)/.exec(message);
  if (damaged === null) return error;
  const reason = damaged[1] ?? "";
  return new AppError("dataset_not_readable", `${dataset.fileName} can't be read: ${reason}`, {
    params: { fileName: dataset.fileName, reason },
    cause: error,
  });
}
