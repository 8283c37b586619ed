import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { io, type Socket } from "socket.io-client";
import { afterEach, expect, test } from "vitest";
import { RunId } from "../contract/ids";
import type { Run } from "../contract/run";
import type { ClientToServer, RunBatch, ServerToClient, SubscribeRun, SubscribeRunAnswer } from "../contract/socket";
import { followRun, type LiveState } from "./live";
import { createSeriesStore } from "./series-store";

const runId = RunId.parse("run_0123456789ab");
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const makeRun = (seq: number): Run => ({
  id: runId,
  name: "first",
  spec: { kind: "chat", name: "first", target: { type: "export", runId }, idleSeconds: 60 },
  labels: { model: "demo", data: null },
  status: "running",
  attempt: 1,
  createdAt: 0,
  startedAt: 0,
  endedAt: null,
  stopRequest: null,
  queuePosition: null,
  seq,
  lastEventAt: null,
  phase: null,
  plan: null,
  step: 0,
  epoch: 0,
  tokens: 0,
  seconds: 0,
  stepsPerSecond: null,
  last: {},
  nonFinite: {},
  bestEval: null,
  spark: { stride: 1, values: [], pending: [] },
  checkpoints: [],
  artifact: null,
  progress: null,
  ready: false,
  rssBytes: null,
  warnings: [],
  failure: null,
  summary: null,
});

const columns = (seqs: number[]) => ({
  seq: seqs,
  step: seqs,
  t: seqs,
  tokens: seqs,
  epoch: seqs.map(() => 0),
  values: { loss: seqs.map((seq) => 100 - seq) },
});
const batch = (fromSeq: number, seqs: number[]): RunBatch => ({
  runId,
  fromSeq,
  seq: seqs.at(-1) ?? fromSeq,
  run: null,
  columns: columns(seqs),
  rewinds: [],
});
const snapshotUpTo = (seq: number): SubscribeRunAnswer => {
  const seqs = Array.from({ length: seq }, (_, i) => i + 1);
  const values = seqs.map((s) => 100 - s);
  const points = { bucket: 1, step: seqs, t: seqs, tokens: seqs, mean: values, min: values, max: values, nonFinite: [], total: seq };
  return { kind: "snapshot", run: makeRun(seq), window: { runId, seq, series: { loss: points } } };
};

/** A real socket.io server whose answers the test decides, and a browser's side that follows a run over it. */
async function makeWorld(answerTo: (input: SubscribeRun) => SubscribeRunAnswer) {
  const http = createServer();
  const server = new Server<ClientToServer, ServerToClient>(http, { transports: ["websocket"] });
  const asked: SubscribeRun[] = [];
  server.on("connection", (socket) => {
    socket.on("run:subscribe", (input, answer) => {
      asked.push(input);
      answer(answerTo(input));
      server.emit("runs:changed", { upserts: [], removed: [] });
    });
    socket.on("run:unsubscribe", () => server.emit("runs:changed", { upserts: [], removed: [runId] }));
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  const socket: Socket<ServerToClient, ClientToServer> = io(`http://127.0.0.1:${port}`, {
    transports: ["websocket"],
    reconnectionDelay: 10,
  });
  const store = createSeriesStore((callback) => queueMicrotask(callback));
  const runs: Run[] = [];
  const states: LiveState["name"][] = [];
  const live = followRun({ socket, runId, store, onRun: (run) => runs.push(run), onState: (state) => states.push(state.name) });
  closers.push(() => {
    live.stop();
    socket.disconnect();
    server.close();
  });
  /** Messages keep their order, so whatever was sent before has been handled when this one arrives. */
  const settled = () => new Promise<void>((resolve) => socket.once("runs:changed", () => resolve()));
  const send = async (message: RunBatch) => {
    server.emit("run:batch", message);
    const done = settled();
    server.emit("runs:changed", { upserts: [], removed: [] });
    await done;
  };
  const dropConnection = () => {
    for (const connection of server.sockets.sockets.values()) connection.conn.close();
  };
  const steps = () => {
    const curve = store.curve("loss");
    return curve === undefined ? [] : [...curve.step.subarray(0, curve.length)];
  };
  await settled();
  return { asked, store, runs, states, live, send, settled, dropConnection, steps };
}

test("a page that opens a run gets a snapshot, then the rows as they come", async () => {
  const world = await makeWorld(() => snapshotUpTo(3));
  await world.send(batch(3, [4, 5]));
  expect(world.steps()).toEqual([1, 2, 3, 4, 5]);
  expect(world.asked[0]?.after).toBe(-1);
  expect(world.states.at(-1)).toBe("live");
  expect(world.runs.at(-1)?.seq).toBe(3);
});

test("the same message twice changes nothing", async () => {
  const world = await makeWorld(() => snapshotUpTo(3));
  await world.send(batch(3, [4]));
  await world.send(batch(3, [4]));
  expect(world.steps()).toEqual([1, 2, 3, 4]);
  expect(world.asked).toHaveLength(1);
});

test("a gap leads to a new subscription from the last event held", async () => {
  const world = await makeWorld((input) =>
    input.after === -1 ? snapshotUpTo(3) : { kind: "rows", run: makeRun(7), seq: 7, columns: columns([4, 5, 6, 7]) },
  );
  await world.send(batch(6, [7]));
  if (world.steps().length < 7) await world.settled();
  expect(world.asked.map((input) => input.after)).toEqual([-1, 3]);
  expect(world.steps()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("after a lost connection it goes on from the last event held", async () => {
  const world = await makeWorld((input) =>
    input.after === -1 ? snapshotUpTo(3) : { kind: "rows", run: makeRun(5), seq: 5, columns: columns([4, 5]) },
  );
  const again = world.settled();
  world.dropConnection();
  await again;
  expect(world.asked.map((input) => input.after)).toEqual([-1, 3]);
  expect(world.steps()).toEqual([1, 2, 3, 4, 5]);
  expect(world.states).toContain("reconnecting");
  expect(world.states.at(-1)).toBe("live");
});

test("a server that restarted and answers with a snapshot replaces what was held", async () => {
  let restarted = false;
  const world = await makeWorld(() => snapshotUpTo(restarted ? 2 : 4));
  restarted = true;
  const again = world.settled();
  world.dropConnection();
  await again;
  expect(world.steps()).toEqual([1, 2]);
});

test("a hidden page leaves, and asks for what it missed when it is shown", async () => {
  const world = await makeWorld((input) =>
    input.after === -1 ? snapshotUpTo(3) : { kind: "rows", run: makeRun(4), seq: 4, columns: columns([4]) },
  );
  const left = world.settled();
  world.live.setPaused(true);
  await left;
  await world.send(batch(3, [4]));
  expect(world.steps()).toEqual([1, 2, 3]);
  const back = world.settled();
  world.live.setPaused(false);
  await back;
  expect(world.steps()).toEqual([1, 2, 3, 4]);
});

test("a run that does not exist is told as refused", async () => {
  const world = await makeWorld(() => ({ kind: "refused", code: "run_not_found", message: "No such run." }));
  expect(world.states.at(-1)).toBe("refused");
});
