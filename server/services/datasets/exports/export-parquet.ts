import type { Readable } from "node:stream";
import type { ReadyDataset } from "../../../../lib/domain/ready-dataset";
import type { ServerContext } from "../../../context";
import { pipePython } from "../../../python";
import { exportRows, noCounts } from "./export-rows";

/** Nothing lies on the disk in between: rows go in as JSON and come out as Parquet, a group of rows at a time. */
export const exportParquet = (ctx: ServerContext, { id, report }: ReadyDataset): Readable =>
  pipePython(ctx, ["trainer.write_parquet", ...(report.toolRows > 0 ? ["tools"] : [])], exportRows(ctx, id, "parquet", noCounts()));
