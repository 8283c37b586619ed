import { afterEach, beforeEach, expect, test } from "vitest";
import type { TaskEvent } from "../../lib/contract/event";
import type { Run } from "../../lib/contract/run";
import type { RunBatch } from "../../lib/contract/socket";
import { makeRun, untilEnded } from "../testing/make-run";
import { makeServer, type TestServer, type TestSocket } from "../testing/make-server";

let server: TestServer;
beforeEach(async () => {
  server = await makeServer();
});
afterEach(() => server.remove());

test("a browser that stops reading costs bounded memory, holds nobody up, and is told to catch up when it reads again", async () => {
  const run = await untilEnded(server, makeRun(server, "steps=2").id);
  const [stalled, healthy] = [await join(run), await join(run)];
  const batches = { stalled: [] as RunBatch[], healthy: [] as RunBatch[] };
  stalled.on("run:batch", (batch) => batches.stalled.push(batch));
  healthy.on("run:batch", (batch) => batches.healthy.push(batch));

  connectionOf(stalled).pause();
  let seq = run.seq;
  const tell = async () => {
    const wanted = batches.healthy.length + 1;
    server.ctx.bus.emit("events", {
      runId: run.id,
      fromSeq: seq,
      seq: seq + 1,
      events: [wideEvent(seq + 1)],
      run: { ...run, seq: seq + 1 },
    });
    seq += 1;
    await expect.poll(() => batches.healthy.length, { timeout: 5000, interval: 5 }).toBeGreaterThanOrEqual(wanted);
  };
  // Forty megabytes: more than the kernel takes for a connection that is not read.
  for (let i = 0; i < 40; i++) await tell();
  expect(batches.healthy.flatMap((batch) => batch.columns?.seq ?? [])).toEqual(Array.from({ length: 40 }, (_, i) => run.seq + 1 + i));
  const isSlow = () => (server.io.of("/").adapter.rooms.get("slow")?.size ?? 0) === 1;
  expect(isSlow()).toBe(true);

  connectionOf(stalled).resume();
  await expect.poll(isSlow, { timeout: 10_000 }).toBe(false);
  await tell();
  // A batch that does not join on makes the browser subscribe again.
  await expect.poll(() => hasGap(batches.stalled, run.seq), { timeout: 10_000 }).toBe(true);
  expect(batches.stalled.length).toBeLessThan(30);
});

async function join(run: Run): Promise<TestSocket> {
  const socket = server.connect();
  await socket.emitWithAck("run:subscribe", { runId: run.id, after: -1, points: 100 });
  return socket;
}

/** About a megabyte. */
const wideEvent = (seq: number): TaskEvent => ({
  seq,
  t: seq,
  type: "metric",
  step: seq,
  epoch: 0,
  tokens: 0,
  seconds: seq,
  values: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${"metric".repeat(1700)}${i}`, i])),
});

function hasGap(batches: RunBatch[], start: number): boolean {
  let seq = start;
  for (const batch of batches) {
    if (batch.fromSeq > seq) return true;
    seq = Math.max(seq, batch.seq);
  }
  return false;
}

type Connection = { pause(): void; resume(): void };
// The test stops reading below the library: only its own websocket knows how.
const connectionOf = (socket: TestSocket): Connection => Reflect.get(socket.io.engine.transport, "ws")._socket as Connection;
