import { stat } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { DatasetRow } from "../../../../lib/contract/dataset";
import type { RowForm } from "../../../../lib/contract/dataset-names";
import type { DatasetId } from "../../../../lib/contract/ids";
import { type LeftReason, writeRow } from "../../../../lib/formats/write-rows";
import type { ServerContext } from "../../../context";
import { emptyRow, rowsPath } from "../../../stores/dataset-files";
import { readLines } from "../../../stores/read-lines";

const BATCH_CHARACTERS = 64 * 1024;
const TURN_CHARACTERS = 16 * 1024;

/** How many rows were written, and how many the form has no place for. Filled while the rows go by. */
export type ExportCounts = { written: number; left: Partial<Record<LeftReason, number>> };
export const noCounts = (): ExportCounts => ({ written: 0, left: {} });

/** The rows that train, in another form, as pieces of a file. Whoever reads sets the pace. */
export async function* exportRows(ctx: ServerContext, id: DatasetId, form: RowForm, counts: ExportCounts): AsyncGenerator<string> {
  const write = form === "csv" ? csvWriter() : (record: Record<string, unknown>) => `${JSON.stringify(record)}\n`;
  let batch = "";
  for await (const row of usableRows(ctx, id)) {
    const result = writeRow(row, form === "csv" ? "alpaca" : form);
    if ("left" in result) counts.left[result.left] = (counts.left[result.left] ?? 0) + 1;
    else {
      counts.written++;
      batch += write(result.record);
    }
    if (batch.length < BATCH_CHARACTERS) continue;
    yield batch;
    batch = "";
  }
  if (batch !== "") yield batch;
}

export async function* usableRows(ctx: ServerContext, id: DatasetId): AsyncGenerator<DatasetRow> {
  const path = rowsPath(ctx.env.home, id);
  let characters = 0;
  for await (const { text } of readLines(path, 0, (await stat(path)).size)) {
    // The lines of one piece follow each other without a pause; others want to be answered meanwhile.
    characters += text.length;
    if (characters > TURN_CHARACTERS) {
      characters = 0;
      await nextTurn();
    }
    const row = DatasetRow.parse({ ...emptyRow, ...JSON.parse(text) });
    if (row.problem === null) yield row;
  }
}

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
