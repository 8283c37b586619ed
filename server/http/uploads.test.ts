import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Dataset } from "../../lib/contract/dataset";
import { DatasetId } from "../../lib/contract/ids";
import { newRunId } from "../ids";
import { makeTrainSpec, rehearsalWork } from "../testing/make-run";
import { makeServer, type TestServer } from "../testing/make-server";
import { createRouter } from "./router";
import { cleanFileName, mountUploads } from "./uploads";

let server: TestServer;
beforeAll(async () => {
  server = await makeServer();
});
afterAll(() => server.remove());

const line = (n: number) =>
  `${JSON.stringify({
    messages: [
      { role: "user", content: `question ${n} 你好` },
      { role: "assistant", content: `answer ${n}` },
    ],
  })}\n`;
const lines = (count: number) => Array.from({ length: count }, (_, n) => line(n)).join("");
const upload = async (name: string, body: string | Buffer<ArrayBuffer>) => {
  const response = await server.fetch(`/api/datasets?name=${encodeURIComponent(name)}`, { method: "POST", body });
  return { status: response.status, body: await response.json() };
};
const folders = () => readdirSync(join(server.home, "datasets"));

test("a file becomes a data set that is listed, and read again by number", async () => {
  const { status, body }: { status: number; body: Dataset } = await upload("talk.jsonl", lines(300));
  expect({ status, body }).toMatchObject({ status: 201, body: { name: "talk", source: "upload", report: { rows: 300, usableRows: 300 } } });
  const page = async (query: string) => (await server.fetch(`/api/datasets/${body.id}/rows?${query}`)).json();
  expect(await page("offset=0&limit=1")).toMatchObject({
    total: 300,
    rows: [{ index: 0, messages: [{ content: "question 0 你好" }, {}] }],
  });
  const middle = await page("offset=120&limit=50");
  expect(middle.rows.map((row: { index: number }) => row.index)).toEqual(Array.from({ length: 50 }, (_, n) => 120 + n));
  expect((await page("offset=299&limit=50")).rows).toHaveLength(1);
  expect(await page("offset=300")).toEqual({ total: 300, rows: [] });
});

test("a bad row stays in the data set and says what is wrong with it", async () => {
  const { body } = await upload("half.jsonl", `${line(0)}{"messages": [{"role": "user", "content": 7}]}\n`);
  expect(body.report).toMatchObject({ rows: 2, usableRows: 1, problems: [{ row: 1, line: 2 }] });
});

test.each([
  ["a file that is no JSON", "x.jsonl", "not json\n", "dataset_not_readable"],
  ["an empty file", "x.json", "", "dataset_empty"],
  ["an unknown form", "x.jsonl", '{"a": 1}\n', "dataset_format_unknown"],
  ["bytes that are no UTF-8", "x.jsonl", Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a]), "dataset_not_readable"],
  ["another kind of file", "x.parquet", "PAR1", "dataset_not_readable"],
  ["no name", "", line(0), "bad_request"],
])("refuses %s and leaves nothing behind", async (_, name, body, code) => {
  const before = folders();
  expect((await upload(name, body)).body).toMatchObject({ error: { code } });
  expect(folders()).toEqual(before);
});

test("a file over the limit is refused while it comes in", async () => {
  const app = createRouter(server.ctx, [], [mountUploads(1000)]);
  const headers = { authorization: `Bearer ${server.ctx.session.token}` };
  const before = folders();
  const pieces = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new TextEncoder().encode(line(1))) });
  const response = await app.request("/api/datasets?name=big.jsonl", {
    method: "POST",
    body: pieces,
    headers,
    duplex: "half",
  } as RequestInit);
  expect(response.status).toBe(413);
  expect(folders()).toEqual(before);
});

test.each([
  ["../../etc/passwd.json", "passwd.json"],
  ["C:\\data\\rows.JSONL", "rows.JSONL"],
  ["a\u0000b\u202e.json", "ab.json"],
])("the name %j is kept as %j", (given, kept) => {
  expect(cleanFileName(given)).toBe(kept);
});

test("a data set in use is kept; after the run has ended it goes only when insisted upon", async () => {
  const { body }: { body: Dataset } = await upload("used.jsonl", lines(3));
  const runId = newRunId();
  const work = rehearsalWork("user steps=100000 delay=0.01");
  server.ctx.tasks.enqueue({
    runId,
    work: { ...work, job: makeTrainSpec({ ...work.job, datasetId: DatasetId.parse(body.id) }) },
    labels: { model: "m", data: "d" },
  });
  const remove = async (force: boolean) => (await server.fetch(`/api/datasets/${body.id}?force=${force}`, { method: "DELETE" })).json();
  expect(await remove(true)).toMatchObject({ error: { code: "in_use", message: expect.stringContaining("user steps") } });
  server.ctx.tasks.stop(runId, "abort");
  await server.ctx.tasks.waitFor(runId, (run) => run.status === "stopped", 25_000);
  expect(await remove(false)).toMatchObject({ error: { code: "in_use" } });
  expect(await remove(true)).toEqual({ ok: true });
  expect(folders()).not.toContain(body.id);
});
