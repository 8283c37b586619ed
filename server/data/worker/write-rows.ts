import { statSync } from "node:fs";
import { DatasetRow } from "../../../lib/contract/dataset";
import type { RowForm } from "../../../lib/contract/dataset-names";
import { writeRow } from "../../../lib/formats/write-rows";
import { emptyRow } from "../../stores/dataset-files";
import { readLines } from "../../stores/read-lines";
import type { ExportCounts, WriteRows } from "./messages";

const PIECE_CHARACTERS = 256 * 1024;

/** The rows that train, in another form, as pieces of a file. `tell` resolves when the next one is wanted, false: none is. */
export async function writeRows({ path, form }: WriteRows, tell: (piece: Uint8Array) => Promise<boolean>): Promise<ExportCounts> {
  const counts: ExportCounts = { written: 0, left: {} };
  const write = form === "csv" ? csvWriter() : (record: Record<string, unknown>) => `${JSON.stringify(record)}\n`;
  let piece = "";
  for await (const { text } of readLines(path, 0, statSync(path).size)) {
    const row = DatasetRow.parse({ ...emptyRow, ...JSON.parse(text) });
    if (row.problem !== null) continue;
    const result = writeRow(row, recordForm(form));
    if ("left" in result) counts.left[result.left] = (counts.left[result.left] ?? 0) + 1;
    else {
      counts.written++;
      piece += write(result.record);
    }
    if (piece.length < PIECE_CHARACTERS) continue;
    if (!(await tell(Buffer.from(piece)))) return counts;
    piece = "";
  }
  if (piece !== "") await tell(Buffer.from(piece));
  return counts;
}

const recordForm = (form: RowForm): Exclude<RowForm, "csv"> => (form === "csv" ? "alpaca" : form);

/** RFC 4180; the columns are those of the first row, because all rows of a set have one form. */
function csvWriter(): (record: Record<string, unknown>) => string {
  let columns: string[] | null = null;
  return (record) => {
    const head = columns === null ? `${Object.keys(record).join(",")}\r\n` : "";
    columns ??= Object.keys(record);
    return `${head}${columns.map((column) => cell(record[column])).join(",")}\r\n`;
  };
}

/** As it is, also where a spreadsheet would run it: with a quote in front the file would train other words. The check tells of such cells. */
function cell(value: unknown): string {
  const text = typeof value === "string" ? value : Array.isArray(value) && value.length === 0 ? "" : JSON.stringify(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
