import * as z from "zod";
import { FieldProblem } from "../errors";
import { ExportSpec } from "../job-spec";
import { Run } from "../run";
import { endpoint, Nothing } from "./endpoint";

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

/** Exports, and what one would come to. */
export const exports = {
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
} as const;
