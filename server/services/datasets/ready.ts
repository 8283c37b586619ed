import type { Dataset } from "../../../lib/contract/dataset";
import type { FieldProblem } from "../../../lib/contract/errors";
import type { DatasetId } from "../../../lib/contract/ids";
import { isReady, type ReadyDataset } from "../../../lib/domain/ready-dataset";
import type { ServerContext } from "../../context";
import { invalidFields } from "../../errors";

/** A data set to read from: its rows were all read. */
export function readyDataset(ctx: ServerContext, id: DatasetId): ReadyDataset {
  const dataset = ctx.datasets.getOrThrow(id);
  if (isReady(dataset)) return dataset;
  throw invalidFields([notChecked(dataset, "datasetId")]);
}

export const notChecked = ({ id, name, status }: Dataset, path: string): FieldProblem => ({
  path,
  message: `The rows of ${name} were not all checked yet (${status}). Open it on the Data page.`,
  code: "notChecked",
  params: { name },
  value: id,
});
