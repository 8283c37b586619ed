import * as z from "zod";
import {
  Dataset,
  DatasetGuess,
  DatasetMapping,
  DatasetRow,
  ReasonAction,
  ReplaceChange,
  RowProblem,
  RowsChange,
  ShownRow,
} from "./dataset";
import { rowForms } from "./dataset-names";
import { ColumnStats, ComparedRow, Comparison, Difference, ReplacePreview, RowPage, RowQuery, RowsForecast } from "./dataset-view";
import { FieldProblem } from "./errors";
import { CheckpointName, DatasetId, ModelId, RunId } from "./ids";
import { InspectedRow, LengthReport, LengthSettings, RenderSettings } from "./inspect";
import { ChatTarget, ExportSpec, HubFiles, TrainSpec } from "./job-spec";
import { AddModel, Model } from "./model";
import { OverlapAnswer, OverlapFinding, OverlapKind, OverlapSets } from "./overlap";
import { Run } from "./run";
import { SeriesWindow } from "./series";
import { SystemReport } from "./system";

/** One endpoint: the browser's `call`, the router and the OpenAPI document are all drawn from it. */
export type Endpoint<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path below /api; `:name` parts are taken from the input and left out of body and query. */
  path: string;
  tag: "session" | "runs" | "exports" | "chat" | "models" | "data" | "system";
  summary: string;
  input: I;
  output: O;
  /** Answers without being signed in. */
  open?: true;
  status?: 200 | 201 | 202 | 204;
  /** Where a body may be larger than usual. */
  maxBodyBytes?: number;
};
const endpoint = <I extends z.ZodType, O extends z.ZodType>(e: Endpoint<I, O>) => e;

const Nothing = z.strictObject({});
const Done = z.object({ ok: z.literal(true) });
const ByRun = z.strictObject({ runId: RunId });

/** A size or number that arrives in a query string. */
const queryInt = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

export const ExportForecast = z.object({
  bytes: z.number(),
  shards: z.int(),
  dtype: z.string(),
  freeBytes: z.number(),
  fits: z.boolean(),
  mergeable: z.boolean(),
  problem: FieldProblem.nullable().describe("Why a form is not possible"),
});
export type ExportForecast = z.infer<typeof ExportForecast>;

export const LogSlice = z.object({
  from: z.int().describe("Byte offset of the first byte of text"),
  to: z.int(),
  size: z.int().describe("Bytes ever written"),
  text: z.string(),
});
export type LogSlice = z.infer<typeof LogSlice>;

export const ChatModelInfo = z.object({
  id: z.string().describe("Name for the `model` field of /v1/chat/completions"),
  target: ChatTarget,
  label: z.string(),
  detail: z.string(),
  base: z.string().nullable(),
  chatTemplate: z.boolean(),
  worker: z.object({ runId: RunId, status: z.enum(["starting", "ready"]) }).nullable(),
});
export type ChatModelInfo = z.infer<typeof ChatModelInfo>;

export const QuickStart = z.object({
  spec: TrainSpec,
  probes: z.array(z.object({ prompt: z.string(), expect: z.string() })),
});
export type QuickStart = z.infer<typeof QuickStart>;

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

