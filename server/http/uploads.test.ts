import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { serve } from "@hono/node-server";
import { Upload } from "tus-js-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cleanFileName, uniqueNames } from "../services/datasets/bring/file-name";
import { makeHome, makeServer, type TestServer } from "../testing/make-server";
import { askOffset, beginUpload, createFrom, sendPiece, uploadFile } from "../testing/make-upload";
import { createRouter } from "./router";
import { mountUploads } from "./uploads";

let server: TestServer;
beforeAll(async () => {
  server = await makeServer();
});
afterAll(() => server.remove());

const idOf = (response: Response): string => response.headers.get("location")?.split("/").at(-1) ?? "";
const piece = (bytes: number) => Uint8Array.from(randomBytes(bytes));
const codeOf = async (response: Response) => [response.status, (await response.json()).error.code];

test("a file goes on where it broke off, and only there", async () => {
  const whole = piece(5000);
  const id = idOf(await beginUpload(server, { name: "a.jsonl", bytes: 5000 }));
  expect((await sendPiece(server, id, 0, whole.slice(0, 3000))).status).toBe(204);
  expect(await askOffset(server, id)).toBe(3000);
  expect((await sendPiece(server, id, 0, whole.slice(0, 3000))).status).toBe(409);
  expect((await sendPiece(server, id, 3500, whole.slice(3500))).status).toBe(409);
  expect((await sendPiece(server, id, 3000, whole.slice(3000))).status).toBe(204);
  expect(readFileSync(join(server.home, "uploads", id))).toEqual(Buffer.from(whole));
});

test("a server killed with SIGKILL in the middle: the client goes on by itself, and every byte is right", async () => {
  const home = makeHome();
  const content = randomBytes(24 * 1024 ** 2);
  const first = await startProcess(home, "0");
  const restarts: Promise<{ child: ChildProcess }>[] = [];
  let address: string | null = null;
  let resumedAt = 0;
  const id = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(content, {
      endpoint: `${first.url}/api/uploads`,
      headers: { authorization: `Bearer ${first.token}` },
      metadata: { name: "big.jsonl" },
      chunkSize: 1024 ** 2,
      retryDelays: Array.from({ length: 200 }, () => 100),
      onChunkComplete: (_, sent) => {
        if (restarts.length > 0) resumedAt ||= sent;
        if (restarts.length > 0 || sent < content.length / 3) return;
        address = upload.url;
        first.child.kill("SIGKILL");
        restarts.push(once(first.child, "exit").then(() => startProcess(home, new URL(first.url).port)));
      },
      onSuccess: () => resolve(upload.url?.split("/").at(-1) ?? ""),
      onError: reject,
    });
    upload.start();
  });
  expect(address).toMatch(new RegExp(`${id}$`));
  expect(resumedAt).toBeGreaterThan(content.length / 3);
  const sha = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  expect(sha(readFileSync(join(home, "uploads", id)))).toBe(sha(content));
  const { child } = await (restarts[0] ?? expect.unreachable());
  child.kill("SIGKILL");
  await once(child, "exit");
}, 60_000);

test("the address of an upload has the base path and names no host", async () => {
  const other = await makeServer({ basePath: "/studio" });
  const response = await beginUpload(other, { name: "a.csv", bytes: 3 });
  const location = response.headers.get("location") ?? "";
  expect(location).toMatch(/^\/studio\/api\/uploads\/[0-9a-f]{32}$/);
  expect((await sendPiece(other, idOf(response), 0, piece(3))).status).toBe(204);
  await other.remove();
});

test("more bytes than announced are refused, and none of them is kept", async () => {
  const id = idOf(await beginUpload(server, { name: "a.jsonl", bytes: 10 }));
  expect(await codeOf(await sendPiece(server, id, 0, piece(11)))).toEqual([413, "upload_too_large"]);
  expect(await askOffset(server, id)).toBe(0);
});

test("pages of other sites and people who are not signed in can't send", async () => {
  const foreign = await beginUpload(server, { name: "a.jsonl", bytes: 3, headers: { origin: "http://evil.example" } });
  expect(await codeOf(foreign)).toEqual([403, "forbidden_origin"]);
  const stranger = await beginUpload(server, { name: "a.jsonl", bytes: 3, headers: { authorization: "Bearer no" } });
  expect(await codeOf(stranger)).toEqual([401, "not_signed_in"]);
  const id = idOf(await beginUpload(server, { name: "a.jsonl", bytes: 3 }));
  const headers = { authorization: "", "tus-resumable": "1.0.0", "upload-offset": "0", "content-type": "application/offset+octet-stream" };
  expect((await server.fetch(`/api/uploads/${id}`, { method: "PATCH", headers, body: piece(3) })).status).toBe(401);
  expect(await askOffset(server, id)).toBe(0);
});

