import * as z from "zod";
import { Dataset, DatasetGuess, DatasetMapping, DatasetRow, ReasonAction, ReplaceChange, RowsChange } from "../dataset";
import { rowForms } from "../dataset-names";
import { ComparedRow, Comparison, Difference, ReplacePreview, RowsForecast } from "../dataset-view";
import { DatasetId, RunId } from "../ids";
import { HubFiles } from "../job-spec";
import { Done, endpoint, Nothing, queryInt } from "./endpoint";

/** One entry of dataset_info.json. */
export const RegistryEntry = z.object({
  name: z.string(),
  files: z.array(z.string()),
  bytes: z.number().nullable(),
  hub: z.string().nullable(),
  formatting: z.string(),
  mapping: DatasetMapping.nullable(),
  trouble: z.string().nullable().describe("Why it can't be added: missing file, script, images …"),
  notes: z.array(z.string()).describe("What is read other than one may think: unknown keys, samples"),
});
export type RegistryEntry = z.infer<typeof RegistryEntry>;

/** Data sets: bringing in, reading, changing, comparing, exporting. */
export const datasets = {
  listDatasets: endpoint({
    method: "GET",
    path: "/datasets",
    tag: "data",
    summary: "Data sets",
    input: Nothing,
    output: z.object({ datasets: z.array(Dataset) }),
  }),
  getDataset: endpoint({
    method: "GET",
    path: "/datasets/:datasetId",
    tag: "data",
    summary: "One data set",
    input: z.strictObject({ datasetId: DatasetId }),
    output: Dataset,
  }),
  createDataset: endpoint({
    method: "POST",
    path: "/datasets",
    maxBodyBytes: 16_000_000,
    tag: "data",
    summary: "Make a data set of what was uploaded, of a path or of pasted text; checks it at once where the form is plain",
    status: 201,
    input: z.strictObject({
      name: z.string().trim().min(1, "Give the data set a name.").max(120).optional(),
      source: z.discriminatedUnion("type", [
        z.strictObject({ type: z.literal("upload"), uploadIds: z.array(z.string().min(8).max(80)).min(1).max(1000) }),
        z.strictObject({
          type: z.literal("paste"),
          text: z.string().min(1, "Paste some rows.").max(4_000_000, "Save a text of this length as a file, and add the file."),
          fileName: z.string().max(120).optional(),
        }),
        z.strictObject({ type: z.literal("path"), path: z.string().min(1).max(4000).describe("A file, or a folder of files of one kind") }),
        HubFiles.extend({ type: z.literal("hub") }),
        z.strictObject({ type: z.literal("registry"), folder: z.string().min(1).max(4000), entry: z.string().min(1).max(200) }),
      ]),
      mapping: DatasetMapping.optional().describe("How to read the rows, where it is known"),
    }),
    output: Dataset,
  }),
  scanRegistry: endpoint({
    method: "POST",
    path: "/datasets/registry",
    tag: "data",
    summary: "All entries of a LLaMA-Factory folder with its dataset_info.json",
    input: z.strictObject({ folder: z.string().min(1).max(4000) }),
    output: z.object({ folder: z.string(), entries: z.array(RegistryEntry) }),
  }),
  previewMapping: endpoint({
    method: "POST",
    path: "/datasets/:datasetId/preview",
    tag: "data",
    summary: "Rows as a mapping would read them; nothing is kept",
    input: z.strictObject({
      datasetId: DatasetId,
      mapping: DatasetMapping.nullable().describe("Null: the data set's own"),
      rows: z.array(z.int().min(0)).min(1).max(50),
    }),
    output: z.object({ rows: z.array(DatasetRow) }),
  }),
  guessMapping: endpoint({
    method: "POST",
    path: "/datasets/:datasetId/guess",
    tag: "data",
    summary: "Look at rows again and say how they could be read",
    input: z.strictObject({ datasetId: DatasetId }),
    output: z.object({
      guesses: z.array(DatasetGuess),
      columns: z.array(z.string()),
      likely: DatasetGuess.nullable().describe("Where nothing is recognised: the form to begin with, and why"),
    }),
  }),
  checkDataset: endpoint({
    method: "POST",
    path: "/datasets/:datasetId/check",
    tag: "data",
    summary: "Read every row with this mapping; of a data set that is ready this makes a new version",
    status: 202,
    input: z.strictObject({ datasetId: DatasetId, mapping: DatasetMapping, actions: z.record(z.string(), ReasonAction).default({}) }),
    output: Dataset,
  }),
  changeDataset: endpoint({
    method: "POST",
    path: "/datasets/:datasetId/change",
    tag: "data",
    summary: "Make a version with text replaced or with some of the rows; this one stays as it is",
    status: 202,
    input: z.strictObject({ datasetId: DatasetId, change: RowsChange }),
    output: Dataset,
  }),
  previewReplace: endpoint({
    method: "POST",
    path: "/datasets/:datasetId/replace",
    tag: "data",
    summary: "What a replacement would do in some rows; nothing is kept",
    input: z.strictObject({ datasetId: DatasetId, change: ReplaceChange, from: z.int().min(0).default(0) }),
    output: ReplacePreview,
  }),
  compareVersions: endpoint({
    method: "POST",
    path: "/datasets/:datasetId/compare",
    tag: "data",
    summary: "Rows that were added, removed and changed since another version: counts where they are known, else the task that counts",
    status: 202,
    input: z.strictObject({ datasetId: DatasetId, beforeId: DatasetId }),
    output: z.object({ comparison: Comparison.nullable(), taskId: RunId.nullable() }),
  }),
  compareRows: endpoint({
    method: "GET",
    path: "/datasets/:datasetId/compare/:beforeId",
    tag: "data",
    summary: "The rows in which two compared versions differ",
    input: z.strictObject({
      datasetId: DatasetId,
      beforeId: DatasetId,
      kind: Difference,
      offset: queryInt(0, 1_000_000_000).default(0),
      limit: queryInt(1, 50).default(20),
    }),
    output: z.object({ total: z.int(), rows: z.array(ComparedRow) }),
  }),
  forecastRows: endpoint({
    method: "GET",
    path: "/datasets/:datasetId/export/forecast",
    tag: "data",
    summary: "How many rows a file in another form would hold, and which have no place in it",
    input: z.strictObject({ datasetId: DatasetId, format: z.enum(rowForms).default("jsonl") }),
    output: RowsForecast,
  }),
  renameDataset: endpoint({
    method: "PATCH",
    path: "/datasets/:datasetId",
    tag: "data",
    summary: "Rename a data set",
    input: z.strictObject({ datasetId: DatasetId, name: z.string().trim().min(1, "Give the data set a name.").max(120) }),
    output: Dataset,
  }),
  deleteDataset: endpoint({
    method: "DELETE",
    path: "/datasets/:datasetId",
    tag: "data",
    summary: "Delete a data set and its files",
    input: z.strictObject({ datasetId: DatasetId, force: z.stringbool().default(false) }),
    output: Done,
  }),
} as const;
