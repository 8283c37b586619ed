import type { DatasetId } from "../../../../lib/contract/ids";
import type { ServerContext } from "../../../context";

type Input = { datasetId: DatasetId; offset: number; limit: number };

/** What a browser reads at once without being held up. */
const PAGE_BYTES = 2_000_000;

/** Canonical rows; none before the check has ended. They go out as the text that the reader of data sets made. */
export async function* getDatasetRows(ctx: ServerContext, { datasetId, offset, limit }: Input): AsyncGenerator<string> {
  const dataset = ctx.datasets.getOrThrow(datasetId);
  if (dataset.report === null) return yield JSON.stringify({ total: 0, rows: [] });
  const { total, rows } = await ctx.tables.canonical(dataset.id, { offset, limit, bytes: PAGE_BYTES });
  yield `{"total":${total},"rows":[${rows.map(({ json }) => json).join(",")}]}`;
}
