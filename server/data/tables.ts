import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../../lib/contract/dataset";
import type { RowForm } from "../../lib/contract/dataset-names";
import type { ColumnStats, RowPage, RowQuery } from "../../lib/contract/dataset-view";
import type { DatasetId } from "../../lib/contract/ids";
import { AppError } from "../errors";
import type { Log } from "../log";
import { datasetDir, rowsPath } from "../stores/dataset-files";
import { type Convert, openArrowRows } from "./arrow-rows";
import { createDuck, type Duck } from "./duck";
import { openParquetRows } from "./parquet-rows";
import { asQueryFault } from "./query-fault";
import { isPlain } from "./query-sql";
import { openRecordRows } from "./record-rows";
import { createTable, type RawText, type RawValue, type Rows, type Table } from "./table";
import { openTableSource, type TableSource } from "./table-files";
import type { CanonicalPage, ExportCounts, ReadCanonical } from "./worker/messages";
import { createThreads, type Threads } from "./worker-thread";

/** The files of data sets as tables: pages, questions and statistics, in place and with bounded memory. */
export type Tables = {
  /** Somebody looks at this data set: starts what its first page needs. */
  warm(dataset: Dataset): void;
  page(dataset: Dataset, query: RowQuery, signal?: AbortSignal): Promise<RowPage>;
  /** One row whole; null when the files have fewer rows. */
  value(dataset: Dataset, row: number, signal?: AbortSignal): Promise<RawText | null>;
  /** Several rows whole, in rising order; those that are not there or too large are left out. A line that is no JSON is its text. */
  values(dataset: Dataset, rows: readonly number[], signal?: AbortSignal): Promise<RawValue[]>;
  stats(dataset: Dataset, signal?: AbortSignal): Promise<{ columns: ColumnStats[]; preparing: number | null }>;
  /** Nobody waits for questions about all rows any more; what was read for them is kept. */
  stopPreparing(id: DatasetId): Promise<void>;
  /** Rows as they will be trained. */
  canonical(id: DatasetId, wish: CanonicalWish): Promise<CanonicalPage>;
  /** The rows that train, as a file in another form. */
  written(id: DatasetId, form: RowForm): AsyncGenerator<Uint8Array, ExportCounts>;
  /** Resolves when every row has been counted. */
  indexed(dataset: Dataset): Promise<void>;
  /** Ends all work on a data set, before its files are deleted. */
  forget(id: DatasetId): Promise<void>;
  close(): Promise<void>;
};

/** So many rows, and all of them together so many bytes at most: longer ones are shortened. */
type CanonicalWish = Omit<ReadCanonical, "type" | "folder">;

type Parts = { home: string; roots: readonly string[]; log: Log; convertArrow: Convert };

const LOOK_MS = 500;

