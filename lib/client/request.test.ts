import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { ApiError, call } from "./request";

const route = (method: string, path: string) => ({ method, path }) as { method: string; path: string; types?: (input: object) => unknown };
let server: Server | null = null;
afterEach(() => {
  vi.unstubAllGlobals();
  server?.close();
});

/** A real server; the page's relative addresses are led to it. */
async function answerWith(status: number, body: string) {
  const seen: { method?: string; url?: string; body: string }[] = [];
  server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    seen.push({ method: request.method, url: request.url, body: text });
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const real = fetch;
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => real(`http://127.0.0.1:${port}${path}`, init));
  return seen;
}

test("path parts are filled and escaped, the rest goes into the query of a GET", async () => {
  const seen = await answerWith(200, "{}");
  await call(route("GET", "/datasets/:datasetId/rows"), { datasetId: "a/b", offset: 50, limit: undefined });
  expect(seen[0]).toMatchObject({ method: "GET", url: "/api/datasets/a%2Fb/rows?offset=50" });
});

test("the rest goes into the body of a POST, without the parts of the path", async () => {
  const seen = await answerWith(202, `{"ok":true}`);
  expect(await call(route("POST", "/runs/:runId/stop"), { runId: "run_1", save: true })).toEqual({ ok: true });
  expect(seen[0]).toMatchObject({ url: "/api/runs/run_1/stop", body: `{"save":true}` });
});

test("a refusal keeps its code, figures and fields", async () => {
  const error = {
    code: "invalid_field",
    message: "m",
    params: { path: "x" },
    fields: [{ path: "spec.name", message: "Give the run a name." }],
    requestId: "r1",
  };
  await answerWith(400, JSON.stringify({ error }));
  const thrown = await call(route("POST", "/runs"), {}).catch((caught: unknown) => caught);
  expect(thrown).toBeInstanceOf(ApiError);
  expect(thrown).toMatchObject({ ...error, status: 400 });
});

test("an answer that is not ours says which one it was", async () => {
  await answerWith(502, "<html>");
  await expect(call(route("GET", "/runs"), {})).rejects.toMatchObject({
    code: "internal",
    status: 502,
    message: expect.stringContaining("502"),
  });
});

test("silence is told apart from a refusal", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
  await expect(call(route("GET", "/runs"), {})).rejects.toMatchObject({ code: "unreachable", status: 0 });
});
