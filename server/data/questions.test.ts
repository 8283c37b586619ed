import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../../lib/contract/dataset";
import type { RowFilter, RowPage, RowQuery } from "../../lib/contract/dataset-view";
import { newDatasetId } from "../ids";
import { makeDataset, makeTables, query, sourceFile, type TableBench, testPython } from "../testing/make-table";
import { createDuck } from "./duck";

let bench: TableBench;
beforeAll(() => {
  bench = makeTables();
});
afterAll(() => bench.remove());

const text = (rows: unknown[]): string => rows.map((row) => JSON.stringify(row)).join("\n");
const filter = (column: string | null, is: RowFilter["is"], value = ""): RowFilter => ({ column, is, value });

/** Asks again until all rows are in, as the page does. */
async function ask(dataset: Dataset, asked: Partial<RowQuery>): Promise<RowPage> {
  for (;;) {
    const page = await bench.tables.page(dataset, query(asked));
    if (page.preparing === null) return page;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
async function statsOf(dataset: Dataset) {
  for (;;) {
    const { columns, preparing } = await bench.tables.stats(dataset);
    if (preparing === null) return columns;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const rowsOf = (page: RowPage): number[] => page.rows.map(({ row }) => row);

describe("questions over JSON lines", () => {
  let dataset: Dataset;
  const rows = [
    '{"q":"How tall?","a":"Très haut","n":3}',
    "",
    '{"q":"broken',
    '{"q":"","a":["x","Y"],"n":"12"}',
    "[1,2]",
    "   ",
    '{"q":null,"a":{"b":1},"n":2.50}',
    '{"q":"100% \\"sure\\"_x","a":"\\u0000 and \\ud800","n":-7,"late":true}',
    `{"q":"${"long ".repeat(300)}","a":"x'); DROP TABLE t; --","n":1e3}`,
  ];
  beforeAll(() => {
    dataset = bench.dataset({ "a.jsonl": rows.join("\n") }, "jsonl");
  });

  test("row numbers are those of the pages, over bad lines, blank lines and mixed types", async () => {
    const all = await ask(dataset, {});
    expect(all.rows.map(({ row, bad }) => [row, bad !== null])).toEqual([0, 1, 2, 3, 4, 5, 6].map((row) => [row, row === 1 || row === 3]));
    for (const { row, cells } of all.rows) {
      const [name, value] = Object.entries(cells).find(([, cell]) => typeof cell === "string" && cell !== "") ?? ["", null];
      if (typeof value !== "string" || value.includes("\u0000")) continue;
      const found = await ask(dataset, { filters: [filter(name, "contains", value.slice(0, 100))] });
      expect(rowsOf(found)).toContain(row);
      expect(found.rows[rowsOf(found).indexOf(row)]).toEqual(all.rows.find((one) => one.row === row));
    }
  });

  test.each<[string, Partial<RowQuery>, number[]]>([
    ["search in all columns, without regard to case", { search: "y" }, [2]],
    ["search knows accents and their case", { search: "TRÈS" }, [0]],
    ["signs of patterns and quotes stand for themselves", { search: '% "sure"_' }, [5]],
    ["a value never becomes part of the statement", { search: "'); DROP" }, [6]],
    ["the text of a line that is no row is found", { search: "broken" }, [1]],
    ["what can't be stored as text is found by the rest", { search: "and" }, [5]],
    ["equals", { filters: [filter("q", "equals", "How tall?")] }, [0]],
    ["equals a number written in another way", { filters: [filter("n", "equals", "2.5")] }, [4]],
    ["not equals", { filters: [filter("q", "not_equals", "How tall?"), filter("n", "not_empty")] }, [2, 4, 5, 6]],
    ["empty", { filters: [filter("q", "empty")] }, [1, 2, 3, 4]],
    ["greater, over mixed types", { filters: [filter("n", "greater", "2.4")] }, [0, 2, 4, 6]],
    ["less", { filters: [filter("n", "less", "-1")] }, [5]],
    ["longer", { filters: [filter("q", "longer", "200")] }, [6]],
    ["shorter", { filters: [filter("a", "shorter", "9"), filter("a", "not_empty")] }, [4, 5]],
    ["any column", { filters: [filter(null, "contains", "x")] }, [2, 5, 6]],
    ["sorted down", { filters: [filter("late", "not_empty")], sort: { column: "n", descending: true } }, [5]],
    ["a page of the answer", { filters: [filter("n", "not_empty")], offset: 1, limit: 2 }, [2, 4]],
  ])("%s", async (_name, asked, expected) => {
    expect(rowsOf(await ask(dataset, asked))).toEqual(expected);
  });

  test("the total counts all rows that match, not those of the page", async () => {
    expect(await ask(dataset, { filters: [filter("n", "not_empty")], limit: 2 })).toMatchObject({ total: 5, preparing: null });
  });

  test("a column that is not there and a word where a number belongs are told by field", async () => {
    await expect(ask(dataset, { filters: [filter("nope", "empty")] })).rejects.toMatchObject({
      fields: [{ path: "filters.0.column", value: "nope" }],
    });
    await expect(ask(dataset, { filters: [filter("n", "greater", "many")] })).rejects.toMatchObject({
      fields: [{ path: "filters.0.value", value: "many" }],
    });
    await expect(ask(dataset, { sort: { column: "nope", descending: false } })).rejects.toMatchObject({
      fields: [{ path: "sort.column" }],
    });
  });

  test("faults and filters together", async () => {
    const folder = join(bench.home, "datasets", dataset.id);
    mkdirSync(folder, { recursive: true });
    const problem = (row: number, reason: string) => ({ row, line: 1, field: "", value: "", reason, message: "", severity: "warn" });
    writeFileSync(join(folder, "problems.jsonl"), `${text([problem(0, "odd"), problem(2, "odd"), problem(5, "other")])}\n`);
    expect(rowsOf(await ask(dataset, { reason: "odd" }))).toEqual([0, 2]);
    expect(rowsOf(await ask(dataset, { reason: "odd", search: "y" }))).toEqual([2]);
  });

  test("statistics count what the columns hold", async () => {
    const columns = await statsOf(dataset);
    expect(columns.map(({ name, type }) => [name, type])).toEqual([
      ["q", "text"],
      ["a", "mixed"],
      ["n", "mixed"],
      ["", "mixed"],
      ["late", "boolean"],
    ]);
    expect(columns[0]).toMatchObject({ empty: 4, distinct: 4, maxLength: 1500 });
  });
});

test("sort and statistics of numbers are numeric, also in CSV", async () => {
  const values = Array.from({ length: 300 }, (_, i) => (i * 7) % 100);
  for (const dataset of [
    bench.dataset({ a: text(values.map((v) => ({ v }))) }, "jsonl"),
    bench.dataset({ a: `v\n${values.join("\n")}\n` }, "csv"),
  ]) {
    const page = await ask(dataset, { sort: { column: "v", descending: true }, limit: 2 });
    expect(page.rows.map(({ cells }) => Number(cells.v))).toEqual([99, 99]);
    expect(page.total).toBe(300);
    const [column] = await statsOf(dataset);
    expect(column).toMatchObject({ type: "number", min: "0", max: "99", distinct: 100, empty: 0 });
    expect(column?.histogram.reduce((sum, bin) => sum + bin.rows, 0)).toBe(300);
    expect(column?.histogram).toHaveLength(20);
    expect(column?.top).toHaveLength(10);
    expect(column?.top[0]?.rows).toBe(3);
  }
});

test("a column store outlives a restart, and one that lacks a part goes on", async () => {
  const dataset = bench.dataset({ a: text(Array.from({ length: 2000 }, (_, i) => ({ i, text: `row ${i}` }))) }, "jsonl");
  expect(rowsOf(await ask(dataset, { search: "row 1999" }))).toEqual([1999]);
  const view = join(bench.home, "datasets", dataset.id, "view");
  const store = join(view, readdirSync(view).find((name) => name.startsWith("columns-")) ?? "");
  appendFileSync(join(store, "part-00099.jsonl"), "left behind by a crash");
  await bench.restart();
  const page = await bench.tables.page(dataset, query({ search: "row 1999" }));
  expect(page).toMatchObject({ preparing: null, total: 1 });
  await bench.tables.close();
  writeFileSync(join(store, "manifest.json"), "torn");
  await bench.restart();
  expect(rowsOf(await ask(dataset, { search: "row 1999" }))).toEqual([1999]);
  expect(existsSync(join(store, "part-00099.jsonl"))).toBe(false);
});

test("the reading for questions about all rows can be stopped, and goes on when somebody asks again", async () => {
  const rows = 14_000;
  const dataset = bench.dataset({ a: text(Array.from({ length: rows }, (_, i) => ({ i, text: `${i} `.repeat(100) }))) }, "jsonl");
  const begun = await bench.tables.page(dataset, query({ search: "nothing" }));
  expect(begun.preparing).not.toBeNull();
  await bench.tables.stopPreparing(dataset.id);
  const view = join(bench.home, "datasets", dataset.id, "view");
  const store = join(view, readdirSync(view).find((name) => name.startsWith("columns-")) ?? "");
  expect(existsSync(join(store, "manifest.json"))).toBe(false);
  expect((await ask(dataset, { filters: [filter("i", "greater", "13997")] })).total).toBe(2);
});

test("a newer question ends an older one of the same data; one that nobody waits for is interrupted", async () => {
  const dataset = bench.dataset({ a: text(Array.from({ length: 20_000 }, (_, i) => ({ i, text: `${i} `.repeat(50) }))) }, "jsonl");
  await ask(dataset, { search: "nothing" });
  const first = bench.tables.page(dataset, query({ search: "7 8" }));
  const second = bench.tables.page(dataset, query({ search: "1 2" }));
  await expect(first).rejects.toMatchObject({ code: "query_superseded" });
  await expect(second).resolves.toMatchObject({ preparing: null });
  const gone = new AbortController();
  const third = bench.tables.page(dataset, query({ search: "3 4" }), gone.signal);
  gone.abort();
  await expect(third).rejects.toMatchObject({ code: "query_superseded" });
});

describe("Parquet and Arrow", () => {
  const make = (path: string, code: string) => `
import pyarrow as pa, pyarrow.parquet as pq, decimal, datetime
table = ${code}
path = ${JSON.stringify(path)}
`;
  const run = (code: string): void => void execFileSync(testPython, ["-c", code]);
  const table =
    "pa.table({'q': ['a', None, 'c' * 600], 'n': pa.array([1, 2**62, None]), 'turns': [[{'role': 'user', 'content': 'hi'}], [], None], 'b': [b'abc', b'', None], 'd': [datetime.date(2026, 1, 2)] * 3, 'ok': [True, False, None]})";

  test("Parquet is read where it lies, over several files, and asked at once", async () => {
    const folder = join(bench.home, "outside", "parquet [1]");
    mkdirSync(folder, { recursive: true });
    const paths = ["1.parquet", "it's.parquet"].map((name) => join(folder, name));
    const [first = "", second = ""] = paths;
    run(`${make(first, table)}\npq.write_table(table, path, row_group_size=2)`);
    copyFileSync(first, second);
    const dataset = makeDataset(
      newDatasetId(),
      paths.map((path) => sourceFile(path, path, "parquet")),
    );
    const page = await bench.tables.page(dataset, query({ offset: 2, limit: 3 }));
    expect(page).toMatchObject({ total: 6, columns: ["q", "n", "turns", "b", "d", "ok"] });
    expect(page.rows.map(({ row, cells, cut }) => ({ row, n: cells.n, cut }))).toEqual([
      { row: 2, n: null, cut: ["q"] },
      { row: 3, n: 1, cut: [] },
      { row: 4, n: "4611686018427387904", cut: [] },
    ]);
    expect(page.rows[1]?.cells).toEqual({
      q: "a",
      n: 1,
      turns: '[{"role":"user","content":"hi"}]',
      b: "[3 bytes]",
      d: "2026-01-02",
      ok: true,
    });
    const whole = await bench.tables.value(dataset, 3);
    expect(JSON.parse(whole?.json ?? "")).toMatchObject({ q: "a", turns: [{ role: "user", content: "hi" }] });
    expect(rowsOf(await bench.tables.page(dataset, query({ search: "HI" })))).toEqual([0, 3]);
    expect(rowsOf(await bench.tables.page(dataset, query({ sort: { column: "n", descending: true }, limit: 2 })))).toEqual([1, 4]);
    const columns = await statsOf(dataset);
    expect(columns.map(({ type }) => type)).toEqual(["text", "number", "list", "text", "text", "boolean"]);
  });

  test("a Parquet file that is cut short is told by name", async () => {
    const dataset = bench.dataset({ "short.parquet": "PAR1 and no more" }, "parquet");
    await expect(bench.tables.page(dataset, query())).rejects.toMatchObject({
      code: "dataset_not_readable",
      message: expect.stringContaining("short.parquet"),
    });
  });

  test("Arrow files and streams are read after one conversion", async () => {
    for (const writer of ["new_file", "new_stream"]) {
      const path = join(bench.home, `${writer}.arrow`);
      run(`${make(path, table)}\nwith pa.OSFile(path, 'wb') as f, pa.ipc.${writer}(f, table.schema) as w: w.write_table(table)`);
      const dataset = makeDataset(newDatasetId(), [sourceFile("a.arrow", path, "arrow")]);
      await bench.tables.page(dataset, query());
      await bench.tables.indexed(dataset);
      expect(await bench.tables.page(dataset, query({ offset: 1 }))).toMatchObject({
        total: 3,
        indexing: null,
        rows: [{ row: 1 }, { row: 2 }],
      });
      expect(rowsOf(await ask(dataset, { filters: [filter("turns", "contains", "hi")] }))).toEqual([0]);
    }
    const broken = bench.dataset({ "b.arrow": "no arrow" }, "arrow");
    await bench.tables.page(broken, query()).catch(() => {});
    await bench.tables.indexed(broken).catch(() => {});
    await expect(bench.tables.page(broken, query())).rejects.toMatchObject({ code: "dataset_not_readable" });
  });
});

test("DuckDB reads nothing outside of the roots, gets nothing and can't be told otherwise", async () => {
  const duck = createDuck({ home: bench.home, roots: [bench.home] });
  for (const sql of [
    "SELECT * FROM read_text('/etc/passwd')",
    `SELECT * FROM read_text('${bench.home}/../../etc/passwd')`,
    "COPY (SELECT 1) TO '/tmp/tb-outside.csv'",
    "INSTALL httpfs",
    "SET enable_external_access = true",
    "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')",
  ])
    await expect(duck.query(sql)).rejects.toThrow(/Permission|locked|disabled|Missing Extension|No files/i);
  duck.close();
});
