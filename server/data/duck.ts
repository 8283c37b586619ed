import { mkdir } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import type { DuckDBInstance, DuckDBValue } from "@duckdb/node-api";
import { AppError } from "../errors";
import { realRoots } from "./table-files";

export type DuckRow = Record<string, unknown>;
export type DuckParam = string | number | boolean;

/** One DuckDB for the whole server, started when first needed. */
export type Duck = {
  query(sql: string, params?: readonly DuckParam[], signal?: AbortSignal): Promise<DuckRow[]>;
  close(): void;
};

const THREADS = 2;

/** It reads below the roots only, gets nothing from the network, and can't change these settings any more. */
export function createDuck({ home, roots }: { home: string; roots: readonly string[] }): Duck {
  let opening: Promise<DuckDBInstance> | null = null;
  let closed = false;

  const open = async (): Promise<DuckDBInstance> => {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const temporary = join(home, "tmp", "duckdb");
    await mkdir(temporary, { recursive: true, mode: 0o700 });
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: `${memoryMegabytes()}MB`,
      threads: String(THREADS),
      temp_directory: temporary,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      allow_community_extensions: "false",
      preserve_insertion_order: "false",
      // The system keeps what was read of files; twice would fill the limit.
      enable_external_file_cache: "false",
    });
    const connection = await instance.connect();
    const allowed = await realRoots(roots);
    await connection.run(`SET allowed_directories = [${allowed.map(literal).join(", ")}]`);
    await connection.run("SET enable_external_access = false");
    // Of a file with a thousand row groups the footer is most of a page's work; DuckDB looks whether the file has changed.
    await connection.run("SET GLOBAL parquet_metadata_cache = true");
    await connection.run("SET lock_configuration = true");
    connection.closeSync();
    return instance;
  };

  const opened = (): Promise<DuckDBInstance> => {
    opening ??= open();
    return opening;
  };

  return {
    async query(sql, params = [], signal) {
      if (closed || signal?.aborted) throw brokenOff();
      const connection = await (await opened()).connect();
      const interrupt = (): void => connection.interrupt();
      signal?.addEventListener("abort", interrupt);
      try {
        if (signal?.aborted) throw brokenOff();
        const reader = await connection.runAndReadAll(sql, asValues(params));
        return reader.getRowObjectsJS();
      } catch (error) {
        if (signal?.aborted) throw brokenOff();
        throw error;
      } finally {
        signal?.removeEventListener("abort", interrupt);
        connection.closeSync();
      }
    },
    close() {
      closed = true;
      void opening?.then(
        (instance) => instance.closeSync(),
        () => {},
      );
    },
  };
}

export const brokenOff = (): AppError =>
  new AppError("query_superseded", "The question was dropped, because a newer one about the same data came or nobody waits for it.");

/** A path in a statement that takes no parameter there. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A path as it is: signs that DuckDB takes for a pattern stand for themselves. */
export const fileLiteral = (path: string): string => literal(path.replace(/[[*?]/g, "[$&]"));

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * An eighth of the memory, at most a gigabyte: training on the same machine needs the rest. With half of that, Parquet with
 * row groups of 70 MB (as DuckDB itself writes them) was refused.
 */
const memoryMegabytes = (): number => Math.round(Math.min(1024, Math.max(256, totalmem() / 8 / 1e6)));

const asValues = (params: readonly DuckParam[]): DuckDBValue[] => [...params];
