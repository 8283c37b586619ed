import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import type { RunId } from "../../lib/contract/ids";
import { SPEC_VERSION } from "../../lib/contract/worker-spec";
import { compose } from "../compose";
import { newRunId } from "../ids";
import { silentLog } from "../log";
import { createRunDirs } from "../stores/run-dir";
import { makeRun, rehearsalWork, untilEnded, untilStep } from "../testing/make-run";
import { makeHome, makeServer, type TestServer, testEnv } from "../testing/make-server";
import { rehearsalLauncher } from "../testing/rehearsal";
import { newRun } from "./new-run";

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.remove();
});
const serverAt = async (home: string): Promise<TestServer> => {
  const server = await makeServer({ home, abortSeconds: 1, graceSeconds: 1 });
  open.push(server);
  return server;
};

const stepsOf = async (server: TestServer, id: RunId) =>
  (await server.ctx.series.window(id, { names: ["loss"], fromStep: null, toStep: null, points: 20_000 })).series.loss?.step ?? [];
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

test("a run goes on while its server is killed with SIGKILL, and nothing of it is missing or double afterwards", async () => {
  const home = makeHome();
  const ctx = compose(testEnv(home), silentLog, { launcher: { start: async () => {} } });
  const first = seed(ctx, "steps=1");
  const id = seed(ctx, "steps=400 delay=0.015");
  ctx.db.close();
  const { child, untilStep: reaches } = await startProcess(home);
  await reaches(id, 50);
  child.kill("SIGKILL");
  await once(child, "exit");

  const server = await serverAt(home);
  expect(server.ctx.runs.getOrThrow(id).status).toBe("running");
  const run = await untilEnded(server, id);
  expect(run).toMatchObject({ status: "succeeded", step: 400, attempt: 1 });
  expect(await stepsOf(server, id)).toEqual(upTo(400));
  const seqs = readFileSync(server.ctx.runDirs.paths(id).events, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).seq);
  expect(run.seq).toBe(seqs.at(-1));
  expect(server.ctx.runs.getOrThrow(first).status).toBe("succeeded");
});

test("a run that ended while no server was there has its right end at the next start", async () => {
  const home = makeHome();
  const before = await makeServer({ home });
  const { id } = makeRun(before, "steps=60 delay=0.01");
  await untilStep(before, id, 5);
  await before.stop();
  const dirs = createRunDirs(home);
  await expect.poll(() => dirs.exit(id, 1), { timeout: 10_000 }).not.toBeNull();
  const server = await serverAt(home);
  expect(server.ctx.runs.getOrThrow(id)).toMatchObject({ status: "succeeded", step: 60 });
  expect(await stepsOf(server, id)).toEqual(upTo(60));
});

test("a start that was announced and not made is made after the restart, once", async () => {
  const home = makeHome();
  const env = testEnv(home);
  const ctx = compose(env, silentLog, { launcher: { start: async () => {} } });
  const id = seed(ctx, "steps=3");
  ctx.runs.move(id, ["queued"], "starting");
  ctx.db.close();
  const server = await serverAt(home);
  expect(await untilEnded(server, id)).toMatchObject({ status: "succeeded", attempt: 1 });
  expect(server.ctx.runs.moves(id).map(({ to }) => to)).toEqual(["starting", "queued", "starting", "running", "succeeded"]);
});

test("a process that has the number of a shim but another start is not taken for it, and is left alone", async () => {
  const home = makeHome();
  const other = spawn("sleep", ["60"]);
  const ctx = compose(testEnv(home), silentLog, { launcher: rehearsalLauncher(testEnv(home)) });
  const id = seed(ctx, "steps=3");
  ctx.runs.move(id, ["queued"], "starting");
  ctx.runs.move(id, ["starting"], "running");
  const paths = ctx.runDirs.paths(id).attempt(1);
  writeFileSync(paths.claim, "");
  const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  writeFileSync(paths.pid, JSON.stringify({ shim: { pid: other.pid, startTicks: 1 }, worker: null, bootId }));
  ctx.db.close();
  const server = await serverAt(home);
  const run = await untilEnded(server, id);
  expect(run).toMatchObject({ status: "lost", failure: { code: "worker_vanished" } });
  expect(other.exitCode ?? other.signalCode).toBeNull();
  other.kill();
});

test("a shim that was killed between its claim and its first word leaves a failed start, not a run that starts for ever", async () => {
  const home = makeHome();
  let ahead = 0;
  const ctx = compose(testEnv(home), silentLog, {
    launcher: { start: async () => {} },
    clock: { now: () => Date.now() + ahead },
  });
  const id = seed(ctx, "steps=1");
  ctx.runs.move(id, ["queued"], "starting");
  writeFileSync(ctx.runDirs.paths(id).attempt(1).claim, "");
  await ctx.tasks.recover();
  expect(ctx.runs.getOrThrow(id).status).toBe("starting");
  ahead = 61_000;
  const run = await untilEnded({ ctx }, id);
  expect(run).toMatchObject({ status: "failed", failure: { code: "start_failed" } });
  await ctx.tasks.close();
  ctx.db.close();
  rmSync(home, { recursive: true, force: true });
});

test("a deletion that was cut off by the server's end is finished or undone at the next start; other folders are left alone", async () => {
  const home = makeHome();
  const ctx = compose(testEnv(home), silentLog, { launcher: rehearsalLauncher(testEnv(home)) });
  const [undecided, decided, unknown] = [seed(ctx, "steps=1"), seed(ctx, "steps=1"), seed(ctx, "steps=1")];
  for (const id of [undecided, decided]) ctx.runs.move(id, ["queued"], "stopped");
  ctx.runs.remove(unknown);
  ctx.runDirs.setAside(undecided);
  ctx.runDirs.setAside(decided);
  ctx.runs.remove(decided);
  ctx.db.close();
  const server = await serverAt(home);
  expect(server.ctx.runDirs.spec(undecided, 1)?.runId).toBe(undecided);
  // Files without a row may be what is left of a lost database: only what was being deleted goes.
  expect(readdirSync(join(home, "runs")).sort()).toEqual([undecided, unknown].sort());
});

/** A queued run written to the home by hand, as a server that died right after the commit leaves it. */
function seed(ctx: ReturnType<typeof compose>, name: string): RunId {
  const runId = newRunId();
  const work = rehearsalWork(name);
  ctx.runDirs.prepare({ specVersion: SPEC_VERSION, runId, attempt: 1, token: `${runId}-token-of-a-test`, device: "auto", ...work });
  ctx.runs.insert(newRun({ runId, work, labels: { model: "demo", data: null } }, Date.now()));
  return runId;
}

async function startProcess(home: string) {
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", "server/testing/rehearsal-server.ts"], {
    env: { ...process.env, TUNEBOARD_HOME: home, TUNEBOARD_PORT: "0", TUNEBOARD_NEXT_PORT: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (!child.stdout) throw new Error("no stdout");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const { url, token } = JSON.parse(line.replace("TUNEBOARD_READY ", ""));
  const request = async (path: string) => (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).json();
  return {
    child,
    request,
    untilStep: (id: RunId, step: number) =>
      expect.poll(async () => (await request(`/api/runs/${id}`)).step, { timeout: 15_000, interval: 20 }).toBeGreaterThanOrEqual(step),
  };
}
