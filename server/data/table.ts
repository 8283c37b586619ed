import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { ColumnStats, type RawRow, type RowPage, type RowQuery } from "../../lib/contract/dataset-view";
import { hasCode } from "../stores/run-dir";
import { columnStats } from "./column-stats";
import type { Duck } from "./duck";
import { createGrowingSearch } from "./growing-search";
import { checkFilters, countMatching, faultyRows, isPlain, matchingRows } from "./query-sql";
import type { Prepared, Relation } from "./relation";

export type RawValue = { row: number; value: unknown; line: number | null };
/** The value as text of JSON: whoever passes it on needs not read it. */
export type RawText = { row: number; json: string; line: number | null };

/** Rows of one kind of files; what differs between records by offset and Parquet. */
export type Rows = {
  /** These rows, in rising order; those that can't be reached yet are left out. */
  read(rows: readonly number[], signal?: AbortSignal): Promise<RawRow[]>;
  range(offset: number, limit: number, signal?: AbortSignal): Promise<RawRow[]>;
  value(row: number, signal?: AbortSignal): Promise<RawText | null>;
  /** Whole rows by rising number, as far as they are there and can be read. */
  values(rows: readonly number[], signal?: AbortSignal): Promise<RawValue[]>;
  columns(): string[];
  state(): { total: number | null; indexedRows: number; indexing: number | null };
  /** Starts what a question about all rows needs. */
  prepare(): void;
  /** Ends that work; it goes on from there when somebody asks again. */
  stopPreparing(): Promise<void>;
  prepared(): Prepared;
  /** The index, or whatever else stands for it, is there. */
  whole(): Promise<void>;
  close(): Promise<void>;
};

export type Table = {
  key: string;
  rows: Rows;
  page(query: RowQuery, signal?: AbortSignal): Promise<RowPage>;
  stats(signal?: AbortSignal): Promise<{ columns: ColumnStats[]; preparing: number | null }>;
};

const KEPT_TOTALS = 200;

export function createTable(
  rows: Rows,
  { key, folder, problemsPath, duck }: { key: string; folder: string; problemsPath: string; duck: Duck },
): Table {
  const totals = new Map<string, number>();
  const statsPath = join(folder, `stats-${key}.json`);
  const searchGrowing = createGrowingSearch();

  const plainPage = async ({ offset, limit }: RowQuery, signal?: AbortSignal): Promise<RowPage> => {
    const found = await rows.range(offset, limit, signal);
    return { columns: rows.columns(), rows: found, ...rows.state(), preparing: null };
  };

  const filteredPage = async (query: RowQuery, prepared: Prepared, signal?: AbortSignal): Promise<RowPage> => {
    const { share } = prepared;
    const { numbers, total } = await match(query, prepared, signal);
    const found = new Map(
      (
        await rows.read(
          [...numbers].sort((a, b) => a - b),
          signal,
        )
      ).map((row) => [row.row, row]),
    );
    return {
      columns: rows.columns(),
      rows: numbers.flatMap((number) => found.get(number) ?? []),
      ...rows.state(),
      total: share === null ? total : null,
      preparing: share,
    };
  };

  const find = async (query: RowQuery, relation: Relation, signal?: AbortSignal): Promise<number[]> => {
    const { sql, params } = matchingRows(query, relation, { problemsPath, limit: query.limit, offset: query.offset });
    return (await duck.query(sql, params, signal)).map(({ row }) => Number(row));
  };
  /** The total of a question is counted once, however its pages are turned and sorted. */
  const match = async (query: RowQuery, { relation, share, growing }: Prepared, signal?: AbortSignal) => {
    if (relation === null) return { numbers: [], total: 0 };
    if (share !== null && growing) {
      return { numbers: await searchGrowing(query, growing, (asked, some) => find(asked, some, signal)), total: null };
    }
    const numbers = await find(query, relation, signal);
    if (share !== null) return { numbers, total: null };
    const question = JSON.stringify([query.search, query.filters, query.reason]);
    const known = query.reason === null ? totals.get(question) : undefined; // a check may still add faults
    if (known !== undefined) return { numbers, total: known };
    const total =
      numbers.length < query.limit && (numbers.length > 0 || query.offset === 0)
        ? query.offset + numbers.length
        : await count(query, relation, signal);
    if (totals.size > KEPT_TOTALS) totals.clear();
    totals.set(question, total);
    return { numbers, total };
  };
  const count = async (query: RowQuery, relation: Relation, signal?: AbortSignal): Promise<number> => {
    const { sql, params } = countMatching(query, relation, problemsPath);
    return Number((await duck.query(sql, params, signal))[0]?.total ?? 0);
  };

  return {
    key,
    rows,
    async page(query, signal) {
      if (isPlain(query)) return plainPage(query, signal);
      checkFilters(query);
      if (query.reason !== null) {
        if (!existsSync(problemsPath)) return { columns: rows.columns(), rows: [], ...rows.state(), total: 0, preparing: null };
        if (isPlain({ ...query, reason: null })) return filteredPage(query, { relation: faultyRows(problemsPath), share: null }, signal);
      }
      rows.prepare();
      return filteredPage(query, rows.prepared(), signal);
    },
    async stats(signal) {
      const kept = await readStats(statsPath);
      if (kept !== null) return { columns: kept, preparing: null };
      rows.prepare();
      const { relation, share } = rows.prepared();
      if (share !== null) return { columns: [], preparing: share };
      const columns = relation === null ? [] : await columnStats(duck, relation, signal);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(`${statsPath}.partial`, JSON.stringify(columns), { mode: 0o600 });
      await rename(`${statsPath}.partial`, statsPath);
      return { columns, preparing: null };
    },
  };
}

async function readStats(path: string): Promise<ColumnStats[] | null> {
  try {
    return z.array(ColumnStats).parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (hasCode(error, "ENOENT") || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}
