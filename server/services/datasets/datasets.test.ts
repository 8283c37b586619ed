import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../../../lib/contract/dataset";
import { noColumns } from "../../../lib/domain/dataset-columns";
import { makeServer, type TestServer } from "../../testing/make-server";
import { createFrom, untilSettled, uploadFile } from "../../testing/make-upload";

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
const lines = (count: number, from = 0) => Array.from({ length: count }, (_, n) => line(from + n)).join("");
const upload = async (name: string, content: string | Uint8Array) =>
  createFrom(server, { source: { type: "upload", uploadIds: [await uploadFile(server, name, content)] } });
const ready = async (name: string, content: string | Uint8Array): Promise<Dataset> => {
  const { status, body } = await upload(name, content);
  expect(status, JSON.stringify(body)).toBe(201);
  return untilSettled(server, body.id);
};
const get = async (path: string) => (await server.fetch(path)).json();
const folders = () => readdirSync(join(server.home, "datasets"));
const uploads = () => readdirSync(join(server.home, "uploads"));

describe("an uploaded file", () => {
  test("is recognised, checked at once and read again by number; nothing of the upload stays", async () => {
    const { status, body } = await upload("talk.jsonl", lines(300));
    expect({ status, body }).toMatchObject({ status: 201, body: { name: "talk", source: "upload", status: "checking", version: 1 } });
    const dataset = await untilSettled(server, body.id);
    expect(dataset).toMatchObject({
      status: "ready",
      mapping: { format: "messages" },
      report: { rows: 300, usableRows: 300 },
      familyId: body.id,
    });
    expect(server.ctx.runs.getOrThrow(body.taskId ?? expect.unreachable())).toMatchObject({
      status: "succeeded",
      labels: { data: "talk" },
    });
    const page = await get(`/api/datasets/${body.id}/rows?offset=120&limit=50`);
    expect(page.rows.map((row: { index: number }) => row.index)).toEqual(Array.from({ length: 50 }, (_, n) => 120 + n));
    expect(uploads()).toEqual([]);
    expect(readdirSync(join(server.home, "datasets", body.id, "source"))).toEqual(["talk.jsonl"]);
  });

  test("that nobody recognises waits for a mapping, shows how it would be read, and is checked with it", async () => {
    const { body } = await upload("odd.jsonl", '{"frage": "a", "antwort": "b"}\n{"frage": "c", "antwort": "d"}\n');
    expect(body).toMatchObject({ status: "new", report: null, taskId: null });
    const mapping = { ...alpaca, columns: { ...alpaca.columns, prompt: "frage", query: null, response: "antwort" } };
    const preview = await (await server.fetch(`/api/datasets/${body.id}/preview`, { json: { mapping, rows: [1, 99] } })).json();
    expect(preview.rows).toMatchObject([{ index: 1, messages: [{ content: "c" }, { content: "d" }], problem: null }]);
    await server.fetch(`/api/datasets/${body.id}/check`, { json: { mapping } });
    expect(await untilSettled(server, body.id)).toMatchObject({ status: "ready", version: 1, mapping, report: { usableRows: 2 } });
  });

  test("that is packed is kept unpacked, and one in another encoding as UTF-8", async () => {
    const packed = await ready("talk.jsonl.gz", gzipSync(lines(5)));
    expect(packed).toMatchObject({ status: "ready", name: "talk", files: [{ name: "talk.jsonl", compression: "gzip", managed: true }] });
    const chinese = Buffer.concat([
      Buffer.from('[{"instruction":"'),
      Buffer.from([0xc4, 0xe3, 0xba, 0xc3]),
      Buffer.from('","output":"ok"}]'),
    ]);
    const recoded = await ready("old.json", chinese);
    expect(recoded).toMatchObject({ status: "ready", files: [{ encoding: "gb18030" }] });
    expect((await get(`/api/datasets/${recoded.id}/rows`)).rows[0].messages[0].content).toBe("你好");
  });

  test("that is packed is there at once and unpacked by a task; one that can't be unpacked says why, and nothing of it stays", async () => {
    const { status, body } = await upload("talk.jsonl.gz", gzipSync(lines(5)));
    expect({ status, body }).toMatchObject({ status: 201, body: { name: "talk", status: "checking", files: [] } });
    expect(uploads()).toEqual([]);
    expect(server.ctx.runs.getOrThrow(body.taskId ?? expect.unreachable()).spec).toMatchObject({ task: { type: "bring" } });
    expect(await untilSettled(server, body.id)).toMatchObject({ status: "ready", files: [{ name: "talk.jsonl", compression: "gzip" }] });
    const cut = await untilSettled(server, (await upload("cut.jsonl.gz", gzipSync(lines(500)).subarray(0, 200))).body.id);
    expect(cut).toMatchObject({ status: "failed", files: [] });
    expect(server.ctx.runs.getOrThrow(cut.taskId ?? expect.unreachable()).failure).toMatchObject({ code: "data_invalid" });
    expect(folders().filter((name) => name.includes(cut.id))).toEqual([]);
    await server.fetch(`/api/datasets/${cut.id}`, { method: "DELETE" });
  });

  test("that is packed and stopped on its way leaves nothing but the word of it, and can be deleted", async () => {
    const { body } = await upload("talk.jsonl.gz", gzipSync(lines(5)));
    await server.fetch(`/api/runs/${body.taskId}/stop`, { json: { save: false } });
    const dataset = await untilSettled(server, body.id);
    expect(dataset).toMatchObject({ status: "failed", files: [] });
    expect(server.ctx.runs.getOrThrow(dataset.taskId ?? expect.unreachable()).status).toBe("stopped");
    expect(folders().filter((name) => name.includes(dataset.id))).toEqual([]);
    expect((await server.fetch(`/api/datasets/${dataset.id}`, { method: "DELETE" })).status).toBe(200);
  });

  test("that is packed and holds no data set fails with the reason", async () => {
    const { body } = await upload("picture.jsonl.gz", gzipSync(Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4])));
    const dataset = await untilSettled(server, body.id);
    expect(dataset).toMatchObject({
      status: "failed",
      fault: { code: "dataset_not_readable", message: expect.stringContaining("a picture") },
    });
    expect(folders().filter((name) => name.includes(dataset.id))).toEqual([]);
    await server.fetch(`/api/datasets/${dataset.id}`, { method: "DELETE" });
  });

  test("of several makes one set of all", async () => {
    const ids = await Promise.all([uploadFile(server, "a.jsonl", lines(3)), uploadFile(server, "a.jsonl", lines(2, 3))]);
    const { body } = await createFrom(server, { name: "both", source: { type: "upload", uploadIds: ids } });
    expect(await untilSettled(server, body.id)).toMatchObject({
      name: "both",
      files: [{ name: "a.jsonl" }, { name: "a-2.jsonl" }],
      report: { rows: 5 },
    });
  });

  test.each([
    ["an empty file", "x.json", "", "dataset_empty"],
    ["a truncated Parquet file", "x.parquet", "PAR1....", "dataset_not_readable"],
    ["a ZIP that is called JSON", "x.json", "PK\u0003\u0004....", "dataset_not_readable"],
    ["bytes that are no text", "x.jsonl", Buffer.alloc(4000, 3), "dataset_not_readable"],
    ["JSON without a row that can be read", "x.json", '[\n{"instruction": "Hi", "output": \n]', "dataset_not_readable"],
    ["lines that are no JSON", "x.jsonl", "What is it?\nIt is that.\n", "dataset_not_readable"],
    ["an empty list", "x.json", "[]", "dataset_empty"],
  ])("refuses %s and leaves nothing behind", async (_, name, body, code) => {
    const before = folders();
    expect((await upload(name, body)).body).toMatchObject({ error: { code } });
    expect(folders()).toEqual(before);
    expect(uploads()).toEqual([]);
  });

  test("without a single usable row ends as failed, and the task says why", async () => {
    const { body } = await upload("bad.jsonl", '{"messages": []}\n');
    await server.fetch(`/api/datasets/${body.id}/check`, { json: { mapping: { ...alpaca, format: "alpaca" } } });
    const dataset = await untilSettled(server, body.id);
    expect(dataset).toMatchObject({ status: "failed", report: null });
    expect(server.ctx.runs.getOrThrow(dataset.taskId ?? expect.unreachable()).failure?.message).toMatch(/None of the 1 rows/);
  });
});

