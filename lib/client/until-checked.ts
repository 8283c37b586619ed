import type { Dataset } from "../contract/dataset";
import { isReady, type ReadyDataset } from "../domain/ready-dataset";
import { ApiError, api, call } from "./request";

const LOOK_MS = 250;

/** Waits for the end of a check; what did not become ready is told as an error. */
export async function untilChecked(dataset: Dataset, signal: AbortSignal): Promise<ReadyDataset> {
  let current = dataset;
  while (current.status === "checking") {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    current = await call(api.getDataset, { datasetId: current.id }, signal);
  }
  if (isReady(current)) return current;
  if (current.fault) throw new ApiError(422, current.fault);
  const params = { fileName: current.fileName };
  if (current.status === "new" || current.taskId === null)
    throw new ApiError(422, { code: "dataset_format_unknown", message: `Say how ${current.fileName} is to be read.`, params });
  const { failure } = await call(api.getRun, { runId: current.taskId }, signal);
  throw new ApiError(422, { code: "dataset_not_readable", message: failure?.message ?? "The check failed.", params });
}
