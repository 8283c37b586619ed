import type { Dataset, DatasetReport } from "../contract/dataset";

/** A version whose rows were all read; only such a one can be trained. */
export type ReadyDataset = Dataset & { report: DatasetReport };

export const isReady = (dataset: Dataset): dataset is ReadyDataset => dataset.status === "ready" && dataset.report !== null;
