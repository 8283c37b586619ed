import { appendFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dataset, FileKind } from "../../lib/contract/dataset";
import type { RowPage } from "../../lib/contract/dataset-view";
import { makeTables, query, type TableBench } from "../testing/make-table";

let bench: TableBench;
beforeAll(() => {
  bench = makeTables();
});
afterAll(() => bench.remove());

const lines = (...rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

async function whole(dataset: Dataset, asked: Parameters<typeof query>[0] = {}): Promise<RowPage> {
  await bench.tables.page(dataset, query());
  await bench.tables.indexed(dataset);
  return bench.tables.page(dataset, query({ limit: 200, ...asked }));
}
const cellsOf = async (content: string | Buffer, kind: FileKind) =>
  (await whole(bench.dataset({ [`a.${kind}`]: content }, kind))).rows.map((row) => row.cells);

describe("rows of text files", () => {
  test("lines of JSON, with blank lines, a byte order mark and CRLF left out", async () => {
    const page = await whole(
      bench.dataset({ "a.jsonl": `\ufeff{"a":1}\r\n\r\n   \n\u3000\n{"a":[1,{"b":"}"}],"c":null}\n{"a":true}` }, "jsonl"),
    );
    expect(page.columns).toEqual(["a", "c"]);
    expect(page.rows.map((row) => row.cells)).toEqual([{ a: 1 }, { a: '[1,{"b":"}"}]', c: null }, { a: true }]);
    expect(page).toMatchObject({ total: 3, indexedRows: 3, indexing: null, preparing: null });
  });

  test("a line that is no JSON is shown as text, with the reason, and keeps its number", async () => {
    const { rows } = await whole(bench.dataset({ "a.jsonl": '{"a":1}\n{"a":\n[1,2]\n"x"\n{"a":NaN,"b":"NaN"}\n' }, "jsonl"));
    expect(rows.map((row) => row.cells)).toEqual([{ a: 1 }, { "": '{"a":' }, { "": "[1,2]" }, { "": "x" }, { a: null, b: "NaN" }]);
    expect(rows.map((row) => row.bad !== null)).toEqual([false, true, true, true, false]);
    expect(rows[2]?.bad).toContain("a list");
  });

  test("rows with NaN beside a very long string, and with quotes that nobody closed, take no longer than others", async () => {
    const long = `{"a":NaN,"b":"${"x".repeat(12_000_000)}"}`;
    const endless = `{"a":NaN,"b":"${'\\"'.repeat(2_000_000)}`;
    const { rows } = await whole(bench.dataset({ "a.jsonl": `${long}\n${endless}\n{"a":-Infinity,"b":"\\" NaN"}\n` }, "jsonl"));
    expect(rows.map(({ bad }) => bad === null)).toEqual([true, false, true]);
    expect(rows[0]?.cells.a).toBeNull();
    expect(rows[2]?.cells).toEqual({ a: null, b: '" NaN' });
  });

  test("NUL bytes and bytes that are no UTF-8 do not stop the page", async () => {
    const page = await whole(
      bench.dataset(
        { "a.jsonl": Buffer.concat([Buffer.from('{"a":"x'), Buffer.from([0xff]), Buffer.from('"}\n\u0000\u0000\n{"a":"\\u0000"}\n')]) },
        "jsonl",
      ),
    );
    expect(page.rows.map(({ cells, bad }) => [cells, bad === null])).toEqual([
      [{ a: "x\ufffd" }, true],
      [{ "": "\u0000\u0000" }, false],
      [{ a: "\u0000" }, true],
    ]);
  });

  test("long values are cut and said to be", async () => {
    const [row] = (await whole(bench.dataset({ "a.jsonl": lines({ a: "ab".repeat(1000), b: "short" }) }, "jsonl"))).rows;
    expect(row?.cut).toEqual(["a"]);
    expect(row?.cells.a).toHaveLength(500);
  });

  test("one line a row, for plain text", async () => {
    expect(await cellsOf("one\r\n\n two \n", "text")).toEqual([{ text: "one" }, { text: " two " }]);
  });

  test("an empty file has no rows", async () => {
    for (const kind of ["jsonl", "json", "csv", "text"] as const)
      expect(await whole(bench.dataset({ a: "" }, kind))).toMatchObject({ rows: [], total: 0 });
  });
});

describe("CSV", () => {
  test("quotes, separators and line breaks inside of fields", async () => {
    expect(await cellsOf('q,"a ""b"""\r\n"x,\r\ny","say ""hi"""\r\n\r\nplain,un"quoted\n"tail"x,\n', "csv")).toEqual([
      { q: "x,\r\ny", 'a "b"': 'say "hi"' },
      { q: "plain", 'a "b"': 'un"quoted' },
      { q: "tailx", 'a "b"': "" },
    ]);
  });

  test("semicolons are recognised; TSV has tabs", async () => {
    expect(await cellsOf("a;b\n1,5;2\n", "csv")).toEqual([{ a: "1,5", b: "2" }]);
    expect(await cellsOf("a\tb\n1,5\t2\n", "tsv")).toEqual([{ a: "1,5", b: "2" }]);
  });

  test("records with another number of fields than the header are bad, empty and equal names are told apart", async () => {
    const { rows, columns } = await whole(bench.dataset({ "a.csv": "\ufeffa,,a\n1,2,3\n1,2\n1,2,3,4,5\n" }, "csv"));
    expect(columns.slice(0, 3)).toEqual(["a", "column 2", "a (3)"]);
    expect(rows.map(({ bad }) => bad === null)).toEqual([true, false, false]);
    expect(rows[1]?.cells).toEqual({ a: "1", "column 2": "2", "a (3)": null });
    expect(rows[2]?.cells[""]).toBe("4,5");
  });

  test("each of several files has its header, and rows are counted on", async () => {
    const dataset = bench.dataset({ "1.csv": "a,b\n1,2\n", "2.csv": "b,c\n3,4\n5,6" }, "csv");
    expect((await whole(dataset)).rows.map(({ row, cells }) => [row, cells])).toEqual([
      [0, { a: "1", b: "2" }],
      [1, { b: "3", c: "4" }],
      [2, { b: "5", c: "6" }],
    ]);
    expect(await bench.tables.value(dataset, 2)).toEqual({ row: 2, json: '{"b":"5","c":"6"}', line: 3 });
  });
});

describe("JSON lists", () => {
  test("brackets and quotes inside of strings, nested lists, escapes", async () => {
    const rows = [{ a: 'x]},{"' }, { a: "\\" }, { a: [[1], ["]"]] }, { a: '\\"' }];
    expect(await cellsOf(` ${JSON.stringify(rows, null, 2)}\n`, "json")).toEqual([
      { a: 'x]},{"' },
      { a: "\\" },
      { a: '[[1],["]"]]' },
      { a: '\\"' },
    ]);
  });

  test("a list that breaks off ends with a bad row; what stands behind a list is left out", async () => {
    const { rows } = await whole(bench.dataset({ "a.json": '[{"a":1},{"a":"never closed}' }, "json"));
    expect(rows.map(({ cells, bad }) => [cells, bad === null])).toEqual([
      [{ a: 1 }, true],
      [{ "": '{"a":"never closed}' }, false],
    ]);
    expect((await whole(bench.dataset({ "a.json": '[{"a":1},' }, "json"))).rows.map(({ bad }) => bad === null)).toEqual([true, false]);
    expect(await cellsOf('[{"a":1}] and more', "json")).toEqual([{ a: 1 }]);
  });

  test("values one behind the other, over several lines each", async () => {
    expect(await cellsOf('{\n "a": 1\n}\n{"a": 2} {"a":3}', "json")).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });
});

describe("large files", () => {
  const rowText = (i: number) => JSON.stringify({ i, text: "lorem ipsum ".repeat(1 + (i % 40)) });
  const big = (rows: number) => Array.from({ length: rows }, (_, i) => rowText(i));

  test("any row is found again by its number, in lines, lists and CSV", async () => {
    const rows = big(9000);
    const made: [FileKind, string][] = [
      ["jsonl", rows.join("\n")],
      ["json", `[${rows.join(",\n")}]`],
      ["csv", `i,text\n${rows.map((_, i) => `${i},"${'a ""b""\n'.repeat(1 + (i % 40))}"`).join("\r\n")}`],
    ];
    for (const [kind, content] of made) {
      const dataset = bench.dataset({ big: content }, kind);
      expect(await whole(dataset)).toMatchObject({ total: 9000 });
      for (const offset of [0, 1, 4321, 8999]) {
        const page = await bench.tables.page(dataset, query({ offset, limit: 3 }));
        expect(page.rows.map(({ row, cells }) => [row, Number(cells.i)])).toEqual(
          [offset, offset + 1, offset + 2].filter((i) => i < 9000).map((i) => [i, i]),
        );
      }
      expect((await bench.tables.page(dataset, query({ offset: 9000 }))).rows).toEqual([]);
    }
  });

  test("a record of more than 16 MiB is a bad row, and the rows behind it are read", async () => {
    const dataset = bench.dataset({ "a.jsonl": `{"a":1}\n{"a":"${"x".repeat(17 * 1024 * 1024)}"}\n{"a":3}\n` }, "jsonl");
    const { rows } = await whole(dataset);
    expect(rows.map(({ cells }) => cells.a)).toEqual([1, undefined, 3]);
    expect(rows[1]?.bad).toContain("17.8 MB");
  });

  test("a row nested a hundred thousand deep is shown cut, and so is one of thousands of columns", async () => {
    const deep = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`c${i}`, "x".repeat(100)])));
    const dataset = bench.dataset({ "a.jsonl": `${deep}\n${wide}\n` }, "jsonl");
    const { rows } = await whole(dataset);
    expect(rows.map(({ bad }) => bad)).toEqual([null, null]);
    expect(Object.keys(rows[1]?.cells ?? {})).toHaveLength(500);
    expect(rows[1]?.cells.c0).toHaveLength(40);
    expect(await bench.tables.value(dataset, 0)).not.toBeNull();
  });

  test("a row too deep for the server to write is not sent to it, and the others are", async () => {
    const deep = `{"a":${"[".repeat(8000)}${"]".repeat(8000)}}`;
    const dataset = bench.dataset({ "a.jsonl": `${deep}\n{"a":"[[\\"[["}\n` }, "jsonl");
    const values = await bench.tables.values(dataset, [0, 1]);
    expect(JSON.parse(JSON.stringify(values.map(({ value }) => value)))).toEqual(["[nested too deeply to be shown]", { a: '[["[[' }]);
  });

  test("many large rows that are asked for together are not all brought into memory", async () => {
    const dataset = bench.dataset({ "a.jsonl": lines(...Array.from({ length: 10 }, () => ({ a: "x".repeat(240_000) }))) }, "jsonl");
    expect((await bench.tables.values(dataset, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).map(({ row }) => row)).toEqual([0, 1, 2, 3]);
    expect((await bench.tables.value(dataset, 9))?.row).toBe(9);
    const long = bench.dataset({ "a.jsonl": lines({ a: "x".repeat(1_500_000) }, { a: "y" }) }, "jsonl");
    expect((await bench.tables.values(long, [0, 1])).map(({ row }) => row)).toEqual([0]);
  });

  test("of a hundred thousand names of columns a page tells the first", async () => {
    const row = (n: number) => Object.fromEntries(Array.from({ length: 25_000 }, (_, i) => [`c${n}_${i}`, 1]));
    const page = await whole(bench.dataset({ "a.jsonl": lines(row(0), row(1), row(2), row(3)) }, "jsonl"));
    expect(page.columns).toHaveLength(500);
  });

  test("a CSV file whose header names four hundred thousand columns is shown like any other", async () => {
    const page = await whole(bench.dataset({ "a.csv": `${"a,".repeat(400_000)}a\n${"1,2\n".repeat(200)}` }, "csv"));
    expect(page.rows).toHaveLength(200);
    expect(page.rows[0]?.bad).toContain("the header 400001");
    expect(Object.keys(page.rows[0]?.cells ?? {})).toHaveLength(500);
  }, 20_000);

  test("a quote that nobody closes takes no more than 16 MiB of the rows behind it", async () => {
    const dataset = bench.dataset({ "a.csv": `a,b\n1,"open\n${"2,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n".repeat(600_000)}` }, "csv");
    const page = await whole(dataset, { limit: 2 });
    expect(page.rows.map(({ bad }) => bad !== null)).toEqual([true, false]);
    expect(page.total).toBeGreaterThan(50_000);
  });

  test("after a restart the index is there; one that was stopped in the middle goes on from its last mark", async () => {
    const dataset = bench.dataset({ "a.jsonl": big(20_000).join("\n") }, "jsonl");
    await whole(dataset);
    await bench.restart();
    const again = await bench.tables.page(dataset, query({ offset: 19_999 }));
    expect(again).toMatchObject({ total: 20_000, indexing: null });

    const view = join(bench.home, "datasets", dataset.id, "view");
    const marks = join(view, readdirSync(view).find((name) => name.endsWith(".marks")) ?? "");
    const content = readFileSync(marks);
    expect(content.length / 24).toBeGreaterThan(40);
    await bench.tables.close();
    // As a power cut leaves it: whole marks, and a piece of one.
    writeFileSync(marks, content.subarray(0, 24 * 20 + 7));
    await bench.restart();
    expect(await whole(dataset)).toMatchObject({ total: 20_000 });
    expect(readFileSync(marks).equals(content)).toBe(true);
  });
});

