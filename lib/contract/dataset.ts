import * as z from "zod";
import { DatasetId } from "./ids";

export const DatasetFormat = z.enum(["alpaca", "sharegpt", "messages"]);
export type DatasetFormat = z.infer<typeof DatasetFormat>;

/** Why a row can't be used; the row stays in the data set and is left out of training. */
export const RowProblem = z.object({
  row: z.int().describe("Number of the row, from 0"),
  line: z.int().nullable().describe("Line in a JSONL file, from 1"),
  field: z.string(),
  value: z.string().describe("The offending value, shortened"),
  reason: z.string().describe("Code such as not_a_string, missing, empty_answer, unknown_role, bad_json"),
  message: z.string(),
});
export type RowProblem = z.infer<typeof RowProblem>;

export const Message = z.object({ role: z.enum(["system", "user", "assistant", "tool"]), content: z.string() });
export type Message = z.infer<typeof Message>;

/** One canonical row: what the trainer reads is exactly what the page shows. */
export const DatasetRow = z.object({
  index: z.int(),
  messages: z.array(Message).nullable(),
  problem: RowProblem.nullable(),
});
export type DatasetRow = z.infer<typeof DatasetRow>;

/** Answer of `python -m trainer.prepare`; the same code converts rows for training. */
export const DatasetReport = z.object({
  format: DatasetFormat,
  formatReason: z.string().describe("Why this format was recognised, in a sentence"),
  fileType: z.enum(["json", "jsonl"]),
  rows: z.int(),
  usableRows: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  columns: z.array(z.string()),
  problemCounts: z.record(z.string(), z.int()),
  problems: z.array(RowProblem).max(100),
  characters: z.object({ median: z.number(), p95: z.number(), max: z.number() }),
  turns: z.object({ mean: z.number(), max: z.int() }),
});
export type DatasetReport = z.infer<typeof DatasetReport>;

export const Dataset = z.object({
  id: DatasetId,
  name: z.string(),
  source: z.enum(["demo", "upload"]),
  fileName: z.string(),
  report: DatasetReport,
  createdAt: z.number(),
  usedByRuns: z.int(),
});
export type Dataset = z.infer<typeof Dataset>;
