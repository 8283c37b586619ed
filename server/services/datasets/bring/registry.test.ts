import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Dataset, DatasetRow } from "../../../../lib/contract/dataset";
import { makeServer, type TestServer } from "../../../testing/make-server";
import { createFrom, untilSettled } from "../../../testing/make-upload";

let server: TestServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tb-lf-"));
  server = await makeServer({ modelRoots: [folder] });
});
afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true });
});

const registry = (name: string, info: object, files: Record<string, string>): string => {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries({ ...files, "dataset_info.json": JSON.stringify(info) })) writeFileSync(join(path, file), text);
  return path;
};
const scan = async (path: string) => (await server.fetch("/api/datasets/registry", { json: { folder: path } })).json();
const add = async (path: string, entry: string): Promise<Dataset> => {
  const { status, body } = await createFrom(server, { source: { type: "registry", folder: path, entry } });
  expect(status, JSON.stringify(body)).toBe(201);
  return untilSettled(server, body.id);
};
const rowsOf = async (dataset: Dataset): Promise<DatasetRow[]> =>
  (await (await server.fetch(`/api/datasets/${dataset.id}/rows?limit=200`)).json()).rows;

test("all entries are listed, also those that can't be added; files outside of the folder are none of them", async () => {
  const secret = join(folder, "secret.json");
  writeFileSync(secret, '[{"instruction": "a", "output": "b"}]');
  const info = {
    good: { file_name: "good.json" },
    gone: { file_name: "gone.json" },
    up: { file_name: "../secret.json" },
    link: { file_name: "link.json" },
    far: { file_name: "/etc/passwd" },
    script: { script_url: "x.py" },
  };
  const path = registry("scan", info, { "good.json": "[]" });
  symlinkSync(secret, join(path, "link.json"));
  const { entries } = await scan(path);
  expect(entries.map(({ name, trouble }: { name: string; trouble: string | null }) => [name, trouble === null])).toEqual([
    ["good", true],
    ["gone", false],
    ["up", false],
    ["link", false],
    ["far", false],
    ["script", false],
  ]);
  expect(entries[1].trouble).toMatch(/There is no file gone.json/);
  for (const entry of ["up", "link", "far"])
    expect((await createFrom(server, { source: { type: "registry", folder: path, entry } })).status, entry).toBe(422);
});

test("a hostile registry spoils its own entries only, and one without end is refused", async () => {
  const long = "x".repeat(500);
  const info = `{
    "__proto__": {"file_name": "good.json"},
    "broken": {"file_name": "broken"},
    "mixed": {"file_name": "mixed"},
    "long": {"file_name": "good.json", "columns": {"prompt": "${long}"}},
    "nul": {"file_name": "a\\u0000b.json"},
    "far": {"file_name": "${"../".repeat(40)}etc/passwd"},
    "self": {"file_name": "."}
  }`;
  const path = registry("hostile", {}, { "good.json": "[]" });
  writeFileSync(join(path, "dataset_info.json"), info);
  for (const name of ["broken", "mixed"]) mkdirSync(join(path, name));
  symlinkSync(join(path, "nowhere"), join(path, "broken", "a.json"));
  for (const name of ["a.json", "b.csv"]) writeFileSync(join(path, "mixed", name), "[]");
  const { entries } = await scan(path);
  expect(entries.map(({ name, trouble }: { name: string; trouble: string | null }) => [name, trouble === null])).toEqual([
    ["__proto__", true],
    ["broken", false],
    ["mixed", false],
    ["long", false],
    ["nul", false],
    ["far", false],
    ["self", false],
  ]);
  const many = Object.fromEntries(Array.from({ length: 6000 }, (_, n) => [`e${n}`, {}]));
  expect(await scan(registry("crowd", many, {}))).toMatchObject({
    error: { code: "dataset_not_readable", message: expect.stringContaining("6000 entries") },
  });
});

const chat = [
  { from: "system", value: "Be brief." },
  { from: "human", value: "Weather in Oslo and Rome?" },
  { from: "function_call", value: '{"name":"weather","arguments":{"city":"Oslo"}}' },
  { from: "observation", value: '{"c": 4}' },
  { from: "gpt", value: "<think>\nCold.\n</think>\n\nFour degrees." },
];
const tools = JSON.stringify([{ type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } }]);
const sets = {
  "talks (1)": {
    entry: { formatting: "sharegpt", columns: { messages: "conversations", tools: "tools" } },
    rows: [{ conversations: chat, tools }],
  },
  alpaca: {
    entry: { columns: { prompt: "instruction", query: "input", response: "output", history: "history", system: "system" } },
    rows: [{ instruction: "Add", input: "1, 2", output: "3", history: [["Hi", "Hello"]], system: "Kind." }],
  },
  pairs: {
    entry: { ranking: true, columns: { prompt: "instruction", chosen: "good", rejected: "bad" } },
    rows: [{ instruction: "Say yes", good: "yes", bad: "no" }],
  },
  kto: {
    entry: { columns: { prompt: "instruction", response: "output", kto_tag: "ok" } },
    rows: [
      { instruction: "Say yes", output: "yes", ok: true },
      { instruction: "Say yes", output: "no", ok: false },
    ],
  },
  texts: { entry: { columns: { prompt: "text" } }, rows: [{ text: "Once upon a time." }, { text: "The end." }] },
};

