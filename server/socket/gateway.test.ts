import { afterEach, beforeEach, expect, test } from "vitest";
import { DatasetId, ModelId, type RunId } from "../../lib/contract/ids";
import type { DataSpec } from "../../lib/contract/job-spec";
import type { Run } from "../../lib/contract/run";
import type { RunBatch, SubscribeRunAnswer } from "../../lib/contract/socket";
import { newRunId } from "../ids";
import { makeRun, untilEnded, untilStep } from "../testing/make-run";
import { makeServer, type TestServer, type TestSocket } from "../testing/make-server";

let server: TestServer;
beforeEach(async () => {
  server = await makeServer();
});
afterEach(() => server.remove());

const subscribe = (socket: TestSocket, runId: RunId, after: number): Promise<SubscribeRunAnswer> =>
  socket.emitWithAck("run:subscribe", { runId, after, points: 2000 });

const stepsIn = (answer: SubscribeRunAnswer): number[] => {
  if (answer.kind === "snapshot") return answer.window.series.loss?.step ?? [];
  return answer.kind === "rows" ? answer.columns.step : [];
};
const seqOf = (answer: SubscribeRunAnswer): number =>
  answer.kind === "snapshot" ? answer.window.seq : answer.kind === "rows" ? answer.seq : -1;
const modelId = ModelId.parse("mod_000000000000");
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

/** A browser in a few lines: takes what joins on to what it has, and says where it does not. */
function follow(socket: TestSocket, runId: RunId) {
  const state = { seq: -1, steps: [] as number[], run: null as Run | null, gaps: 0 };
  socket.on("run:batch", (batch: RunBatch) => {
    if (batch.runId !== runId || state.seq < 0) return;
    if (batch.fromSeq > state.seq) state.gaps += 1;
    batch.columns?.seq.forEach((seq, i) => {
      if (seq > state.seq) state.steps.push(batch.columns?.step[i] ?? -1);
    });
    state.seq = Math.max(state.seq, batch.seq);
    if (batch.run) state.run = batch.run;
  });
  return {
    state,
    /** Taken as it comes, like a browser does: with a promise the next batch may be read before the answer is. */
    subscribe: () =>
      new Promise<SubscribeRunAnswer["kind"]>((resolve) => {
        socket.emit("run:subscribe", { runId, after: state.seq, points: 2000 }, (answer) => {
          if (answer.kind === "snapshot") state.steps = [];
          state.steps.push(...stepsIn(answer));
          state.seq = seqOf(answer);
          resolve(answer.kind);
        });
      }),
  };
}

test("a snapshot and the batches after it make the whole curve, without gap or double point", async () => {
  const { id } = makeRun(server, "steps=300 delay=0.004");
  await untilStep(server, id, 20);
  const follower = follow(server.connect(), id);
  expect(await follower.subscribe()).toBe("snapshot");
  await untilEnded(server, id);
  await expect.poll(() => follower.state.run?.status).toBe("succeeded");
  expect(follower.state.steps).toEqual(upTo(300));
  expect(follower.state.gaps).toBe(0);
});

test("a socket that was away goes on by the number of its last event", async () => {
  const { id } = makeRun(server, "steps=200 delay=0.005");
  await untilStep(server, id, 10);
  const first = server.connect();
  const before = await subscribe(first, id, -1);
  first.close();
  await untilStep(server, id, stepsIn(before).length + 20);
  const again = await subscribe(server.connect(), id, seqOf(before));
  expect(again.kind).toBe("rows");
  const joined = [...stepsIn(before), ...stepsIn(again)];
  expect(joined).toEqual(upTo(joined.length));
  expect(joined.length).toBeGreaterThan(stepsIn(before).length + 19);
});

test("a number that the run does not have yet, or has lost by a rewind, is answered by a snapshot", async () => {
  const { id } = makeRun(server, "steps=5");
  await untilEnded(server, id);
  expect((await subscribe(server.connect(), id, 100_000)).kind).toBe("snapshot");
});

