import type { Dataset } from "../../../../lib/contract/dataset";
import type { ServerContext } from "../../../context";
import { importDataset } from "./import";
import { collect } from "./sources/collect";
import type { CreateDataset } from "./sources/incoming";

export const createDataset = (ctx: ServerContext, { name, source, mapping }: CreateDataset): Promise<Dataset> =>
  importDataset(ctx, { name, mapping, collect: (staging) => collect(ctx, staging, source) });
