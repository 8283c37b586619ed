import { DatasetRow } from "../../../../lib/contract/dataset";
import type { DatasetId } from "../../../../lib/contract/ids";
import type { InspectedRow, RenderSettings } from "../../../../lib/contract/inspect";
import type { ServerContext } from "../../../context";
import { invalidFields } from "../../../errors";
import { findTemplate } from "./template";
import { localTokenizer } from "./tokenizer";

/** What the server parses without holding up others; it is far beyond any context. */
const MAX_ROW_BYTES = 1_000_000;

type Input = { datasetId: DatasetId; row: number; settings: RenderSettings };

/** A row as the tokens that will be trained, told by the code that trains. */
export async function inspectRow(ctx: ServerContext, { datasetId, row, settings }: Input): Promise<InspectedRow> {
  const model = localTokenizer(ctx, settings.modelId, "settings.modelId");
  const { cutoffLength, template, look } = settings;
  return ctx.warm.inspect({
    row: await canonicalRow(ctx, datasetId, row),
    model,
    cutoff: cutoffLength,
    ...(template && { template: await findTemplate(ctx, template) }),
    ...(look && { look }),
  });
}

async function canonicalRow(ctx: ServerContext, datasetId: DatasetId, row: number): Promise<DatasetRow> {
  const dataset = ctx.datasets.getOrThrow(datasetId);
  if (dataset.report === null) {
    const message = `The rows of ${dataset.name} were not all checked yet (${dataset.status}).`;
    throw invalidFields([{ path: "datasetId", message, value: datasetId }]);
  }
  const { total, rows } = await ctx.tables.canonical(datasetId, { offset: row, limit: 1, bytes: MAX_ROW_BYTES });
  const [found] = rows;
  if (found === undefined) throw invalidFields([{ path: "row", message: `${dataset.name} has the rows 0 to ${total - 1}.`, value: row }]);
  if (!found.cut) return DatasetRow.parse(JSON.parse(found.json));
  const message = `Row ${row} has more than ${MAX_ROW_BYTES / 1e6} MB, too much to be shown as tokens. The length report counts it with the others.`;
  throw invalidFields([{ path: "row", message, value: row }]);
}
