import type { RowForm } from "../../../../lib/contract/dataset-names";
import type { DatasetId } from "../../../../lib/contract/ids";
import type { ServerContext } from "../../../context";
import type { ExportCounts } from "../../../data/worker/messages";

export type { ExportCounts } from "../../../data/worker/messages";
export const noCounts = (): ExportCounts => ({ written: 0, left: {} });

/** The rows that train, in another form, as pieces of a file; `counts` are filled in at the end. Whoever reads sets the pace. */
export async function* exportRows(ctx: ServerContext, id: DatasetId, form: RowForm, counts: ExportCounts): AsyncGenerator<Uint8Array> {
  Object.assign(counts, yield* ctx.tables.written(id, form));
}
