import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { makeModelFolder } from "../../testing/make-model";
import { makeServer, type TestServer } from "../../testing/make-server";

let server: TestServer;
beforeAll(async () => {
  server = await makeServer();
  server.ctx.env.modelRoots = [server.home];
});
afterAll(() => server.remove());
afterEach(() => vi.unstubAllEnvs());

const add = async (json: object) => {
  const response = await server.fetch("/api/models", { json });
  return { status: response.status, body: await response.json() };
};

/** A hub on this machine that answers every path as the table says. */
async function withHub(answers: Record<string, object>, work: () => Promise<void>): Promise<void> {
  const hub = createServer((req, res) => {
    const answer = answers[req.url ?? ""];
    res.writeHead(answer ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(answer ?? { error: "not found" }));
  });
  await new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("HF_ENDPOINT", `http://127.0.0.1:${(hub.address() as AddressInfo).port}`);
  vi.stubEnv("HF_HUB_CACHE", join(server.home, "cache"));
  try {
    await work();
  } finally {
    await new Promise((resolve) => hub.close(resolve));
  }
}

test("a folder is added with its facts; twice gives one model", async () => {
  const path = makeModelFolder(join(server.home, "one"));
  const first = await add({ type: "folder", path });
  expect(first).toMatchObject({ status: 201, body: { name: "one", present: true, facts: { architecture: "LlamaForCausalLM" } } });
  expect((await add({ type: "folder", path })).body.id).toBe(first.body.id);
});

test("two folders of one name get two names", async () => {
  const a = await add({ type: "folder", path: makeModelFolder(join(server.home, "x", "twin")) });
  const b = await add({ type: "folder", path: makeModelFolder(join(server.home, "y", "twin")) });
  expect([a.body.name, b.body.name]).toEqual(["twin", "twin 2"]);
});

test.each([
  ["a path that is not there", "/nowhere/at/all", "path_missing"],
  ["a relative path", "models/one", "path_missing"],
  ["a folder outside of the roots", "/usr", "path_outside_roots"],
])("refuses %s", async (_, path, code) => {
  expect(await add({ type: "folder", path })).toMatchObject({ status: 422, body: { error: { code } } });
});

test("code of the model's own needs consent", async () => {
  const path = makeModelFolder(join(server.home, "own-code"), { "config.json": { auto_map: { AutoModel: "m.M" } } });
  expect(await add({ type: "folder", path })).toMatchObject({ body: { error: { code: "model_needs_remote_code" } } });
  expect(await add({ type: "folder", path, trustRemoteCode: true })).toMatchObject({ status: 201, body: { trustRemoteCode: true } });
});

test("a hub model is looked up and added without its files", async () => {
  const files = { siblings: [{ rfilename: "config.json" }, { rfilename: "model.safetensors" }] };
  await withHub({ "/api/models/o/good/revision/main": files }, async () => {
    expect(await add({ type: "hub", repo: "o/good" })).toMatchObject({ status: 201, body: { name: "o/good", path: null, facts: null } });
  });
});

test("what the hub does not have, or has only as pickle or adapter, is refused", async () => {
  const answers = {
    "/api/models/o/pickle/revision/main": { siblings: [{ rfilename: "config.json" }, { rfilename: "pytorch_model.bin" }] },
    "/api/models/o/adapter/revision/main": { siblings: [{ rfilename: "adapter_config.json" }, { rfilename: "adapter_model.safetensors" }] },
  };
  await withHub(answers, async () => {
    expect(await add({ type: "hub", repo: "o/none" })).toMatchObject({ body: { error: { code: "hub_not_found" } } });
    expect(await add({ type: "hub", repo: "o/pickle" })).toMatchObject({ body: { error: { code: "model_pickle_only" } } });
    expect(await add({ type: "hub", repo: "o/adapter" })).toMatchObject({ body: { error: { code: "model_is_adapter" } } });
  });
});

test("without a network the remedy names folders and mirrors", async () => {
  vi.stubEnv("HF_ENDPOINT", "http://127.0.0.1:9");
  const { status, body } = await add({ type: "hub", repo: "o/far" });
  expect(status).toBe(502);
  expect(body.error).toMatchObject({ code: "hub_unreachable", message: expect.stringMatching(/add its folder.*HF_ENDPOINT/) });
});

test("a model in the local cache needs no network", async () => {
  vi.stubEnv("HF_ENDPOINT", "http://127.0.0.1:9");
  vi.stubEnv("HF_HUB_CACHE", join(server.home, "cache"));
  const folder = join(server.home, "cache", "models--o--near");
  makeModelFolder(join(folder, "snapshots", "abc"));
  mkdirSync(join(folder, "refs"));
  writeFileSync(join(folder, "refs", "main"), "abc");
  expect((await add({ type: "hub", repo: "o/near" })).body).toMatchObject({ path: join(folder, "snapshots", "abc"), facts: { layers: 2 } });
  expect(await add({ type: "hub", repo: "o/near", revision: "../../../../one" })).toMatchObject({ status: 502 });
});

test("taking a model off the list leaves its files", async () => {
  const path = makeModelFolder(join(server.home, "leaving"));
  const { body } = await add({ type: "folder", path });
  expect((await server.fetch(`/api/models/${body.id}`, { method: "DELETE" })).status).toBe(200);
  const { models } = await (await server.fetch("/api/models")).json();
  expect(models.map((model: { id: string }) => model.id)).not.toContain(body.id);
  expect((await add({ type: "folder", path })).status).toBe(201);
});

test.each(["config.json", "model.safetensors"])(
  "a pipe or a folder in the place of %s is refused, and nobody waits for it",
  async (name) => {
    const piped = makeModelFolder(join(server.home, `piped-${name}`), { [name]: null });
    execFileSync("mkfifo", [join(piped, name)]);
    const nested = makeModelFolder(join(server.home, `nested-${name}`), { [name]: null });
    mkdirSync(join(nested, name));
    for (const path of [piped, nested])
      expect((await add({ type: "folder", path })).body.error).toMatchObject({ code: "model_not_readable" });
  },
);
