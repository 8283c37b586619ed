import * as z from "zod";
import { RowProblem, ShownRow } from "../dataset";
import { ColumnStats, RowPage, RowQuery } from "../dataset-view";
import { DatasetId, RunId } from "../ids";
import { InspectedRow, LengthReport, LengthSettings, RenderSettings } from "../inspect";
import { OverlapAnswer, OverlapFinding, OverlapKind, OverlapSets } from "../overlap";
import { Done, endpoint, queryInt } from "./endpoint";

/** What stands in a data set: rows, columns, faults, tokens, and what it shares with others. */
export const rows = {
  getDatasetRows: endpoint({
    method: "GET",
    path: "/datasets/:datasetId/rows",
    tag: "data",
    summary: "Rows as they will be trained, at most 2 MB of them: longer ones are shortened",
    input: z.strictObject({ datasetId: DatasetId, offset: queryInt(0, 1_000_000_000).default(0), limit: queryInt(1, 200).default(50) }),
    output: z.object({ total: z.int(), rows: z.array(ShownRow) }),
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
} as const;