const alpaca = {
  format: "alpaca",
  columns: { ...noColumns, prompt: "instruction", query: "input", response: "output" },
  tags: null,
  xtunerMap: null,
  systemText: null,
};

describe("a version", () => {
  test("that is ready never changes: another mapping makes the next one, with the same bytes on the disk", async () => {
    const first = await ready("v.jsonl", lines(4));
    const answer = await (
      await server.fetch(`/api/datasets/${first.id}/check`, { json: { mapping: { ...first.mapping, systemText: "Be kind." } } })
    ).json();
    expect(answer).toMatchObject({ version: 2, parentId: first.id, familyId: first.id, change: { type: "remap" }, status: "checking" });
    const second = await untilSettled(server, answer.id);
    expect(second).toMatchObject({ status: "ready", report: { systemRows: 4 } });
    expect(server.ctx.datasets.getOrThrow(first.id)).toMatchObject({ status: "ready", report: { systemRows: 0 } });
    const inode = (dataset: Dataset) => statSync(dataset.files[0]?.path ?? "").ino;
    expect(inode(second)).toBe(inode(first));
    // The first may go; the second keeps its rows and its file.
    expect(await (await server.fetch(`/api/datasets/${first.id}`, { method: "DELETE" })).json()).toEqual({ ok: true });
    expect(readFileSync(second.files[0]?.path ?? "", "utf8")).toBe(lines(4));
    expect(server.ctx.runs.find(first.taskId ?? expect.unreachable())).toBeNull();
  });

  test("is renamed with its family", async () => {
    const first = await ready("n.jsonl", lines(2));
    const second = await (await server.fetch(`/api/datasets/${first.id}/check`, { json: { mapping: first.mapping } })).json();
    await untilSettled(server, second.id);
    await server.fetch(`/api/datasets/${first.id}`, { json: { name: "kinder" }, method: "PATCH" });
    expect(server.ctx.datasets.getOrThrow(second.id).name).toBe("kinder");
  });
});

