import type { DatasetId } from "../../../lib/contract/ids";
import { isReady, type ReadyDataset } from "../../../lib/domain/ready-dataset";
import type { ServerContext } from "../../context";
import { invalidFields } from "../../errors";

/** A data set to train on: its rows were all read. */
export function readyDataset(ctx: ServerContext, id: DatasetId): ReadyDataset {
  const dataset = ctx.datasets.getOrThrow(id);
  if (isReady(dataset)) return dataset;
  const message = `The rows of ${dataset.name} were not all checked yet (${dataset.status}). Open it on the Data page.`;
  throw invalidFields([{ path: "spec.datasetId", message, value: id }]);
}
