import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Dataset } from "../../../../lib/contract/dataset";
import { noColumns } from "../../../../lib/domain/dataset-columns";
import { isEnded } from "../../../../lib/domain/run-status";
import { nextToStart } from "../../../tasks/scheduler";
import { makeHome, makeServer, type TestServer } from "../../../testing/make-server";
import { createFrom, untilSettled } from "../../../testing/make-upload";
import { settleCheck } from "./settle";

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.remove();
});
const serverAt = async (home = makeHome()): Promise<TestServer> => {
  const server = await makeServer({ home });
  open.push(server);
  return server;
};

const mapping = {
  format: "prompt_completion",
  columns: { ...noColumns, prompt: "p", response: "c" },
  tags: null,
  xtunerMap: null,
  systemText: null,
};
const rows = (count: number) =>
  Array.from({ length: count }, (_, n) => `${JSON.stringify({ p: `question ${n}`, c: `answer ${n * 7}` })}\n`).join("");
const paste = async (server: TestServer, count = 3): Promise<Dataset & { taskId: NonNullable<Dataset["taskId"]> }> => {
  const { status, body } = await createFrom(server, { source: { type: "paste", text: rows(count) }, mapping });
  expect(status, JSON.stringify(body)).toBe(201);
  return { ...body, taskId: body.taskId ?? expect.unreachable() };
};

test("a check that is stopped leaves the data set as it was before: new, with its files and its mapping", async () => {
  const server = await serverAt();
  // So many that the check can't have ended before it is stopped.
  const { id, taskId } = await paste(server, 20_000);
  server.ctx.tasks.stop(taskId, "abort");
  expect(await untilSettled(server, id)).toMatchObject({ status: "new", mapping, report: null, taskId });
  expect((await (await server.fetch(`/api/datasets/${id}/check`, { json: { mapping } })).json()).status).toBe("checking");
  expect(await untilSettled(server, id)).toMatchObject({ status: "ready", version: 1 });
  expect(readdirSync(join(server.home, "datasets", id)).sort()).toEqual(
    expect.arrayContaining(["problems.jsonl", "report.json", "rows.idx", "rows.jsonl", "source"]),
  );
});

test("a check that ended while no server was there is settled at the next start, and only once", async () => {
  const first = await serverAt();
  const { id, taskId } = await paste(first);
  await first.ctx.tasks.waitFor(taskId, (run) => run.seq >= 0 || isEnded(run.status), 25_000);
  await first.stop();
  open.pop();
  const second = await serverAt(first.home);
  const ready = await untilSettled(second, id);
  expect(ready).toMatchObject({ status: "ready", report: { usableRows: 3 } });
  // Told once more, nothing changes: neither a set that is ready nor one that waits for another check.
  await settleCheck(second.ctx, { ...second.ctx.runs.getOrThrow(taskId), status: "failed" });
  expect(second.ctx.datasets.getOrThrow(id).status).toBe("ready");
});

test("a data set whose check was announced and never made waits for the person again", async () => {
  const first = await serverAt();
  const { id, taskId } = await paste(first);
  await untilSettled(first, id);
  first.ctx.datasets.update({ ...first.ctx.datasets.getOrThrow(id), status: "checking", report: null });
  first.ctx.runs.remove(taskId);
  await first.stop();
  open.pop();
  const second = await serverAt(first.home);
  expect(second.ctx.datasets.getOrThrow(id)).toMatchObject({ status: "new", taskId: null });
});

test("what is being checked is neither deleted nor checked twice", async () => {
  const server = await serverAt();
  const { id, taskId } = await paste(server, 20_000);
  const remove = async () => (await server.fetch(`/api/datasets/${id}?force=true`, { method: "DELETE" })).json();
  expect(await remove()).toMatchObject({ error: { code: "in_use" } });
  expect(await (await server.fetch(`/api/datasets/${id}/check`, { json: { mapping } })).json()).toMatchObject({
    error: { code: "in_use" },
  });
  server.ctx.tasks.stop(taskId, "abort");
  await untilSettled(server, id);
  expect(await remove()).toEqual({ ok: true });
  expect(existsSync(join(server.home, "datasets", id))).toBe(false);
  expect(server.ctx.runs.find(taskId)).toBeNull();
});

