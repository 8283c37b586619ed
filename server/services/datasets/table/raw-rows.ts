import type { Dataset } from "../../../../lib/contract/dataset";
import type { ServerContext } from "../../../context";
import type { RawRow } from "../../../warm/warm";

/** Raw rows by number, as parsed values; rows behind the end are left out. */
export async function readRawRows(ctx: ServerContext, dataset: Dataset, rows: readonly number[]): Promise<RawRow[]> {
  const found = new Map((await ctx.tables.values(dataset, rows)).map((raw) => [raw.row, raw]));
  return rows.flatMap((row) => found.get(row) ?? []);
}
