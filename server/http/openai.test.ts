import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ChatModelInfo } from "../../lib/contract/api";
import type { RunId } from "../../lib/contract/ids";
import { isEnded } from "../../lib/domain/run-status";
import { compose } from "../compose";
import type { ServerContext } from "../context";
import { createLocalLauncher } from "../launchers/local";
import { silentLog } from "../log";
import { type Running, serve } from "../serve";
import { addModel } from "../services/models/add";
import { sendSignal } from "../stores/process-probe";
import { makeModelFolder } from "../testing/make-model";
import { makeHome, testEnv } from "../testing/make-server";

let ctx: ServerContext;
let running: Running;
const home = makeHome();

beforeAll(async () => {
  const env = { ...testEnv(home), modelRoots: [home] };
  const program = join(env.root, "server", "testing", "chat-rehearsal.py");
  const command = ({ runDir, attempt }: { runDir: string; attempt: number }) => [env.python, program, runDir, String(attempt)];
  ctx = compose(env, silentLog, { launcher: createLocalLauncher({ ...env, variables: process.env, command }) });
  running = await serve(ctx);
  for (const name of ["one", "two", "three", "fails"])
    await addModel(ctx, { type: "folder", path: makeModelFolder(join(home, name)), trustRemoteCode: false });
});
afterAll(async () => {
  for (const { id } of chats()) await leave(id);
  await running.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});

const chats = () => ctx.runs.withStatus("queued", "starting", "running", "stopping");
const leave = (id: RunId) => {
  ctx.tasks.stop(id, "abort");
  return ctx.tasks.waitFor(id, (run) => isEnded(run.status), 25_000);
};

const send = (path: string, init: RequestInit = {}) =>
  fetch(running.url + path, {
    ...init,
    headers: { authorization: `Bearer ${ctx.session.token}`, "content-type": "application/json", ...init.headers },
  });
const ask = (model: string, content: string, more: object = {}, signal?: AbortSignal) =>
  send("/v1/chat/completions", { method: "POST", body: JSON.stringify({ model, messages: [{ role: "user", content }], ...more }), signal });
const workers = async () => {
  const { models }: { models: ChatModelInfo[] } = await (await send("/api/chat/models")).json();
  return Object.fromEntries(models.map((model) => [model.id, model.worker]));
};

test("a question starts a worker and gets its answer", async () => {
  expect(await (await ask("one", "good morning")).json()).toMatchObject({ choices: [{ message: { content: "good morning " } }] });
  expect(await workers()).toMatchObject({ one: { status: "ready" }, two: null });
});

test("an answer is streamed as it comes", async () => {
  const response = await ask("one", "a b", { stream: true });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const data = (await response.text()).split("\n\n").filter((event) => event.startsWith("data: "));
  expect(data).toEqual([
    'data: {"choices": [{"delta": {"content": "a "}}]}',
    'data: {"choices": [{"delta": {"content": "b "}}]}',
    "data: [DONE]",
  ]);
});

test("two questions at once share one worker", async () => {
  await Promise.all([ask("two", "x"), ask("two", "y")]);
  expect(chats().filter((run) => run.labels.model === "two")).toHaveLength(1);
});

test("when the asker leaves, the worker stops answering", async () => {
  const leaving = new AbortController();
  const response = await ask("one", "endless", { stream: true }, leaving.signal);
  const reader = response.body?.getReader();
  while (!new TextDecoder().decode((await reader?.read())?.value).includes("again"));
  const [worker] = chats().filter((run) => run.labels.model === "one");
  leaving.abort();
  const told = await ctx.tasks.waitFor(worker?.id ?? missing(), (run) => run.warnings.length > 0, 20_000);
  expect(told.warnings[0]?.code).toBe("asker_left");
});