test("of two checks that are asked for at once one is made, and two new versions have two numbers", async () => {
  const server = await serverAt();
  const { id, taskId } = await paste(server, 3);
  server.ctx.tasks.stop(taskId, "abort");
  await untilSettled(server, id);
  const check = async () => (await server.fetch(`/api/datasets/${id}/check`, { json: { mapping } })).json();
  const both = await Promise.all([check(), check()]);
  expect(both.map((answer) => answer.status ?? answer.error.code).sort()).toEqual(["checking", "in_use"]);
  await untilSettled(server, id);
  const versions = await Promise.all([check(), check()]);
  expect(versions.map(({ version }) => version).sort()).toEqual([2, 3]);
  for (const version of versions) await untilSettled(server, version.id);
});

test("a data set that is deleted while its rows are looked at does not come back", async () => {
  const server = await serverAt();
  const seen = new Promise<Dataset["id"]>((resolve) => server.ctx.bus.on("dataset", ({ dataset }) => resolve(dataset.id)));
  const made = createFrom(server, { source: { type: "paste", text: rows(3) } });
  const id = await seen;
  expect((await server.fetch(`/api/datasets/${id}?force=true`, { method: "DELETE" })).status).toBe(200);
  expect((await made).body).toMatchObject({ error: { code: "dataset_not_found" } });
  expect(server.ctx.datasets.list()).toEqual([]);
  expect(readdirSync(join(server.home, "datasets"))).toEqual([]);
});

test("a next version whose files can't be had leaves nothing behind", async () => {
  const server = await serverAt();
  const { id } = await paste(server);
  const dataset = await untilSettled(server, id);
  rmSync(dataset.files[0]?.path ?? expect.unreachable());
  expect((await server.fetch(`/api/datasets/${id}/check`, { json: { mapping } })).status).toBeGreaterThanOrEqual(400);
  expect(readdirSync(join(server.home, "datasets"))).toEqual([id]);
});

test("work on data starts beside a training, two at a time", async () => {
  const server = await serverAt();
  const run = { ...server.ctx.runs.getOrThrow((await paste(server)).taskId) };
  const data = (name: string) => ({ ...run, name });
  const train = { ...run, spec: { ...run.spec, kind: "train" as const } as never, name: "t" };
  const names = (...args: Parameters<typeof nextToStart>) => nextToStart(...args).map(({ name }) => name);
  expect(names([data("a"), train, data("b"), data("c")], [])).toEqual(["t", "a", "b"]);
  expect(names([data("a"), train, data("b")], [train, data("x")])).toEqual(["a"]);
  expect(names([data("a")], [data("x"), data("y")])).toEqual([]);
});

/** What huggingface_hub leaves behind when it has fetched a data set. */
function cacheOf(server: TestServer, repo: string, files: Record<string, string>): void {
  const folder = join(server.home, "hub-cache", `datasets--${repo.replace("/", "--")}`);
  for (const part of ["refs", "snapshots/abc"]) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, "refs", "main"), "abc");
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "snapshots", "abc", name), text);
}

test("without the network a data set of the hub comes out of the cache, or is refused with the way out", async () => {
  const server = await serverAt();
  const before = { ...process.env };
  Object.assign(process.env, { HF_ENDPOINT: "http://127.0.0.1:9", HF_HUB_CACHE: join(server.home, "hub-cache"), HF_HUB_ETAG_TIMEOUT: "1" });
  try {
    const { body } = await createFrom(server, { source: { type: "hub", repo: "someone/data", subset: null, split: null, revision: null } });
    const away = await untilSettled(server, body.id);
    expect(away).toMatchObject({ status: "failed", files: [] });
    expect(server.ctx.runs.getOrThrow(away.taskId ?? expect.unreachable()).failure).toMatchObject({
      message: expect.stringContaining("can't be reached"),
      remedy: expect.stringContaining("upload them, or give their path"),
    });
    expect(readdirSync(join(server.home, "datasets"))).toEqual([]);
    cacheOf(server, "someone/data", { "train.jsonl": rows(2), "test.jsonl": rows(1), "data.py": "raise SystemExit" });
    const known = await createFrom(server, { source: { type: "hub", repo: "someone/data", subset: null, split: "train", revision: null } });
    expect(await untilSettled(server, known.body.id)).toMatchObject({
      name: "data train",
      source: "hub",
      files: [{ name: "train.jsonl", managed: true }],
    });
  } finally {
    for (const name of ["HF_ENDPOINT", "HF_HUB_CACHE", "HF_HUB_ETAG_TIMEOUT"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
});
