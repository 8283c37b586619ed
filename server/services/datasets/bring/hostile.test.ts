import { closeSync, openSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeServer, type TestServer } from "../../../testing/make-server";
import { createFrom, untilSettled, uploadFile } from "../../../testing/make-upload";

let server: TestServer;
beforeAll(async () => {
  server = await makeServer();
});
afterAll(() => server.remove());

const add = async (name: string, content: string | Uint8Array) =>
  (await createFrom(server, { source: { type: "upload", uploadIds: [await uploadFile(server, name, content)] } })).body;

test("a line of 200 MB without an end is refused by its length, in bounded memory, and nothing of it is kept", async () => {
  const path = join(server.ctx.env.modelRoots[0] ?? expect.unreachable(), "line.jsonl");
  const file = openSync(path, "w");
  writeSync(file, '{"text": "');
  const piece = Buffer.alloc(1_000_000, "x");
  for (let i = 0; i < 200; i += 1) writeSync(file, piece);
  closeSync(file);
  const before = process.memoryUsage().rss;
  const { body } = await createFrom(server, { source: { type: "path", path } });
  expect(body.error).toMatchObject({
    code: "dataset_not_readable",
    message: expect.stringContaining("first row does not end within 16 MiB"),
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  expect(readdirSync(join(server.home, "datasets"))).toEqual([]);
});

test("rows that are nested without end or full of NUL are bad rows among good ones", async () => {
  const good = '{"instruction":"Hi","output":"Hello"}';
  const deep = `{"instruction":${"[".repeat(100_000)}${"]".repeat(100_000)},"output":"x"}`;
  const nul = '{"instruction":"a\0b","output":"\0\0\0"}';
  const dataset = await untilSettled(server, (await add("odd.jsonl", [good, deep, nul, ...Array(200).fill(good)].join("\n"))).id);
  expect(dataset).toMatchObject({ status: "ready", report: { rows: 203, usableRows: 201 } });
  const page = await (await server.fetch(`/api/datasets/${dataset.id}/table`, { json: { limit: 3 } })).json();
  expect(page.rows.map(({ row }: { row: number }) => row)).toEqual([0, 1, 2]);
  expect(page.rows[2].bad).not.toBeNull();
});

test("a name that climbs out of its folder is a name, and nothing is written elsewhere", async () => {
  const dataset = await untilSettled(server, (await add("../../../climbed.jsonl", '{"instruction":"Hi","output":"Hello"}\n')).id);
  expect(dataset.files).toMatchObject([
    { name: "climbed.jsonl", path: join(server.home, "datasets", dataset.id, "source", "climbed.jsonl") },
  ]);
});

test("cells that a spreadsheet would run are text, are told of, and come out as they went in", async () => {
  const cell = '=cmd|"/c calc"!A1';
  const dataset = await untilSettled(server, (await add("cells.csv", `instruction,output\nRun it,"${cell.replaceAll('"', '""')}"\n`)).id);
  expect(dataset.report?.reasons).toMatchObject([{ reason: "formula", severity: "warn", rows: 1 }]);
  const { rows } = await (await server.fetch(`/api/datasets/${dataset.id}/rows`)).json();
  expect(rows[0].messages[1].content).toBe(cell);
});