describe("where files lie", () => {
  test("a file that was changed since is refused by name, and so is one that is gone", async () => {
    const dataset = bench.dataset({ "a.jsonl": lines({ a: 1 }) }, "jsonl");
    const path = dataset.files[0]?.path ?? "";
    appendFileSync(path, lines({ a: 2 }));
    await expect(bench.tables.page(dataset, query())).rejects.toMatchObject({
      code: "dataset_file_changed",
      message: expect.stringContaining(path),
    });
    const gone = { ...dataset, files: dataset.files.map((file) => ({ ...file, path: `${path}.gone` })) };
    await expect(bench.tables.page(gone, query())).rejects.toMatchObject({ code: "dataset_file_changed" });
  });

  test("a file touched without a change of its size is refused too", async () => {
    const dataset = bench.dataset({ "a.jsonl": lines({ a: 1 }) }, "jsonl");
    utimesSync(dataset.files[0]?.path ?? "", new Date(), new Date(1_000_000_000_000));
    await expect(bench.tables.page(dataset, query())).rejects.toMatchObject({ code: "dataset_file_changed" });
  });

  test("a link that leads out of the roots is not followed", async () => {
    const dataset = bench.dataset({ "a.jsonl": lines({ a: 1 }) }, "jsonl");
    const outside = join(tmpdir(), `tb-outside-${process.pid}.jsonl`);
    writeFileSync(outside, lines({ secret: 1 }));
    mkdirSync(join(bench.home, "links"), { recursive: true });
    const link = join(bench.home, "links", `${dataset.id}.jsonl`);
    symlinkSync(outside, link);
    const lured = { ...dataset, files: dataset.files.map((file) => ({ ...file, path: link })) };
    await expect(bench.tables.page(lured, query())).rejects.toMatchObject({ code: "path_outside_roots" });
  });
});