test("an unknown run and a bad subscription are refused in words", async () => {
  const socket = server.connect();
  expect(await subscribe(socket, "run_000000000000" as RunId, -1)).toMatchObject({ kind: "refused", code: "run_not_found" });
  expect(await socket.emitWithAck("run:subscribe", { runId: "../etc" as RunId, after: -1, points: 10 })).toMatchObject({
    kind: "refused",
    code: "bad_request",
  });
});

test("everybody hears of changed and removed runs", async () => {
  const socket = server.connect();
  const heard: string[] = [];
  const removed: string[] = [];
  socket.on("runs:changed", (change) => {
    heard.push(...change.upserts.map((run) => run.status));
    removed.push(...change.removed);
  });
  await new Promise<void>((resolve) => socket.on("connect", () => resolve()));
  const { id } = makeRun(server, "steps=3");
  await untilEnded(server, id);
  await expect.poll(() => heard).toContain("succeeded");
  expect((await server.fetch(`/api/runs/${id}`, { method: "DELETE" })).status).toBe(200);
  await expect.poll(() => removed).toEqual([id]);
});

test("the log comes by byte offsets and joins on to what was read, over a rotation", async () => {
  const { id } = makeRun(server, "steps=30 delay=0.05 chatter=400000");
  await untilStep(server, id, 2);
  const socket = server.connect();
  let text = "";
  let at = 0;
  const appends: { from: number; text: string }[] = [];
  socket.on("log:append", (append) => appends.push(append));
  const first = await socket.emitWithAck("log:subscribe", { runId: id, from: 0 });
  for (const { from, text: part } of [first, ...appends]) {
    expect(from).toBe(at);
    text += part;
    at = from + Buffer.byteLength(part);
  }
  expect(text.startsWith("rehearsal begins\néé")).toBe(true);
  await untilEnded(server, id);
  const slice = await (await server.fetch(`/api/runs/${id}/log?limit=1000`)).json();
  expect(slice.size).toBe("rehearsal begins\n".length + 30 * (2 * 400_000 + 1));
  expect(slice.to).toBe(slice.size);
  expect(slice.text.endsWith("éé\n")).toBe(true);
  const oldest = await (await server.fetch(`/api/runs/${id}/log?from=0&limit=1000`)).json();
  expect(oldest.from).toBeGreaterThan(0);
});

test("devices are told while somebody listens, and how many trainings wait or run; a check of rows is none", async () => {
  const ended = await untilEnded(server, makeRun(server, "steps=1").id);
  const check: DataSpec = {
    kind: "data",
    name: "check",
    datasetId: DatasetId.parse("ds_000000000000"),
    task: { type: "measure", modelId },
  };
  server.ctx.runs.insert({ ...ended, id: newRunId(), status: "running", spec: check });
  server.ctx.runs.insert({ ...ended, id: newRunId(), status: "running" });
  const change = await new Promise<{ running: number }>((resolve) => server.connect().on("devices:changed", resolve));
  expect(change).toMatchObject({ queued: 0, running: 1 });
});

test("points do not wait for the row, which goes out four times a second only", async () => {
  const { id } = makeRun(server, "steps=1");
  const run = await untilEnded(server, id);
  const socket = server.connect();
  await subscribe(socket, id, -1);
  const came = new Map<number, RunBatch>();
  socket.on("run:batch", (batch: RunBatch) => came.set(batch.seq, batch));
  let seq = run.seq;
  const tell = async (): Promise<RunBatch | undefined> => {
    const event = { type: "metric" as const, seq: ++seq, t: 0, step: seq, epoch: 0, tokens: 0, seconds: 0, values: { loss: 1 } };
    server.ctx.bus.emit("events", { runId: id, fromSeq: seq - 1, seq, events: [event], run: { ...run, seq, endedAt: null } });
    const sent = seq;
    await expect.poll(() => came.has(sent)).toBe(true);
    return came.get(sent);
  };
  // A machine that stands still lets the row catch up with the points: it has several tries to send two in a row without it.
  const rows: (Run | null | undefined)[] = [];
  for (let round = 0; round < 15; round++) rows.push((await tell())?.run);
  expect(rows.some((row, i) => row === null && rows[i + 1] === null)).toBe(true);
});
