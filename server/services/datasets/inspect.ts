import type { DatasetRow } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { InspectedRow, RenderSettings } from "../../../lib/contract/inspect";
import type { ServerContext } from "../../context";
import { invalidFields } from "../../errors";
import { datasetDir, readRows } from "../../stores/dataset-files";
import { localTokenizer } from "./tokenizer";

type Input = { datasetId: DatasetId; row: number; settings: RenderSettings };

/** A row as the tokens that will be trained, told by the code that trains. */
export async function inspectRow(ctx: ServerContext, { datasetId, row, settings }: Input): Promise<InspectedRow> {
  const model = localTokenizer(ctx, settings.modelId, "settings.modelId");
  return ctx.warm.inspect({ row: await canonicalRow(ctx, datasetId, row), model, cutoff: settings.cutoffLength });
}

async function canonicalRow(ctx: ServerContext, datasetId: DatasetId, row: number): Promise<DatasetRow> {
  const dataset = ctx.datasets.getOrThrow(datasetId);
  if (dataset.report === null) {
    const message = `The rows of ${dataset.name} were not all checked yet (${dataset.status}).`;
    throw invalidFields([{ path: "datasetId", message, value: datasetId }]);
  }
  const { total, rows } = await readRows(datasetDir(ctx.env.home, datasetId), { offset: row, limit: 1 });
  const [found] = rows;
  if (found !== undefined) return found;
  throw invalidFields([{ path: "row", message: `${dataset.name} has the rows 0 to ${total - 1}.`, value: row }]);
}
