import * as z from "zod";
import { DatasetRow } from "./dataset";
import { differences } from "./dataset-names";

/** A value in a table cell, shortened for the page; the whole row comes by `getRawRow`. */
export const CellValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One raw row as it stands in the file: nothing converted, nothing left out. */
export const RawRow = z.object({
  row: z.int(),
  cells: z.record(z.string(), CellValue).describe("By column; objects and lists as JSON text, long text cut"),
  cut: z.array(z.string()).describe("Columns whose value was cut"),
  bad: z.string().nullable().describe("Why the line is no row; its text is then in the cell “” "),
  problems: z.array(z.object({ reason: z.string(), severity: z.enum(["drop", "warn"]), field: z.string() })),
});
export type RawRow = z.infer<typeof RawRow>;

export const RowFilter = z.strictObject({
  column: z.string().max(200).nullable().describe("Null: any column"),
  is: z.enum(["contains", "equals", "not_equals", "empty", "not_empty", "greater", "less", "longer", "shorter"]),
  value: z.string().max(2000),
});
export type RowFilter = z.infer<typeof RowFilter>;

/** What the table shows. Without search, filters, reason and sort it needs no column store and answers at once. */
export const RowQuery = z.strictObject({
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(200).default(50),
  search: z.string().max(500).default(""),
  filters: z.array(RowFilter).max(20).default([]),
  reason: z.string().max(80).nullable().default(null).describe("Only rows with this fault"),
  sort: z
    .strictObject({ column: z.string().max(200), descending: z.boolean() })
    .nullable()
    .default(null),
});
export type RowQuery = z.infer<typeof RowQuery>;

export const RowPage = z.object({
  columns: z.array(z.string()),
  rows: z.array(RawRow),
  total: z.int().nullable().describe("Rows that match; null while the file is still being indexed"),
  indexedRows: z.int(),
  indexing: z.number().nullable().describe("Share done, 0 to 1; null when the index is whole"),
  preparing: z
    .number()
    .nullable()
    .describe("A search, filter or sort over a share of the rows, because the others are still being read; ask again. Null: over all"),
});
export type RowPage = z.infer<typeof RowPage>;

export const ColumnStats = z.object({
  name: z.string(),
  type: z.string().describe("text, number, boolean, list, object, mixed"),
  empty: z.int(),
  distinct: z.int().describe("Approximate above 10,000"),
  min: z.string().nullable(),
  max: z.string().nullable(),
  meanLength: z.number().nullable().describe("Characters, for text"),
  maxLength: z.int().nullable(),
  histogram: z.array(z.object({ from: z.number(), to: z.number(), rows: z.int() })).describe("Of the value, or of the length of text"),
  top: z.array(z.object({ value: z.string(), rows: z.int() })).max(10),
});
export type ColumnStats = z.infer<typeof ColumnStats>;

/** A piece of a text before and after a change: shown one after the other, with what was taken out struck through. */
export const TextPart = z.object({ text: z.string(), is: z.enum(["same", "removed", "added"]) });
export type TextPart = z.infer<typeof TextPart>;

/** What a replacement would do in the rows that were looked at. */
export const ReplacePreview = z.object({
  from: z.int(),
  lookedAt: z.int().describe("Rows from there on; fewer than asked for at the end of the set"),
  changedRows: z.int(),
  counts: z.array(z.int()).describe("By pair, in the rows looked at"),
  changes: z
    .array(z.object({ row: z.int(), field: z.string().describe("Such as messages[1].content"), parts: z.array(TextPart) }))
    .describe("The first texts that would change; long stretches that stay are cut"),
  paths: z.array(z.array(z.string())).describe("Where these rows have text, as a scope names it"),
});
export type ReplacePreview = z.infer<typeof ReplacePreview>;

/** Two versions beside each other, counted over all rows that can be trained. */
export const Comparison = z.object({
  byNumber: z.boolean().describe("False: rows were matched by their content, so that none counts as changed"),
  same: z.int(),
  changed: z.int(),
  removed: z.int(),
  added: z.int(),
});
export type Comparison = z.infer<typeof Comparison>;

export const Difference = z.enum(differences);
export type Difference = z.infer<typeof Difference>;

export const ComparedRow = z.object({ before: DatasetRow.nullable(), after: DatasetRow.nullable() });
export type ComparedRow = z.infer<typeof ComparedRow>;

/** What a file in another form would hold. */
export const RowsForecast = z.object({
  rows: z.int(),
  left: z.array(z.object({ reason: z.string(), rows: z.int() })).describe("Rows that have no place in this form"),
});
export type RowsForecast = z.infer<typeof RowsForecast>;
