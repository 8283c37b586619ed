import { Readable } from "node:stream";
import { pack } from "tar-stream";
import * as z from "zod";
import { API_PREFIX } from "../../lib/contract/api";
import { type RowForm, rowForms } from "../../lib/contract/dataset-names";
import { DatasetId } from "../../lib/contract/ids";
import type { ReadyDataset } from "../../lib/domain/ready-dataset";
import type { ServerContext } from "../context";
import { AppError, invalidFields } from "../errors";
import { exportParquet } from "../services/datasets/exports/export-parquet";
import { writeRegistry } from "../services/datasets/exports/export-registry";
import { exportRows, noCounts } from "../services/datasets/exports/export-rows";
import { readyDataset } from "../services/datasets/ready";
import { attachment } from "./content-disposition";
import type { Mount } from "./router";

const MAX_SETS = 200;
const media: Record<RowForm, { type: string; ending: string }> = {
  jsonl: { type: "application/jsonl", ending: "jsonl" },
  messages: { type: "application/jsonl", ending: "messages.jsonl" },
  sharegpt: { type: "application/jsonl", ending: "sharegpt.jsonl" },
  alpaca: { type: "application/jsonl", ending: "alpaca.jsonl" },
  csv: { type: "text/csv; charset=utf-8", ending: "csv" },
  parquet: { type: "application/vnd.apache.parquet", ending: "parquet" },
};

/** Rows of a data set as a file in another form, and several sets as a folder for LLaMA-Factory. Nothing is read into memory. */
export const mountDatasetFiles: Mount = (app, ctx) => {
  app.get(`${API_PREFIX}/datasets/registry/export`, (c) => {
    const ids = (c.req.query("ids") ?? "").split(",").filter((id) => id !== "");
    if (ids.length === 0 || ids.length > MAX_SETS)
      throw invalidFields([{ path: "ids", message: `Name 1 to ${MAX_SETS} data sets, with commas between.`, value: ids.length }]);
    const datasets = ids.map((id) => findReady(ctx, id));
    const archive = pack();
    // When the reader leaves, the archive is destroyed and the writing ends with it.
    writeRegistry(ctx, datasets, archive).catch((error) => archive.destroy(error));
    const headers = { "content-type": "application/x-tar", "content-disposition": attachment("tuneboard-data.tar") };
    return new Response(c.req.method === "HEAD" ? null : toWeb(Readable.from(archive)), { headers });
  });
  app.get(`${API_PREFIX}/datasets/:datasetId/export`, (c) => {
    const dataset = findReady(ctx, c.req.param("datasetId"));
    const form = parseForm(c.req.query("format"));
    const { type, ending } = media[form];
    const headers = { "content-type": type, "content-disposition": attachment(`${dataset.name}.${ending}`) };
    return new Response(c.req.method === "HEAD" ? null : toWeb(openFile(ctx, dataset, form)), { headers });
  });
};

const openFile = (ctx: ServerContext, dataset: ReadyDataset, form: RowForm): Readable =>
  form === "parquet" ? exportParquet(ctx, dataset) : Readable.from(exportRows(ctx, dataset.id, form, noCounts()));

function findReady(ctx: ServerContext, given: string): ReadyDataset {
  const id = DatasetId.safeParse(given);
  if (!id.success) throw new AppError("dataset_not_found", `There is no data set ${given}.`, { params: { id: given } });
  return readyDataset(ctx, id.data);
}

function parseForm(given = "jsonl"): RowForm {
  const form = z.enum(rowForms).safeParse(given);
  if (!form.success) throw invalidFields([{ path: "format", message: `Choose one of ${rowForms.join(", ")}.`, value: given }]);
  return form.data;
}

// Node's stream and the browser's differ in their types only; both streams carry bytes.
const toWeb = (stream: Readable): ReadableStream<Uint8Array> => Readable.toWeb(stream) as ReadableStream<Uint8Array>;
