import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { extract } from "tar-stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Run } from "../../lib/contract/run";
import { makeRun, untilEnded } from "../testing/make-run";
import { makeServer, type TestServer } from "../testing/make-server";

let server: TestServer;
let run: Run;
const weights = Buffer.from(Array.from({ length: 100_000 }, (_, n) => n % 251));

/** A run with a finished artifact, as an export leaves it: the folder on the disk and its list in the row. */
beforeAll(async () => {
  server = await makeServer();
  run = await untilEnded(server, makeRun(server, "steps=3 chatter=5").id);
  const folder = join(server.ctx.runDirs.paths(run.id).artifacts, "model");
  mkdirSync(join(folder, "sub"), { recursive: true });
  writeFileSync(join(folder, "model.safetensors"), weights);
  writeFileSync(join(folder, "sub", "模型 1.json"), "{}");
  writeFileSync(join(folder, "not-listed.txt"), "x");
  symlinkSync("/etc/passwd", join(folder, "link.txt"));
  const files = ["model.safetensors", "sub/模型 1.json", "link.txt", "gone.txt"].map((name) => ({ name, bytes: 1 }));
  server.ctx.runs.change(run.id, (row) => ({ ...row, artifact: { path: "artifacts/model", bytes: 1, files } }));
});
afterAll(() => server.remove());

const get = (path: string, headers: Record<string, string> = {}) => server.fetch(`/api/exports/${run.id}/${path}`, { headers });
const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer());

test("a file comes whole, with its size and name", async () => {
  const response = await get("files/model.safetensors");
  expect(response.headers.get("content-length")).toBe("100000");
  expect(response.headers.get("content-disposition")).toContain('filename="model.safetensors"');
  expect((await bytes(response)).equals(weights)).toBe(true);
});

test.each([
  ["bytes=10-19", 206, [10, 20]],
  ["bytes=99990-", 206, [99_990, 100_000]],
  ["bytes=-5", 206, [99_995, 100_000]],
  ["bytes=5-1000000", 206, [5, 100_000]],
  ["nonsense", 200, [0, 100_000]],
])("the range %s is answered by %d", async (range, status, [from = 0, to = 0]) => {
  const response = await get("files/model.safetensors", { range });
  expect(response.status).toBe(status);
  expect((await bytes(response)).equals(weights.subarray(from, to))).toBe(true);
});

test("a range beyond the end is refused with the size", async () => {
  const response = await get("files/model.safetensors", { range: "bytes=100000-" });
  expect([response.status, response.headers.get("content-range")]).toEqual([416, "bytes */100000"]);
});

test("a download goes on only while the file is the same", async () => {
  const etag = (await get("files/model.safetensors")).headers.get("etag") ?? "";
  expect((await get("files/model.safetensors", { range: "bytes=1-2", "if-range": etag })).status).toBe(206);
  expect((await get("files/model.safetensors", { range: "bytes=1-2", "if-range": '"old"' })).status).toBe(200);
});

test("names with blanks and other letters arrive as they are", async () => {
  const response = await get(`files/${encodeURIComponent("sub/模型 1.json")}`);
  expect(response.headers.get("content-disposition")).toContain(`filename*=UTF-8''${encodeURIComponent("模型 1.json")}`);
  expect((await bytes(response)).toString()).toBe("{}");
});

test.each([
  ["a path upwards", "files/..%2F..%2Fevents.jsonl"],
  ["a link out of the folder", "files/link.txt"],
  ["a file that is not listed", "files/not-listed.txt"],
  ["a listed file that is gone", "files/gone.txt"],
  ["half an escape", "files/%E4%"],
])("%s is not served", async (_, path) => {
  expect((await get(path)).status).toBeGreaterThanOrEqual(400);
});

test("the archive holds all files below one folder", async () => {
  server.ctx.runs.change(run.id, (row) => ({
    ...row,
    artifact: {
      path: "artifacts/model",
      bytes: 1,
      files: [
        { name: "model.safetensors", bytes: 1 },
        { name: "sub/模型 1.json", bytes: 2 },
      ],
    },
  }));
  const response = await get("archive");
  expect(response.headers.get("content-disposition")).toContain("model.tar");
  const found: Record<string, number> = {};
  const reader = extract();
  Readable.from([await bytes(response)]).pipe(reader);
  for await (const entry of reader) {
    found[entry.header.name] = entry.header.size ?? 0;
    entry.resume();
  }
  expect(found).toEqual({ "model/model.safetensors": 100_000, "model/sub/模型 1.json": 2 });
});

test("the log is downloaded whole", async () => {
  const response = await server.fetch(`/api/runs/${run.id}/log/download`);
  expect(await response.text()).toMatch(/^rehearsal begins\nééééé\nééééé\nééééé\n/);
});

test("nothing is served to strangers", async () => {
  expect((await get("files/model.safetensors", { authorization: "Bearer nope" })).status).toBe(401);
});
