import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Dataset } from "../../../../lib/contract/dataset";
import { newDatasetId } from "../../../ids";
import { makeServer, type TestServer } from "../../../testing/make-server";
import { makeDataset, sourceFile } from "../../../testing/make-table";

let server: TestServer;
let dataset: Dataset;
beforeAll(async () => {
  server = await makeServer();
  const path = join(server.home, "lessons.jsonl");
  mkdirSync(server.home, { recursive: true });
  writeFileSync(path, '{"q":"one","n":1}\nno json\n{"q":"three","n":3}\n');
  dataset = makeDataset(newDatasetId(), [sourceFile("lessons.jsonl", path, "jsonl")]);
  server.ctx.datasets.insert(dataset);
});
afterAll(() => server.remove());

const table = async (asked: object) => (await server.fetch(`/api/datasets/${dataset.id}/table`, { json: asked })).json();

test("a page of raw rows comes over HTTP, bad lines in their place", async () => {
  expect(await table({ limit: 2 })).toMatchObject({
    columns: ["q", "n", ""],
    rows: [
      { row: 0, cells: { q: "one", n: 1 }, bad: null },
      { row: 1, cells: { "": "no json" }, bad: expect.stringContaining("JSON") },
    ],
  });
});

test("one row comes whole, and a row behind the last is told as not found", async () => {
  const answer = await server.fetch(`/api/datasets/${dataset.id}/raw/2`);
  expect(await answer.json()).toEqual({ row: 2, value: { q: "three", n: 3 }, line: 3 });
  const missing = await server.fetch(`/api/datasets/${dataset.id}/raw/3`);
  expect([missing.status, await missing.json()]).toMatchObject([404, { error: { code: "row_not_found" } }]);
});

test("filters and statistics come once the columns are prepared", async () => {
  const filtered = { filters: [{ column: "n", is: "greater", value: "2" }] };
  await expect.poll(() => table(filtered), { timeout: 25_000 }).toMatchObject({ preparing: null, total: 1, rows: [{ row: 2 }] });
  const stats = async () => (await server.fetch(`/api/datasets/${dataset.id}/columns`)).json();
  await expect
    .poll(stats, { timeout: 25_000 })
    .toMatchObject({ preparing: null, columns: [{ name: "q" }, { name: "n", type: "number", max: "3" }, { name: "" }] });
});

test("a filter that can't be used is refused by field", async () => {
  expect(await table({ filters: [{ column: "n", is: "greater", value: "two" }] })).toMatchObject({
    error: { code: "invalid_field", fields: [{ path: "filters.0.value", value: "two" }] },
  });
});
