import * as z from "zod";

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
