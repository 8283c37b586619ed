import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../errors";
import type { Log } from "../log";
import type { Rows } from "./table";
import type { ColumnFile } from "./table-files";

/** Runs one of the trainer's helpers; lines of what it says come one by one. */
export type Convert = (from: string, to: string, onProgress: (share: number) => void, signal: AbortSignal) => Promise<void>;

type Parts = { key: string; folder: string; log: Log; convert: Convert; open: (files: ColumnFile[]) => Promise<Rows> };

/** DuckDB reads no Arrow files: they are made Parquet once, in view/, and read as such. */
export async function openArrowRows(files: ColumnFile[], { key, folder, log, convert, open }: Parts): Promise<Rows> {
  const target = join(folder, `arrow-${key}`);
  await mkdir(target, { recursive: true, mode: 0o700 });
  const stopped = new AbortController();
  let share = 0;
  let failure: unknown = null;
  let rows: Rows | null = null;

  const convertAll = async (): Promise<void> => {
    const made: ColumnFile[] = [];
    for (const [i, file] of files.entries()) {
      const path = join(target, `${String(i).padStart(5, "0")}.parquet`);
      if (!existsSync(path)) {
        await rm(`${path}.partial`, { force: true });
        await convert(file.path, `${path}.partial`, (done) => (share = (i + done) / files.length), stopped.signal);
        await rename(`${path}.partial`, path);
      }
      made.push({ ...file, path });
    }
    rows = await open(made);
  };
  const converting = convertAll();
  converting.catch((error: unknown) => {
    failure = error;
    if (!stopped.signal.aborted) log.error("data.arrow_fault", { error, path: files[0]?.path });
  });
  const ready = (): Rows | null => {
    if (failure instanceof AppError) throw failure;
    if (failure !== null)
      throw new AppError("dataset_not_readable", failure instanceof Error ? failure.message : String(failure), { cause: failure });
    return rows;
  };

  return {
    read: (numbers, signal) => ready()?.read(numbers, signal) ?? Promise.resolve([]),
    range: (offset, limit, signal) => ready()?.range(offset, limit, signal) ?? Promise.resolve([]),
    value: async (row, signal) => {
      await converting.catch(() => {});
      return ready()?.value(row, signal) ?? null;
    },
    values: async (rows, signal) => {
      await converting.catch(() => {});
      return ready()?.values(rows, signal) ?? [];
    },
    columns: () => ready()?.columns() ?? [],
    state: () => ready()?.state() ?? { total: null, indexedRows: 0, indexing: share },
    prepare: () => {},
    // The first page needs the conversion too.
    stopPreparing: () => Promise.resolve(),
    prepared: () => ready()?.prepared() ?? { relation: null, share },
    whole: () => converting,
    async close() {
      stopped.abort();
      await converting.catch(() => {});
      await rows?.close();
    },
  };
}
