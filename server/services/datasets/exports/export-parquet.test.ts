import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DatasetRow, type Message } from "../../../../lib/contract/dataset";
import { canonicalRow, makeReadyDataset } from "../../../testing/make-ready";
import { makeServer, type TestServer } from "../../../testing/make-server";
import { createFrom, untilSettled, uploadFile } from "../../../testing/make-upload";

let server: TestServer;
beforeAll(async () => {
  server = await makeServer();
});
afterAll(() => server.remove());

const user = (content: string): Message => ({ role: "user", content });
const answer = (content: string, more: Partial<Message> = {}): Message => ({ role: "assistant", content, ...more });
const turn = (n: number) => [user(`Question ${n} 你好 "quoted"\nnew line`), answer(`Answer ${n * 7}`)];
const tools = [{ type: "function", function: { name: "f", parameters: { type: "object", properties: { x: { type: "integer" } } } } }];
const called: Message[] = [
  { role: "system", content: "Be kind." },
  user("Call it"),
  answer("", { reasoning: "I must call.", toolCalls: [{ id: "c1", name: "f", arguments: '{"x":1}' }] }),
  { role: "tool", content: "1", name: "f" },
  answer("Not this", { train: false }),
  user("And now?"),
  answer("It is 1."),
];
const kinds: [string, Omit<DatasetRow, "index">[]][] = [
  [
    "chats with tools, thoughts and answers that are not trained",
    [canonicalRow({ messages: called, tools }), canonicalRow({ messages: turn(1) })],
  ],
  ["preference pairs", [1, 2, 3].map((n) => canonicalRow({ messages: turn(n), rejected: answer(`Wrong ${n}`) }))],
  ["wanted and unwanted answers", [1, 2, 3].map((n) => canonicalRow({ messages: turn(n), label: n !== 2 }))],
  ["ranked answers", [1, 2].map((n) => canonicalRow({ messages: turn(n), ranked: [answer(`Answer ${n * 7}`), answer(`Worse ${n}`)] }))],
  ["plain text", ["One line.\nAnother.", "第二"].map((text) => canonicalRow({ text }))],
];
const leftOut = canonicalRow({
  problem: { row: 0, line: null, field: "", value: "", reason: "missing", message: "", severity: "drop" },
});

test.each(kinds)("%s leave as Parquet and come back as the same rows", async (_, rows) => {
  const id = makeReadyDataset(server.ctx, [leftOut, ...rows]);
  const dataset = server.ctx.datasets.getOrThrow(id);
  const toolRows = rows.filter((row) => row.tools !== null).length;
  server.ctx.datasets.update({ ...dataset, name: "数据", report: { ...(dataset.report ?? expect.unreachable()), toolRows } });
  const answered = await server.fetch(`/api/datasets/${id}/export?format=parquet`);
  expect(answered.headers.get("content-disposition")).toContain("filename*=UTF-8''%E6%95%B0%E6%8D%AE.parquet");
  const uploaded = await uploadFile(server, "back.parquet", new Uint8Array(await answered.arrayBuffer()));
  const { body, status } = await createFrom(server, { source: { type: "upload", uploadIds: [uploaded] } });
  expect(status, JSON.stringify(body)).toBe(201);
  expect((await untilSettled(server, body.id)).status).toBe("ready");
  const back = (await (await server.fetch(`/api/datasets/${body.id}/rows`)).json()).rows;
  expect(back.map((row: DatasetRow) => ({ ...DatasetRow.parse(row), index: 0, warnings: [] }))).toEqual(
    rows.map((row) => ({ index: 0, ...row })),
  );
});

test("pyarrow reads the types that trl expects, in groups of rows", async () => {
  const id = makeReadyDataset(
    server.ctx,
    Array.from({ length: 20_000 }, (_, n) => canonicalRow({ messages: turn(n) })),
  );
  const path = join(server.home, "tmp", "read-back.parquet");
  writeFileSync(path, new Uint8Array(await (await server.fetch(`/api/datasets/${id}/export?format=parquet`)).arrayBuffer()));
  const script = `
import pyarrow.parquet as pq, sys
file = pq.ParquetFile(sys.argv[1])
message = file.schema_arrow.field("messages").type.value_type
print(file.metadata.num_rows, file.metadata.num_row_groups, [message.field(n).type for n in ("role", "content", "weight")], file.read().to_pylist()[19_999]["messages"][1]["content"])`;
  const said = execFileSync(server.ctx.env.python, ["-c", script, path], { encoding: "utf8" }).trim();
  expect(said).toBe("20000 2 [DataType(string), DataType(string), DataType(int8)] Answer 139993");
});

test("what has no place in a form is counted before the download", async () => {
  const rows = [
    canonicalRow({ messages: called, tools }),
    canonicalRow({ messages: turn(1) }),
    canonicalRow({ messages: [user("a"), answer("b"), user("c")] }),
  ];
  const id = makeReadyDataset(server.ctx, rows);
  const forecast = async (format: string) => (await server.fetch(`/api/datasets/${id}/export/forecast?format=${format}`)).json();
  expect(await forecast("alpaca")).toEqual({
    rows: 1,
    left: [
      { reason: "tools_in_alpaca", rows: 1 },
      { reason: "no_answer", rows: 1 },
    ],
  });
  expect(await forecast("parquet")).toEqual({ rows: 3, left: [] });
  expect(await forecast("exe")).toMatchObject({ error: { fields: [{ path: "format" }] } });
});

test("rows that can't be read break the download instead of ending it", async () => {
  const id = makeReadyDataset(server.ctx, [canonicalRow({ messages: turn(1) })]);
  writeFileSync(join(server.home, "datasets", id, "rows.jsonl"), "no json\n");
  const answered = await server.fetch(`/api/datasets/${id}/export?format=parquet`);
  await expect(answered.arrayBuffer()).rejects.toThrow();
});