test("sets of every kind come in from a registry, go out as one, and come in again with the same rows", async () => {
  const info = Object.fromEntries(Object.entries(sets).map(([name, { entry }], n) => [name, { file_name: `f${n}.json`, ...entry }]));
  const files = Object.fromEntries(Object.values(sets).map(({ rows }, n) => [`f${n}.json`, JSON.stringify(rows)]));
  const path = registry("in", info, files);
  const before = await Promise.all(Object.keys(sets).map((name) => add(path, name)));
  expect(before.map(({ name, status }) => [name, status])).toEqual(Object.keys(sets).map((name) => [name, "ready"]));
  expect(before.every(({ files: [file] }) => file?.managed === false)).toBe(true);

  const answer = await server.fetch(`/api/datasets/registry/export?ids=${before.map(({ id }) => id).join(",")}`);
  const out = join(folder, "out");
  await unpackTar(Buffer.from(await answer.arrayBuffer()), out);
  const { entries } = await scan(out);
  expect(entries.map(({ name, trouble, notes }: { name: string; trouble: unknown; notes: unknown[] }) => [name, trouble, notes])).toEqual(
    ["talks_1_", "alpaca", "pairs", "kto", "texts"].map((name) => [name, null, []]),
  );
  const added = await Promise.all(entries.map(({ name }: { name: string }) => add(out, name)));
  for (const [index, again] of added.entries()) {
    const [old, fresh] = [await rowsOf(before[index] ?? expect.unreachable()), await rowsOf(again)];
    expect(fresh.map(essence), again.name).toEqual(old.map(essence));
  }
}, 120_000);

/** What trains; ids of calls are made anew by whoever reads. */
const essence = ({ messages, text, tools: given, rejected, label, problem }: DatasetRow) => ({
  messages: messages?.map(({ toolCalls, ...message }) => ({
    ...message,
    calls: toolCalls?.map(({ name, arguments: text }) => [name, JSON.parse(text)]),
  })),
  text,
  tools: given,
  rejected: rejected?.content,
  label,
  problem,
});

test("one set goes out in every form; a form that is not known is named with those that are", async () => {
  const path = registry(
    "one",
    { a: { file_name: "a.json" } },
    { "a.json": JSON.stringify([{ instruction: 'Say "hi",\nplease', input: "", output: "=1+1" }]) },
  );
  const { id } = await add(path, "a");
  const get = async (format: string) => (await server.fetch(`/api/datasets/${id}/export?format=${format}`)).text();
  expect(JSON.parse(await get("messages"))).toEqual({
    messages: [
      { role: "user", content: 'Say "hi",\nplease' },
      { role: "assistant", content: "=1+1" },
    ],
  });
  expect(JSON.parse(await get("sharegpt"))).toMatchObject({ conversations: [{ from: "human" }, { from: "gpt", value: "=1+1" }] });
  expect(JSON.parse(await get("alpaca"))).toMatchObject({ instruction: 'Say "hi",\nplease', output: "=1+1", history: [] });
  expect(await get("csv")).toBe('instruction,input,history,system,output\r\n"Say ""hi"",\nplease",,,,=1+1\r\n');
  expect(JSON.parse(await get("jsonl"))).toMatchObject({ index: 0, problem: null });
  expect(JSON.parse(await get("xml"))).toMatchObject({ error: { code: "invalid_field", fields: [{ path: "format", value: "xml" }] } });
});

test("a path is read where it lies, never outside of the roots, and not any more once it was changed", async () => {
  const file = join(folder, "own.jsonl");
  writeFileSync(file, '{"prompt": "a", "completion": "b"}\n');
  const { body } = await createFrom(server, { source: { type: "path", path: file } });
  const dataset = await untilSettled(server, body.id);
  expect(dataset).toMatchObject({ status: "ready", files: [{ path: file, managed: false }], mapping: { format: "prompt_completion" } });
  for (const path of ["/etc/passwd", "own.jsonl", join(folder, "none"), server.home, join(server.home, "token")])
    expect([path, (await createFrom(server, { source: { type: "path", path } })).status]).toEqual([path, 422]);
  writeFileSync(file, '{"prompt": "a", "completion": "other"}\n');
  const again = await (await server.fetch(`/api/datasets/${body.id}/check`, { json: { mapping: dataset.mapping } })).json();
  expect(again.error.message).toMatch(/was changed since it was added/);
  await server.fetch(`/api/datasets/${body.id}`, { method: "DELETE" });
  expect(existsSync(file)).toBe(true);
});

test("a folder is one set of the files of one kind; a link that leads out spoils it", async () => {
  const path = join(folder, "many");
  mkdirSync(join(path, "part"), { recursive: true });
  for (const name of ["b.jsonl", "part/a.jsonl"]) writeFileSync(join(path, name), '{"prompt": "a", "completion": "b"}\n');
  writeFileSync(join(path, "README.md"), "no data");
  const { body } = await createFrom(server, { source: { type: "path", path } });
  expect(await untilSettled(server, body.id)).toMatchObject({
    name: "many",
    files: [{ name: "b.jsonl" }, { name: "part/a.jsonl" }],
    report: { rows: 2 },
  });
  writeFileSync(join(path, "c.csv"), "a,b\n1,2\n");
  expect((await createFrom(server, { source: { type: "path", path } })).body.error?.message).toMatch(/several kinds \(JSON, CSV\)/);
  rmSync(join(path, "c.csv"));
  symlinkSync("/etc/passwd", join(path, "d.jsonl"));
  expect((await createFrom(server, { source: { type: "path", path } })).body.error?.code).toBe("path_outside_roots");
});

async function unpackTar(bytes: Buffer, target: string): Promise<void> {
  mkdirSync(target);
  const reader = Readable.from([bytes]).pipe(extract());
  for await (const entry of reader) {
    writeFileSync(join(target, entry.header.name), await buffer(entry));
  }
}
