import { afterAll, beforeAll, expect, test } from "vitest";
import { api, type Endpoint } from "../../lib/contract/api";
import { makeServer, type TestServer } from "../testing/make-server";
import { type Document, makeDocument } from "./openapi";
import { routes } from "./routes";

const document: Document = makeDocument({ version: "1.2.3", basePath: "/studio" });
const endpoints = Object.entries<Endpoint>(api);

let server: TestServer;
beforeAll(async () => {
  server = await makeServer();
});
afterAll(() => server.remove());

test.each(endpoints)("%s is in the document and answered by the server", (name, endpoint) => {
  const path = `/api${endpoint.path.replace(/:(\w+)/g, "{$1}")}`;
  const operation = document.paths[path]?.[endpoint.method.toLowerCase()];
  expect(operation).toMatchObject({ operationId: name, summary: endpoint.summary });
  const inPath = (operation?.parameters ?? []).filter((parameter) => parameter.in === "path").map((parameter) => parameter.name);
  expect(inPath.sort()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort());
  expect(routes.map((route) => route.endpoint)).toContain(endpoint);
});

test("files, streams and OpenAI's endpoints are in it too", () => {
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      "/api/uploads",
      "/api/uploads/{uploadId}",
      "/api/datasets/{datasetId}/export",
      "/api/datasets/registry/export",
      "/api/exports/{runId}/files/{name}",
      "/api/exports/{runId}/archive",
      "/api/runs/{runId}/log/download",
      "/v1/models",
      "/v1/chat/completions",
    ]),
  );
});

test("every reference leads somewhere, and every operation has its own id", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]);
  expect(references.length).toBeGreaterThan(10);
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...new Set(references)]));
  expect(JSON.stringify(document)).not.toContain("$defs");
  const ids = Object.values(document.paths).flatMap((methods) => Object.values(methods).map((operation) => operation.operationId));
  expect(new Set(ids).size).toBe(ids.length);
});

test("a field's meaning and limits come from the contract", () => {
  const parameters = document.paths["/api/runs/{runId}/log"]?.get?.parameters;
  expect(parameters?.find(({ name }) => name === "limit")).toMatchObject({
    in: "query",
    required: false,
    schema: { minimum: 1, default: 65_536 },
  });
  expect(parameters?.find(({ name }) => name === "from")?.description).toMatch(/last `limit` bytes/);
});

test("the page shows every path, and its one script carries the nonce of the answer", async () => {
  const response = await server.fetch("/api/docs");
  const html = await response.text();
  for (const path of Object.keys(document.paths)) expect(html).toContain(path);
  const nonces = [...html.matchAll(/<(?:style|script) nonce="([^"]+)"/g)].map(([, nonce]) =>
    nonce?.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
  );
  expect(nonces).toEqual([nonces[0], nonces[0]]);
  expect(html.match(/<script/g)).toHaveLength(1);
  const policy = response.headers.get("content-security-policy");
  for (const kind of ["style", "script"]) expect(policy).toContain(`${kind}-src 'nonce-${nonces[0]}'`);
});