test("a third model takes the place of the one that was not used for longest, never of one in mid-answer", async () => {
  await ask("one", "hello");
  await ask("two", "hello");
  const leaving = new AbortController();
  const streams = [];
  for (const model of ["one", "two"]) streams.push(await ask(model, "endless", { stream: true }, leaving.signal));
  const busy = await ask("three", "hello");
  expect(busy.status).toBe(503);
  expect(await busy.json()).toMatchObject({ error: { code: "chat_worker_busy", type: "server_error" } });

  await streams[0]?.body?.cancel();
  const [one] = chats().filter((run) => run.labels.model === "one");
  await ctx.tasks.waitFor(one?.id ?? missing(), (run) => run.warnings.some(({ code }) => code === "asker_left"), 20_000);
  expect((await ask("three", "hello")).status).toBe(200);
  expect(await workers()).toMatchObject({ one: null, two: { status: "ready" }, three: { status: "ready" } });
  leaving.abort();
});

test("a worker that can't load says why, as an answer and as an event", async () => {
  const whole = await ask("fails", "hello");
  expect(whole.status).toBe(502);
  const sentence = "The weights do not fit the configuration. Download the model again.";
  expect(await whole.json()).toMatchObject({ error: { code: "chat_worker_failed", message: expect.stringContaining(sentence) } });
  expect(await (await ask("fails", "hello", { stream: true })).text()).toContain(sentence);
});

test("a worker that is killed in mid-answer ends the stream with an error, and the next question is answered by a new one", async () => {
  const response = await ask("one", "endless", { stream: true });
  const reader = response.body?.getReader() ?? missing();
  while (!new TextDecoder().decode((await reader.read()).value).includes("again"));
  const worker = chats().find((run) => run.labels.model === "one") ?? missing();
  sendSignal(ctx.runDirs.pid(worker.id, 1)?.worker?.pid ?? missing(), "SIGKILL");
  const next = ask("one", "still there");
  let rest = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) rest += new TextDecoder().decode(piece.value);
  const [error, done] = rest.trimEnd().split("\n\n").slice(-2);
  expect(JSON.parse(error?.slice("data: ".length) ?? "")).toMatchObject({ error: { code: "chat_worker_failed", type: "server_error" } });
  expect(done).toBe("data: [DONE]");
  expect((await next).status).toBe(200);
  expect(await (await next).json()).toMatchObject({ choices: [{ message: { content: "still there " } }] });
  await expect.poll(() => ctx.runs.find(worker.id)?.status ?? "gone").not.toBe("running");
});

test("unloading frees the worker, and its folder goes with the next start", async () => {
  await send("/api/chat/warm", { method: "POST", body: JSON.stringify({ model: "one" }) });
  const id = (await workers()).one?.runId ?? missing();
  await ctx.tasks.waitFor(id, (run) => run.ready, 20_000);
  expect((await send("/api/chat/unload", { method: "POST", body: JSON.stringify({ model: "one" }) })).status).toBe(200);
  expect((await workers()).one).toBeNull();
  await ask("one", "hello");
  expect(ctx.runs.find(id)).toBeNull();
  await vi.waitFor(() => expect(existsSync(join(home, "runs", id))).toBe(false));
});

test("chats are not listed among the training runs", async () => {
  expect(await (await send("/api/runs")).json()).toEqual({ runs: [] });
});

test("a wrong request names its fields in OpenAI's shape", async () => {
  const response = await ask("one", "hello", { temperature: 9, max_tokens: 0 });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { type: "invalid_request_error", param: "temperature", fields: [{ path: "temperature" }, { path: "max_tokens" }] },
  });
  expect((await ask("nobody", "hello")).status).toBe(404);
  expect((await send("/v1/models", { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
});

test("bottomless nesting is refused before a worker sees it", async () => {
  const body = `{"model":"one","messages":[{"role":"user","content":"hi"}],"metadata":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
  const response = await send("/v1/chat/completions", { method: "POST", body });
  expect([response.status, (await response.json()).error.code]).toEqual([400, "bad_request"]);
});

test("messages in parts are joined", async () => {
  const body = {
    model: "one",
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "in " },
          { type: "text", text: "parts" },
        ],
      },
    ],
  };
  const response = await send("/v1/chat/completions", { method: "POST", body: JSON.stringify(body) });
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: "in parts " } }] });
});

function missing(): never {
  throw new Error("there is no such worker");
}
