import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findByEnvironment, isAlive, sendSignal } from "../stores/process-probe";
import { makeRun, rehearsalWork, untilEnded, untilStep } from "../testing/make-run";
import { makeServer, type TestServer } from "../testing/make-server";

let server: TestServer;
beforeEach(async () => {
  server = await makeServer({ abortSeconds: 1, stopSeconds: 1, graceSeconds: 1 });
});
afterEach(() => server.remove());

const pidsOf = (id: Parameters<typeof server.ctx.runDirs.pid>[0]) => {
  const pids = server.ctx.runDirs.pid(id, 1);
  if (!pids?.worker) throw new Error("no worker yet");
  return { shim: pids.shim, worker: pids.worker };
};

describe("a run ends as", () => {
  test("succeeded when its worker has finished", async () => {
    const run = await untilEnded(server, makeRun(server, "steps=30").id);
    expect(run).toMatchObject({ status: "succeeded", step: 30, failure: null, attempt: 1 });
    expect(server.ctx.runs.moves(run.id).map(({ to }) => to)).toEqual(["starting", "running", "succeeded"]);
    const { series } = await server.ctx.series.window(run.id, { names: ["loss"], fromStep: null, toStep: null, points: 100 });
    expect(series.loss?.step).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  });

  test("failed with the worker's own words", async () => {
    const run = await untilEnded(server, makeRun(server, "steps=2 end=fail").id);
    expect(run.status).toBe("failed");
    expect(run.failure).toMatchObject({ code: "data_invalid", message: "Row 3 has no answer.", exitCode: 1 });
  });

  test("failed when its worker leaves without a word", async () => {
    const run = await untilEnded(server, makeRun(server, "steps=2 end=vanish").id);
    expect(run).toMatchObject({ status: "failed", failure: { code: "unknown", exitCode: 3 } });
  });

  test("failed as killed when something outside kills its worker", async () => {
    const run = await untilEnded(server, makeRun(server, "steps=2 end=kill").id);
    expect(run).toMatchObject({ status: "failed", failure: { code: "killed", signal: 9 } });
  });

  test("lost when its shim is killed, and nothing of it stays alive", async () => {
    const { id } = makeRun(server, "steps=100000 delay=0.01 child=1");
    await untilStep(server, id, 2);
    const { shim, worker } = pidsOf(id);
    sendSignal(shim.pid, "SIGKILL");
    const run = await untilEnded(server, id);
    expect(run).toMatchObject({ status: "lost", failure: { code: "worker_vanished" } });
    await expect.poll(() => isAlive(worker)).toBe(false);
    // The shim itself leaves a moment after its record.
    await expect.poll(() => findByEnvironment("TUNEBOARD_RUN_DIR", server.ctx.runDirs.paths(id).dir)).toEqual([]);
  });
});

describe("a stop", () => {
  test("lets a worker that listens save and leave", async () => {
    const { id } = makeRun(server, "steps=100000 delay=0.01");
    await untilStep(server, id, 3);
    expect(server.ctx.tasks.stop(id, "stop")).toMatchObject({ status: "stopping", stopRequest: "stop" });
    const run = await untilEnded(server, id);
    expect(run.status).toBe("stopped");
    expect(run.checkpoints.map(({ reason }) => reason)).toEqual(["stop"]);
  });

  test("ends a worker that does not listen, and says how", async () => {
    const { id } = makeRun(server, "steps=100000 delay=0.01 deaf=1 child=1");
    await untilStep(server, id, 3);
    server.ctx.tasks.stop(id, "abort");
    const run = await untilEnded(server, id);
    expect(run.status).toBe("stopped");
    expect(run.warnings.map(({ code }) => code)).toContain("stop_escalated");
    // The shim itself leaves a moment after its record.
    await expect.poll(() => findByEnvironment("TUNEBOARD_RUN_DIR", server.ctx.runDirs.paths(id).dir)).toEqual([]);
  });

  test("of a queued run never starts it", async () => {
    const first = makeRun(server, "steps=100000 delay=0.01");
    const second = makeRun(server, "steps=1");
    await untilStep(server, first.id, 1);
    expect(server.ctx.runs.getOrThrow(second.id)).toMatchObject({ status: "queued", queuePosition: 1 });
    expect(server.ctx.tasks.stop(second.id, "abort").status).toBe("stopped");
    server.ctx.tasks.stop(first.id, "abort");
    await untilEnded(server, first.id);
    expect(server.ctx.runs.moves(second.id).map(({ to }) => to)).toEqual(["stopped"]);
  });

  test("of a run that is being started reaches it", async () => {
    const { id } = makeRun(server, "steps=100000 delay=0.01 start=0.5");
    await server.ctx.tasks.waitFor(id, (run) => run.status === "starting", 5000);
    server.ctx.tasks.stop(id, "abort");
    expect((await untilEnded(server, id)).status).toBe("stopped");
  });
});

test("trainings run one after the other, in the order of asking", async () => {
  const ids = ["a", "b", "c"].map((name) => makeRun(server, `${name} steps=3`).id);
  const runs = await Promise.all(ids.map((id) => untilEnded(server, id)));
  const starts = runs.map(({ id }) => server.ctx.runs.moves(id)[0]?.at ?? 0);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  expect(starts[1]).toBeGreaterThanOrEqual(runs[0]?.endedAt ?? Number.POSITIVE_INFINITY);
});

test("a resumed run goes on from its checkpoint as a new attempt, without a hole or a double point", async () => {
  const { id } = makeRun(server, "steps=20 save=5 end=vanish");
  const failed = await untilEnded(server, id);
  expect(failed.status).toBe("failed");
  server.ctx.tasks.again(id, rehearsalWork("steps=30", `${server.ctx.runDirs.paths(id).checkpoints}/checkpoint-15`));
  const run = await untilEnded(server, id);
  expect(run).toMatchObject({ status: "succeeded", attempt: 2, failure: null, step: 30 });
  const { series } = await server.ctx.series.window(id, { names: ["loss"], fromStep: null, toStep: null, points: 100 });
  expect(series.loss?.step).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
});

test("a trainer that can't be started fails the run with the reason", async () => {
  const broken = await makeServer({ python: "/nowhere/python" });
  const run = await untilEnded(broken, makeRun(broken).id);
  expect(run).toMatchObject({ status: "failed", failure: { code: "start_failed" } });
  expect(run.failure?.message).toContain("/nowhere/python");
  await broken.remove();
});
