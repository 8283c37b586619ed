import type { Duck } from "./duck";
import { openParquetTable } from "./parquet-table";
import { tooLarge, VALUES_CHARACTERS } from "./record-rows";
import type { Rows } from "./table";
import type { ColumnFile } from "./table-files";
import { MAX_VALUE_CHARACTERS } from "./worker/read-rows";
import type { Threads } from "./worker-thread";

/** Rows of Parquet files; nothing has to be prepared. */
export async function openParquetRows(
  files: ColumnFile[],
  { duck, problemsPath, threads }: { duck: Duck; problemsPath: string; threads: Threads },
): Promise<Rows> {
  const table = await openParquetTable(files, duck);
  const read: Rows["read"] = async (rows, signal) => {
    const found = await table.page(rows, signal);
    const problems = await threads.reader().problems({ path: problemsPath, rows: found.map(({ row }) => row) });
    return found.map((row, i) => ({ ...row, problems: problems[i] ?? [] }));
  };
  return {
    read,
    range: (offset, limit, signal) => {
      const count = Math.max(0, Math.min(limit, table.rows - offset));
      return count === 0
        ? Promise.resolve([])
        : read(
            Array.from({ length: count }, (_, i) => offset + i),
            signal,
          );
    },
    async value(row, signal) {
      const [json] = await table.values([row], signal);
      if (json === undefined) return null;
      if (json.text.length > MAX_VALUE_CHARACTERS) throw tooLarge(row, json.text.length);
      return { row, json: json.text, line: null };
    },
    async values(rows, signal) {
      const found = await table.values(rows, signal);
      let left = VALUES_CHARACTERS;
      const told = found.filter(({ text }, i) => {
        left -= text.length;
        return text.length <= MAX_VALUE_CHARACTERS && (left >= 0 || i === 0);
      });
      return told.map(({ row, text }) => ({ row, value: JSON.parse(text), line: null }));
    },
    columns: () => table.relation.columns.map(({ name }) => name),
    state: () => ({ total: table.rows, indexedRows: table.rows, indexing: null }),
    prepare: () => {},
    stopPreparing: () => Promise.resolve(),
    prepared: () => ({ relation: table.relation, share: null }),
    whole: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