export const api = {
  getSession: endpoint({
    method: "GET",
    path: "/session",
    tag: "session",
    summary: "Whether this browser is signed in",
    open: true,
    input: Nothing,
    output: z.object({ signedIn: z.boolean() }),
  }),
  signIn: endpoint({
    method: "POST",
    path: "/session",
    tag: "session",
    summary: "Exchange the token for a cookie",
    open: true,
    input: z.strictObject({ token: z.string().min(1, "Paste the token that the server printed.").max(200) }),
    output: Done,
  }),
  signOut: endpoint({ method: "DELETE", path: "/session", tag: "session", summary: "Forget this browser", input: Nothing, output: Done }),

  listRuns: endpoint({
    method: "GET",
    path: "/runs",
    tag: "runs",
    summary: "Training runs, newest first",
    input: z.strictObject({ limit: queryInt(1, 5000).default(2000) }),
    output: z.object({ runs: z.array(Run) }),
  }),
  createRun: endpoint({
    method: "POST",
    path: "/runs",
    tag: "runs",
    summary: "Check a training run and put it in the queue",
    status: 201,
    input: z.strictObject({
      spec: TrainSpec,
      requestId: z.string().min(8).max(80).optional().describe("The same id twice gives the same run, not two"),
    }),
    output: Run,
  }),
  getRun: endpoint({ method: "GET", path: "/runs/:runId", tag: "runs", summary: "One run", input: ByRun, output: Run }),
  renameRun: endpoint({
    method: "PATCH",
    path: "/runs/:runId",
    tag: "runs",
    summary: "Rename a run",
    input: z.strictObject({ runId: RunId, name: z.string().trim().min(1).max(80) }),
    output: Run,
  }),
  stopRun: endpoint({
    method: "POST",
    path: "/runs/:runId/stop",
    tag: "runs",
    summary: "Stop: save a checkpoint and end, or end without saving",
    status: 202,
    input: z.strictObject({ runId: RunId, save: z.boolean() }),
    output: Run,
  }),
  saveRun: endpoint({
    method: "POST",
    path: "/runs/:runId/save",
    tag: "runs",
    summary: "Save a checkpoint at the next step",
    status: 202,
    input: ByRun,
    output: Run,
  }),
  resumeRun: endpoint({
    method: "POST",
    path: "/runs/:runId/resume",
    tag: "runs",
    summary: "Go on from a checkpoint, as a new attempt of the same run",
    status: 202,
    input: z.strictObject({ runId: RunId, checkpoint: CheckpointName }),
    output: Run,
  }),
  deleteRun: endpoint({
    method: "DELETE",
    path: "/runs/:runId",
    tag: "runs",
    summary: "Delete an ended run and its files",
    input: ByRun,
    output: z.object({ freedBytes: z.number() }),
  }),
  deleteCheckpoint: endpoint({
    method: "DELETE",
    path: "/runs/:runId/checkpoints/:checkpoint",
    tag: "runs",
    summary: "Delete one checkpoint",
    input: z.strictObject({ runId: RunId, checkpoint: CheckpointName }),
    output: Run,
  }),
  getSeries: endpoint({
    method: "GET",
    path: "/runs/:runId/series",
    tag: "runs",
    summary: "Curves in a window, at most `points` points each with exact extremes",
    input: z.strictObject({
      runId: RunId,
      names: z.string().max(2000).optional().describe("Comma-separated metric names; all when absent"),
      fromStep: z.coerce.number().optional(),
      toStep: z.coerce.number().optional(),
      points: queryInt(2, 20_000).default(2000),
    }),
    output: SeriesWindow,
  }),
  getLog: endpoint({
    method: "GET",
    path: "/runs/:runId/log",
    tag: "runs",
    summary: "A slice of the worker's output",
    input: z.strictObject({
      runId: RunId,
      from: z.coerce.number().int().min(0).optional().describe("Absent: the last `limit` bytes"),
      limit: queryInt(1, 1_000_000).default(65_536),
    }),
    output: LogSlice,
  }),
  getResolved: endpoint({
    method: "GET",
    path: "/runs/:runId/resolved",
    tag: "runs",
    summary: "Every effective value of the newest attempt",
    input: ByRun,
    output: z.object({ resolved: z.record(z.string(), z.unknown()).nullable() }),
  }),
  quickStart: endpoint({
    method: "GET",
    path: "/quick-start",
    tag: "runs",
    summary: "The ready-made first run on the demo model",
    input: Nothing,
    output: QuickStart,
  }),

  listExports: endpoint({
    method: "GET",
    path: "/exports",
    tag: "exports",
    summary: "Exports, newest first",
    input: Nothing,
    output: z.object({ runs: z.array(Run) }),
  }),
  forecastExport: endpoint({
    method: "POST",
    path: "/exports/forecast",
    tag: "exports",
    summary: "Size and number of shards beforehand",
    input: z.strictObject({ spec: ExportSpec }),
    output: ExportForecast,
  }),
  createExport: endpoint({
    method: "POST",
    path: "/exports",
    tag: "exports",
    summary: "Export a checkpoint",
    status: 201,
    input: z.strictObject({ spec: ExportSpec }),
    output: Run,
  }),

  listChatModels: endpoint({
    method: "GET",
    path: "/chat/models",
    tag: "chat",
    summary: "Everything that can be talked to",
    input: Nothing,
    output: z.object({ models: z.array(ChatModelInfo) }),
  }),
  warmChat: endpoint({
    method: "POST",
    path: "/chat/warm",
    tag: "chat",
    summary: "Load weights before the first question",
    status: 202,
    input: z.strictObject({ model: z.string().max(200) }),
    output: ChatModelInfo,
  }),
  unloadChat: endpoint({
    method: "POST",
    path: "/chat/unload",
    tag: "chat",
    summary: "Free the memory of a chat worker",
    input: z.strictObject({ model: z.string().max(200) }),
    output: Done,
  }),

  listModels: endpoint({
    method: "GET",
    path: "/models",
    tag: "models",
    summary: "Models",
    input: Nothing,
    output: z.object({ models: z.array(Model) }),
  }),
  addModel: endpoint({
    method: "POST",
    path: "/models",
    tag: "models",
    summary: "Add a local folder or a hub id",
    status: 201,
    input: AddModel,
    output: Model,
  }),
  deleteModel: endpoint({
    method: "DELETE",
    path: "/models/:modelId",
    tag: "models",
    summary: "Take a model off the list; its files stay",
    input: z.strictObject({ modelId: ModelId, force: z.stringbool().default(false) }),
    output: Done,
  }),

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
  getDatasetRows: endpoint({
    method: "GET",
    path: "/datasets/:datasetId/rows",
    tag: "data",
    summary: "Rows as they will be trained, at most 2 MB of them: longer ones are shortened",
    input: z.strictObject({ datasetId: DatasetId, offset: queryInt(0, 1_000_000_000).default(0), limit: queryInt(1, 200).default(50) }),
    output: z.object({ total: z.int(), rows: z.array(ShownRow) }),
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
  queryRows: endpoint({
    method: "POST",
    path: "/datasets/:datasetId/table",
    tag: "data",
    summary: "Raw rows: a page, filtered, searched and sorted",
    input: RowQuery.extend({ datasetId: DatasetId }),
    output: RowPage,
  }),
  stopTable: endpoint({
    method: "POST",
    path: "/datasets/:datasetId/table/stop",
    tag: "data",
    summary: "Stop reading a file for searching, filtering, sorting and statistics; what was read is kept",
    input: z.strictObject({ datasetId: DatasetId }),
    output: Done,
  }),
  getRawRow: endpoint({
    method: "GET",
    path: "/datasets/:datasetId/raw/:row",
    tag: "data",
    summary: "One raw row whole, as JSON",
    input: z.strictObject({ datasetId: DatasetId, row: queryInt(0, 10_000_000_000) }),
    output: z.object({ row: z.int(), value: z.unknown(), line: z.int().nullable() }),
  }),
  getColumns: endpoint({
    method: "GET",
    path: "/datasets/:datasetId/columns",
    tag: "data",
    summary: "Statistics of every column over all rows",
    input: z.strictObject({ datasetId: DatasetId }),
    output: z.object({
      columns: z.array(ColumnStats),
      preparing: z.number().nullable().describe("Share of the columns read; null when done"),
    }),
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
  getProblems: endpoint({
    method: "GET",
    path: "/datasets/:datasetId/problems",
    tag: "data",
    summary: "What was found in rows, in the order of the file",
    input: z.strictObject({
      datasetId: DatasetId,
      reason: z.string().max(80).optional(),
      offset: queryInt(0, 1_000_000_000).default(0),
      limit: queryInt(1, 200).default(50),
    }),
    output: z.object({ total: z.int(), problems: z.array(RowProblem) }),
  }),
  inspectRow: endpoint({
    method: "POST",
    path: "/datasets/:datasetId/inspect",
    tag: "data",
    summary: "A row as the tokens that will be trained",
    input: z.strictObject({ datasetId: DatasetId, row: z.int().min(0), settings: RenderSettings }),
    output: InspectedRow,
  }),
  listTemplates: endpoint({
    method: "GET",
    path: "/templates",
    tag: "data",
    summary: "Names of the chat templates that a row can be looked at with in place of a model's own",
    input: z.strictObject({}),
    output: z.object({ templates: z.array(z.string()) }),
  }),
  measureLengths: endpoint({
    method: "POST",
    path: "/datasets/:datasetId/lengths",
    tag: "data",
    summary: "Lengths of all rows: the report where it is known, else the task that counts",
    status: 202,
    input: LengthSettings,
    output: z.object({ report: LengthReport.nullable(), taskId: RunId.nullable() }),
  }),
  findOverlap: endpoint({
    method: "POST",
    path: "/overlap",
    tag: "data",
    summary: "Validation rows that also stand in training, and prompts with two answers: the report where it is known, else the task",
    status: 202,
    input: OverlapSets.extend({ start: z.boolean().default(true).describe("False: only say what is known") }),
    output: OverlapAnswer,
  }),
  getOverlapFindings: endpoint({
    method: "POST",
    path: "/overlap/findings",
    tag: "data",
    summary: "What a comparison found, page by page",
    input: OverlapSets.extend({
      kind: OverlapKind.nullable().default(null),
      offset: z.int().min(0).max(1_000_000_000).default(0),
      limit: z.int().min(1).max(200).default(50),
    }),
    output: z.object({ total: z.int(), findings: z.array(OverlapFinding) }),
  }),
  deleteDataset: endpoint({
    method: "DELETE",
    path: "/datasets/:datasetId",
    tag: "data",
    summary: "Delete a data set and its files",
    input: z.strictObject({ datasetId: DatasetId, force: z.stringbool().default(false) }),
    output: Done,
  }),

  getSystem: endpoint({
    method: "GET",
    path: "/system",
    tag: "system",
    summary: "Machine, environment, disk",
    input: Nothing,
    output: SystemReport,
  }),
} as const;

/**
 * Endpoints that carry files or streams and stand beside the table:
 * `/api/uploads` the tus protocol, for files of data sets; `GET /api/datasets/:datasetId/export?format=` its rows as a file; `GET /api/exports/:runId/files/*` one file;
 * `GET /api/exports/:runId/archive` a tar of all files; `GET /api/runs/:runId/log/download`;
 * `GET /v1/models`, `POST /v1/chat/completions` (OpenAI).
 */
export const API_PREFIX = "/api";
export type Api = typeof api;
