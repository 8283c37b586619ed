import { AppError } from "../errors";
import type { Log } from "../log";
import { openColumnStore } from "./column-store";
import type { Duck } from "./duck";
import { openRecordIndex } from "./record-index";
import type { Rows } from "./table";
import { MAX_COLUMNS } from "./worker/cells";
import type { Span, TableFile } from "./worker/messages";
import { MAX_VALUE_CHARACTERS } from "./worker/read-rows";
import { MAX_RECORD_BYTES } from "./worker/scanner";
import type { Threads } from "./worker-thread";

/** While the index grows a page is looked for so far behind its end, which is a row at least: the first one never waits. */
const LOOK_AHEAD_BYTES = MAX_RECORD_BYTES + 1024 * 1024;
const HEAD_ROWS = 100;
/** Several values at once are parsed in the server's own thread: so many take some milliseconds. */
export const VALUES_CHARACTERS = 1_000_000;

type Parts = { key: string; folder: string; problemsPath: string; duck: Duck; log: Log; threads: Threads };

/** Rows of JSON, CSV and text files, read by the place where they begin. */
export async function openRecordRows(files: TableFile[], { key, folder, problemsPath, duck, log, threads }: Parts): Promise<Rows> {
  const index = await openRecordIndex(files, { folder, key, log, threads });
  const store = await openColumnStore(files, { folder, key, duck, log, threads });
  const columns = new Set<string>();
  let headRead = false;

  const span = (row: number, count: number): Span => ({
    from: index.before(row),
    row,
    count,
    lookBytes: index.share === null ? Number.POSITIVE_INFINITY : LOOK_AHEAD_BYTES,
  });
  const readSpans = async (spans: Span[]) => {
    if (!headRead && !spans.some(({ row }) => row === 0))
      note((await threads.reader().rows({ files, spans: [span(0, HEAD_ROWS)], problemsPath: null })).columns);
    const found = await threads.reader().rows({ files, spans, problemsPath });
    note(found.columns);
    // Not before: the thread of the index would take disk and core from the first page.
    index.start();
    return found.rows;
  };
  const note = (names: readonly string[]): void => {
    headRead = true;
    for (const name of names) if (columns.size < MAX_COLUMNS) columns.add(name);
  };

  return {
    range: (offset, limit) => readSpans([span(offset, limit)]),
    read: (rows) => (rows.length === 0 ? Promise.resolve([]) : readSpans(toSpans(rows, span))),
    async value(row) {
      const [found] = await threads.reader().values({ files, spans: [span(row, 1)], characters: MAX_VALUE_CHARACTERS });
      if (!found) return null;
      if (found.json === null) throw tooLarge(row, found.bytes);
      return { row, json: found.json, line: found.line };
    },
    async values(rows) {
      const found = await threads.reader().values({ files, spans: toSpans(rows, span), characters: VALUES_CHARACTERS });
      return found.flatMap(({ row, line, json }) => (json === null ? [] : [{ row, value: JSON.parse(json), line }]));
    },
    columns() {
      const prepared = store.prepared().relation?.columns ?? [];
      for (const { name } of prepared) columns.add(name);
      return [...columns];
    },
    state: () => ({ total: index.share === null ? index.rows : null, indexedRows: index.rows, indexing: index.share }),
    prepare: () => store.start(),
    stopPreparing: () => store.stop(),
    prepared() {
      store.tellFailure();
      return store.prepared();
    },
    whole: () => index.whole(),
    async close() {
      await Promise.all([index.close(), store.close()]);
    },
  };
}

/** Rows in rising order; neighbours are read together. */
function toSpans(rows: readonly number[], span: (row: number, count: number) => Span): Span[] {
  const spans: Span[] = [];
  let first = 0;
  for (let i = 1; i <= rows.length; i += 1) {
    if (i < rows.length && rows[i] === (rows[i - 1] ?? 0) + 1) continue;
    spans.push(span(rows[first] ?? 0, i - first));
    first = i;
  }
  return spans;
}

export const tooLarge = (row: number, bytes: number): AppError =>
  new AppError(
    "dataset_not_readable",
    `Row ${row} has ${(bytes / 1e6).toFixed(1)} MB, which is too much to show whole; the table shows its beginning.`,
    {
      params: { row },
    },
  );
