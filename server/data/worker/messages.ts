import type { RowForm } from "../../../lib/contract/dataset-names";
import type { RawRow } from "../../../lib/contract/dataset-view";
import type { LeftReason } from "../../../lib/formats/write-rows";

/** A file of records and where it begins in the one long row of bytes that all files of a data set make. */
export type TableFile = {
  name: string;
  path: string;
  kind: "json" | "jsonl" | "csv" | "tsv" | "text";
  bytes: number;
  base: number;
};

/** The record `row` begins at byte `at` (over all files), on line `line` of its file. */
export type Mark = { row: number; at: number; line: number };

/** Rows that follow each other, reached from the mark in front of them; looked for over so many bytes at most. */
export type Span = { from: Mark; row: number; count: number; lookBytes: number };

export type ReadRows = { type: "rows"; files: TableFile[]; spans: Span[]; problemsPath: string | null };
/** `characters`: of all values together; of what is beyond there is no text. */
export type ReadValues = { type: "values"; files: TableFile[]; spans: Span[]; characters: number };
export type ReadCanonical = { type: "canonical"; folder: string; offset: number; limit: number; bytes: number };
export type IndexRows = { type: "index"; files: TableFile[]; marksPath: string; from: Mark };
export type MakeParts = { type: "parts"; files: TableFile[]; folder: string; from: StorePosition };

export type ReadProblems = { type: "problems"; path: string; rows: number[] };

/** The canonical rows in this file that train, written in another form. */
export type WriteRows = { type: "write"; path: string; form: RowForm };

export type Job = ReadCanonical | ReadProblems | ReadRows | ReadValues | IndexRows | MakeParts | WriteRows;

export type Rows = { rows: RawRow[]; columns: string[] };
/** `json` is the text of the whole value; null where there is none or it is too long to send. */
export type RowValue = { row: number; line: number | null; json: string | null; bad: string | null; bytes: number };

/** `json` is a DatasetRow with `cut`: whether it was shortened. */
export type CanonicalRow = { json: string; cut: boolean };
export type CanonicalPage = { total: number; rows: CanonicalRow[] };

/** Marks found since the last news, three numbers each: row, byte, line. */
export type IndexNews = { marks: Float64Array; rows: number; at: number };

/** How many cells of a column hold what. */
export type TypeCounts = { text: number; number: number; boolean: number; list: number; object: number };
export type StoreColumn = { name: string; counts: TypeCounts };
export type StorePosition = { next: Mark; part: number; columns: StoreColumn[] };
/** A part as lines of JSON lies ready; DuckDB makes it Parquet, and the worker waits for the word. */
export type PartNews = { file: string; rows: number; position: StorePosition };

/** The next piece of a file; the worker waits for the word. */
export type PieceNews = { piece: Uint8Array };
/** How many rows were written, and how many the form has no place for. */
export type ExportCounts = { written: number; left: Partial<Record<LeftReason, number>> };

export type News = IndexNews | PartNews | PieceNews;
export type ToWorker = { type: "start"; id: number; job: Job } | { type: "go" | "stop"; id: number };
export type FromWorker =
  | { type: "news"; id: number; news: News }
  | { type: "done"; id: number; result: CanonicalPage | Rows | RowValue[] | RawRow["problems"][] | ExportCounts | null }
  | { type: "failed"; id: number; message: string; code: string };