test("only files of uploads are reached, and none of them is read back", async () => {
  const id = await uploadFile(server, "a.jsonl", "{}\n");
  for (const name of [`${id}.json`, "..%2ftoken", "..%5ctoken", "%2e%2e/token"]) {
    const response = await server.fetch(`/api/uploads/${name}`, { method: "HEAD", headers: { "tus-resumable": "1.0.0" } });
    expect([name, response.status]).toEqual([name, 404]);
  }
  expect((await server.fetch(`/api/uploads/${id}`)).status).toBe(404);
  expect((await createFrom(server, { source: { type: "upload", uploadIds: ["../../token"] } })).body).toMatchObject({
    error: { code: "file_not_found" },
  });
});

test("too much is refused before the first byte: over the limit, and what the disk has no room for", async () => {
  const small = await listen(mountUploads({ limitBytes: 1000, freeBytes: async () => 300 * 1024 ** 2 }));
  expect(await codeOf(await beginUpload(small, { name: "a.jsonl", bytes: 1001 }))).toEqual([413, "upload_too_large"]);
  const full = await listen(mountUploads({ freeBytes: async () => 300 * 1024 ** 2 }));
  expect(await codeOf(await beginUpload(full, { name: "a.jsonl", bytes: 100 * 1024 ** 2 }))).toEqual([507, "disk_full"]);
  expect(await codeOf(await beginUpload(full, { name: "..", bytes: 10 }))).toEqual([400, "bad_request"]);
});

test("an upload makes one data set, however often it is asked for", async () => {
  const id = await uploadFile(server, "../../once.jsonl", '{"a": 1}\n');
  const wish = { source: { type: "upload", uploadIds: [id] } };
  const answers = await Promise.all([createFrom(server, wish), createFrom(server, wish), createFrom(server, wish)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 404, 404]);
  expect(answers.find(({ status }) => status === 201)?.body).toMatchObject({ fileName: "once.jsonl", status: "new" });
  expect((await createFrom(server, wish)).status).toBe(404);
});

test("an upload that is not whole makes no data set, and stays", async () => {
  const id = idOf(await beginUpload(server, { name: "half.jsonl", bytes: 10 }));
  await sendPiece(server, id, 0, piece(4));
  expect((await createFrom(server, { source: { type: "upload", uploadIds: [id] } })).body).toMatchObject({
    error: { code: "bad_request" },
  });
  expect(await askOffset(server, id)).toBe(4);
});

test("what nobody has gone on with for a week is swept at the next start", async () => {
  const old = await makeServer();
  const id = idOf(await beginUpload(old, { name: "a.jsonl", bytes: 10 }));
  const young = idOf(await beginUpload(old, { name: "b.jsonl", bytes: 10 }));
  const info = join(old.home, "uploads", `${id}.json`);
  const aged = { ...JSON.parse(readFileSync(info, "utf8")), creation_date: new Date(Date.now() - 8 * 86_400_000).toISOString() };
  writeFileSync(info, JSON.stringify(aged));
  utimesSync(info, 1, 1);
  await old.stop();
  const again = await makeServer({ home: old.home });
  await expect.poll(() => existsSync(join(old.home, "uploads", id))).toBe(false);
  expect(readdirSync(join(old.home, "uploads"))).toContain(young);
  await again.remove();
});

test.each([
  ["../../etc/passwd.json", "passwd.json"],
  ["C:\\data\\rows.JSONL", "rows.JSONL"],
  ["a\u0000b\u202e.json", "ab.json"],
  ["...hidden.csv", "hidden.csv"],
  [`${"好".repeat(300)}.parquet`, `${"好".repeat(77)}.parquet`],
])("the name %j is kept as %j", (given, kept) => {
  expect(cleanFileName(given)).toBe(kept);
});

test("names of one set differ, capitals or not", () => {
  expect(uniqueNames(["a.jsonl", "A.jsonl", "a.jsonl", "b"])).toEqual(["a.jsonl", "A-2.jsonl", "a-3.jsonl", "b"]);
});

const open: { close(): void }[] = [];
afterAll(() => {
  for (const http of open) http.close();
});

/** The same home with other limits. */
async function listen(mount: ReturnType<typeof mountUploads>) {
  const app = createRouter(server.ctx, [], [mount]);
  const port = await new Promise<number>((resolve) => {
    open.push(serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1", overrideGlobalObjects: false }, (info) => resolve(info.port)));
  });
  const authorization = `Bearer ${server.ctx.session.token}`;
  return {
    fetch: (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { authorization, ...Object.fromEntries(new Headers(init.headers)) } }),
  };
}

async function startProcess(home: string, port: string): Promise<{ child: ChildProcess; url: string; token: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "server/testing/rehearsal-server.ts"], {
    env: { ...process.env, TUNEBOARD_HOME: home, TUNEBOARD_PORT: port, TUNEBOARD_NEXT_PORT: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [, json] = line.split("TUNEBOARD_READY ");
    if (json !== undefined) return { child, ...JSON.parse(json) };
  }
  throw new Error("the server ended before it was ready");
}
