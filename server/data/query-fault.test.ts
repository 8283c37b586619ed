import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "../errors";
import { asQueryFault } from "./query-fault";

let folder: string;
let instance: DuckDBInstance;
let whole: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tb-"));
  whole = join(folder, "whole.parquet");
  instance = await DuckDBInstance.create(":memory:", { memory_limit: "64MB", threads: "1", temp_directory: join(folder, "tmp") });
  await ask(`COPY (SELECT range AS id, md5(range::VARCHAR) AS t FROM range(200000)) TO '${whole}' (FORMAT parquet, ROW_GROUP_SIZE 10000)`);
});
afterAll(() => {
  instance.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(sql: string): Promise<unknown> {
  const connection = await instance.connect();
  try {
    return await connection.runAndReadAll(sql);
  } finally {
    connection.closeSync();
  }
}

const fault = (sql: string): Promise<unknown> =>
  ask(sql).then(
    () => null,
    (error: unknown) => asQueryFault(error, { name: "lessons", fileName: "lessons.parquet" }, folder),
  );

test("a question that needs too much memory or disk says so", async () => {
  const sort = `SELECT id, repeat(t, 400) AS x FROM '${whole}' ORDER BY x LIMIT 50 OFFSET 150000`;
  await ask("SET max_temp_directory_size = '0KiB'");
  const found = await fault(sort);
  expect(found).toBeInstanceOf(AppError);
  expect(["query_too_large", "disk_full"]).toContain(found instanceof AppError && found.code);
});

test("a file that was cut, damaged or taken away is told as such", async () => {
  const cut = join(folder, "cut.parquet");
  copyFileSync(whole, cut);
  truncateSync(cut, 50_000);
  expect(await fault(`SELECT count(t) FROM '${cut}'`)).toMatchObject({
    code: "dataset_not_readable",
    params: { fileName: "lessons.parquet" },
  });
  const garbled = join(folder, "garbled.parquet");
  writeFileSync(
    garbled,
    readFileSync(whole).map((byte, i) => (i > 5000 && i < 100_000 && i % 7 === 0 ? 0xff : byte)),
  );
  expect(await fault(`SELECT sum(length(t)), sum(id) FROM '${garbled}'`)).toMatchObject({ code: "dataset_not_readable" });
  expect(await fault(`SELECT 1 FROM read_parquet('${folder}/gone.parquet')`)).toMatchObject({ code: "dataset_file_changed" });
});

test("a fault of ours stays one", async () => {
  expect(await fault("SELECT nothing FROM nowhere")).not.toBeInstanceOf(AppError);
});
