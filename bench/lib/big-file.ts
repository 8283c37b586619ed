import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { python, runProgram } from "./programs";

/** Large files are made once and used by several benches; KEEP=1 leaves them, otherwise they are deleted. */
export const bigFolder = join(process.env.BENCH_DIR ?? tmpdir(), "tuneboard-bench-data");
export const sizeGigabytes = Number(process.env.SIZE_GB ?? 10);
export const parquetGigabytes = Number(process.env.PARQUET_GB ?? sizeGigabytes / 10);

const BLOCK_CHARACTERS = 4_000_000;
const words = "data that you can trust before a GPU turns and the very tokens that will be trained with every format at once ".split(" ");

/** Rows as people have them: a number, a short question, an answer of up to three thousand characters. */
export function makeJsonl(gigabytes: number): { path: string; rows: number } {
  mkdirSync(bigFolder, { recursive: true });
  const path = join(bigFolder, `rows-${gigabytes}gb.jsonl`);
  const sizes = Array.from({ length: 97 }, (_, i) => 20 + ((i * 37) % 480));
  const answers = sizes.map((size) => Array.from({ length: size }, (_, i) => words[(i * 31 + size) % words.length]).join(" "));
  const fresh = !existsSync(path);
  const fd = fresh ? openSync(path, "w") : null;
  let rows = 0;
  let bytes = 0;
  let block = "";
  const flush = (): void => {
    if (fd !== null) for (let done = 0; done < block.length; ) done += writeSync(fd, Buffer.from(block, "latin1"), done);
    block = "";
  };
  // The number of rows is counted again for a file that is there already: it follows from the size.
  while (bytes < gigabytes * 1e9) {
    const line = `{"id":${rows},"instruction":"Question ${rows}: ${words[rows % words.length]}?","input":"","output":"${answers[rows % answers.length]}"}\n`;
    bytes += line.length;
    rows += 1;
    if (!fresh) continue;
    block += line;
    if (block.length > BLOCK_CHARACTERS) flush();
  }
  flush();
  if (fd !== null) closeSync(fd);
  if (statSync(path).size !== bytes) throw new Error(`${path} is not whole: delete it and start again`);
  return { path, rows };
}

export type ParquetWriter = "pyarrow" | "duckdb";

/**
 * Text that does not pack, about 600 characters a row. pyarrow (and with it pandas, the hub and others) writes pages of a megabyte;
 * DuckDB writes a column of a row group as one page, here of 70 MB, which can only be unpacked whole.
 */
export async function makeParquet(gigabytes: number, writer: ParquetWriter): Promise<{ path: string; rows: number }> {
  mkdirSync(bigFolder, { recursive: true });
  const rows = Math.round((gigabytes * 1e9) / 640);
  const path = join(bigFolder, `rows-${rows}-${writer}.parquet`);
  if (existsSync(path)) return { path, rows };
  if (writer === "pyarrow") await runProgram(python, ["bench/python/make_parquet.py", String(rows), path]);
  else await writeWithDuck(rows, path);
  return { path, rows };
}

async function writeWithDuck(rows: number, path: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "2GB", threads: "2" });
  const connection = await instance.connect();
  const text = Array.from({ length: 18 }, (_, i) => `md5((range * 31 + ${i})::VARCHAR)`).join(" || ");
  await connection.run(
    `COPY (SELECT range AS id, 'Question ' || range AS instruction, ${text} AS output FROM range(${rows})) TO '${path}' (FORMAT parquet)`,
  );
  instance.closeSync();
}

export function removeBigFiles(): void {
  if (process.env.KEEP !== "1") rmSync(bigFolder, { recursive: true, force: true });
}