test("findings are read page by page, and by reason", async () => {
  const bad = Array.from({ length: 30 }, (_, n) => `${JSON.stringify({ messages: [{ role: "user", content: n }] })}\n`).join("");
  const dataset = await ready("half.jsonl", lines(100) + bad + lines(1));
  const all = await get(`/api/datasets/${dataset.id}/problems?limit=200`);
  expect(all.total).toBe(all.problems.length);
  const rows = all.problems.map(({ row }: { row: number }) => row);
  expect(rows).toEqual([...rows].sort((a: number, b: number) => a - b));
  const reason = all.problems[0].reason;
  const some = await get(`/api/datasets/${dataset.id}/problems?reason=${reason}&offset=7&limit=3`);
  expect(some.problems).toEqual(all.problems.filter((problem: { reason: string }) => problem.reason === reason).slice(7, 10));
  expect((await get(`/api/datasets/${dataset.id}/problems?reason=no_such`)).total).toBe(0);
});

test("what happens to data sets is pushed to every signed-in page", async () => {
  const socket = server.connect();
  const seen: string[] = [];
  const removed = new Promise<string>((resolve) => {
    socket.on("datasets:changed", (change) => {
      seen.push(...change.upserts.map(({ status }) => status));
      if (change.removed[0]) resolve(change.removed[0]);
    });
  });
  await new Promise<void>((resolve) => socket.on("connect", () => resolve()));
  const dataset = await ready("pushed.jsonl", lines(2));
  await server.fetch(`/api/datasets/${dataset.id}`, { method: "DELETE" });
  expect(await removed).toBe(dataset.id);
  expect([...new Set(seen)]).toEqual(["new", "checking", "ready"]);
});