describe("faults of rows", () => {
  test("those of problems.jsonl stand beside their rows, however many there are", async () => {
    const dataset = bench.dataset({ "a.jsonl": big(5000) }, "jsonl");
    const folder = join(bench.home, "datasets", dataset.id);
    mkdirSync(folder, { recursive: true });
    const problem = (row: number, reason: string) => ({
      row,
      line: row + 1,
      field: "a",
      value: "é".repeat(row % 90),
      reason,
      message: "because",
      severity: "drop",
    });
    writeFileSync(
      join(folder, "problems.jsonl"),
      lines(...Array.from({ length: 2000 }, (_, i) => [problem(i * 2, "odd"), ...(i % 500 === 0 ? [problem(i * 2, "rare")] : [])]).flat()),
    );
    const page = await whole(dataset, { offset: 1999, limit: 3 });
    expect(page.rows.map(({ row, problems }) => [row, problems.map(({ reason }) => reason)])).toEqual([
      [1999, []],
      [2000, ["odd", "rare"]],
      [2001, []],
    ]);
    const rare = await bench.tables.page(dataset, query({ reason: "rare" }));
    expect(rare).toMatchObject({ total: 4 });
    expect(rare.rows.map(({ row, problems }) => [row, problems.length])).toEqual([0, 1000, 2000, 3000].map((row) => [row, 2]));
    expect(await bench.tables.page(dataset, query({ reason: "never" }))).toMatchObject({ total: 0, rows: [] });
  });

  const big = (rows: number) => Array.from({ length: rows }, (_, i) => JSON.stringify({ a: i })).join("\n");
});
