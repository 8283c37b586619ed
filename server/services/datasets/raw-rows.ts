import type { Dataset } from "../../../lib/contract/dataset";
import type { ServerContext } from "../../context";
import type { RawRow } from "../../warm/warm";

/** Raw rows by number, as parsed values; rows behind the end are left out. */
export async function readRawRows(ctx: ServerContext, dataset: Dataset, rows: readonly number[]): Promise<RawRow[]> {
  const found: RawRow[] = [];
  for (const row of rows) {
    const raw = await ctx.tables.value(dataset, row);
    if (raw !== null) found.push({ row, line: raw.line, value: raw.value });
  }
  return found;
}