export function createTables({ home, roots, log, convertArrow }: Parts): Tables {
  const duck = createDuck({ home, roots });
  const open = new Map<DatasetId, { key: string; table: Promise<Table> }>();
  const questions = new Map<DatasetId, AbortController>();
  const threads = createThreads();

  const sources = new Map<DatasetId, { at: number; source: Promise<TableSource> }>();
  /** Files are looked at once in a while, not for each of many rows that are asked one after the other. */
  const sourceOf = (dataset: Dataset): Promise<TableSource> => {
    const known = sources.get(dataset.id);
    if (known && performance.now() - known.at < LOOK_MS) return known.source;
    const source = openTableSource(dataset, roots);
    sources.set(dataset.id, { at: performance.now(), source });
    source.catch(() => sources.delete(dataset.id));
    return source;
  };
  const tableOf = async (dataset: Dataset): Promise<Table> => {
    const source = await sourceOf(dataset);
    const known = open.get(dataset.id);
    if (known?.key === source.key) return known.table;
    if (known) {
      await closeTable(dataset.id);
      return tableOf(dataset);
    }
    const table = openTable(dataset, source, { duck, home, log, threads, convertArrow });
    open.set(dataset.id, { key: source.key, table });
    table.catch(() => open.delete(dataset.id));
    return table;
  };
  const closeTable = async (id: DatasetId): Promise<void> => {
    const known = open.get(id);
    open.delete(id);
    sources.delete(id);
    const table = await known?.table.catch(() => null);
    await table?.rows.close();
  };

  const ask = async <T>(dataset: Dataset, question: (table: Table) => Promise<T>): Promise<T> => {
    try {
      return await question(await tableOf(dataset));
    } catch (error) {
      throw asQueryFault(error, dataset, home);
    }
  };

  /** A newer question about the same data takes the place of an older one, whose reader has moved on. */
  const asking = async <T>(id: DatasetId, signal: AbortSignal | undefined, ask: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    questions.get(id)?.abort();
    const own = new AbortController();
    questions.set(id, own);
    try {
      return await ask(signal ? AbortSignal.any([signal, own.signal]) : own.signal);
    } finally {
      if (questions.get(id) === own) questions.delete(id);
    }
  };

  return {
    warm(dataset) {
      threads.reader();
      // A failure is told to the first question.
      void tableOf(dataset).catch(() => {});
    },
    page: (dataset, query, signal) =>
      ask(dataset, (table) => (isPlain(query) ? table.page(query, signal) : asking(dataset.id, signal, (own) => table.page(query, own)))),
    value: (dataset, row, signal) => ask(dataset, ({ rows }) => rows.value(row, signal)),
    values(dataset, wanted, signal) {
      const rising = [...wanted].sort((a, b) => a - b);
      return ask(dataset, ({ rows }) => rows.values(rising, signal));
    },
    stats: (dataset, signal) => ask(dataset, (table) => table.stats(signal)),
    async stopPreparing(id) {
      questions.get(id)?.abort();
      const table = await open.get(id)?.table.catch(() => null);
      await table?.rows.stopPreparing();
    },
    canonical: (id, wish) => threads.reader().canonical({ folder: datasetDir(home, id), ...wish }),
    async *written(id, form) {
      const path = rowsPath(home, id);
      const { worker, end } = threads.forJob((await stat(path)).size);
      try {
        return yield* worker.write({ path, form });
      } finally {
        await end();
      }
    },
    indexed: async (dataset) => (await tableOf(dataset)).rows.whole(),
    async forget(id) {
      questions.get(id)?.abort();
      await closeTable(id);
    },
    async close() {
      for (const question of questions.values()) question.abort();
      await Promise.all([...open.keys()].map(closeTable));
      await threads.close();
      duck.close();
    },
  };
}

type Tools = { duck: Duck; home: string; log: Log; threads: Threads; convertArrow: Convert };

async function openTable(dataset: Dataset, source: TableSource, { duck, home, log, threads, convertArrow }: Tools): Promise<Table> {
  const folder = join(datasetDir(home, dataset.id), "view");
  const problemsPath = join(datasetDir(home, dataset.id), "problems.jsonl");
  const { key } = source;
  await removeOldViews(folder, key);
  const openRows = (): Promise<Rows> => {
    switch (source.type) {
      case "records":
        return openRecordRows(source.files, { key, folder, problemsPath, duck, log, threads });
      case "parquet":
        return openParquetRows(source.files, { duck, problemsPath, threads });
      case "arrow":
        return openArrowRows(source.files, {
          key,
          folder,
          log,
          convert: convertArrow,
          open: (files) => openParquetRows(files, { duck, problemsPath, threads }),
        });
    }
  };
  const rows = await openRows().catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("dataset_not_readable", `${dataset.fileName} can't be read: ${reason}`, {
      params: { fileName: dataset.fileName, reason },
      cause,
    });
  });
  return createTable(rows, { key, folder, problemsPath, duck });
}

/** Caches of files that have changed since. */
async function removeOldViews(folder: string, key: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const old = names.filter((name) => /^(rows|columns|stats|arrow)-/.test(name) && !name.includes(key));
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
