import type { Dataset, DatasetReport } from "../contract/dataset";

/** A version whose rows were all read; only such a one can be trained. */
export type ReadyDataset = Dataset & { report: DatasetReport };

/** Usable rows that SFT trains: the answers that nobody wanted (KTO) stay aside. */
export const trainableRows = ({ usableRows, unwantedRows = 0 }: Pick<DatasetReport, "usableRows" | "unwantedRows">): number =>
  usableRows - unwantedRows;

export const isReady = (dataset: Dataset): dataset is ReadyDataset => dataset.status === "ready" && dataset.report !== null;
