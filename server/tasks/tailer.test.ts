import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compose } from "../compose";
import type { ServerContext } from "../context";
import { newRunId } from "../ids";
import { silentLog } from "../log";
import { rehearsalWork } from "../testing/make-run";
import { makeHome, testEnv } from "../testing/make-server";
import { newRun } from "./new-run";
import { recordLines } from "./recorder";
import { createTail } from "./tailer";

let home: string;
let path: string;
beforeEach(() => {
  home = makeHome();
  path = join(home, "events.jsonl");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function tailOf(file: string, offset = 0) {
  const lines: string[] = [];
  const ends: number[] = [];
  const tail = createTail({
    path: file,
    offset,
    onLines: (some, end) => {
      lines.push(...some);
      ends.push(end);
    },
  });
  return { tail, lines, ends };
}

test("half a line waits for its other half", async () => {
  const { tail, lines, ends } = tailOf(path);
  await tail.drain();
  writeFileSync(path, '{"a":1}\n{"b"');
  await tail.drain();
  expect(lines).toEqual(['{"a":1}']);
  appendFileSync(path, ":2}\n");
  await tail.drain();
  expect(lines).toEqual(['{"a":1}', '{"b":2}']);
  expect(ends).toEqual([8, 16]);
});

test("a line longer than a slice is taken whole, and letters of several bytes stay whole", async () => {
  const long = "é".repeat(1_500_000);
  writeFileSync(path, `x\n${long}\ny\n`);
  const { tail, lines } = tailOf(path);
  await tail.drain();
  expect(lines).toEqual(["x", long, "y"]);
});

test("a file that became shorter is read from its beginning", async () => {
  writeFileSync(path, "one\ntwo\n");
  const { tail, lines } = tailOf(path);
  await tail.drain();
  writeFileSync(path, "new\n");
  await tail.drain();
  expect(lines).toEqual(["one", "two", "new"]);
});

test("many drains at once take each line once", async () => {
  writeFileSync(path, "a\nb\n");
  const { tail, lines } = tailOf(path);
  const drains = [tail.drain(), tail.drain()];
  appendFileSync(path, "c\n");
  await Promise.all([...drains, tail.drain()]);
  expect(lines).toEqual(["a", "b", "c"]);
});

function makeRecording(): { ctx: ServerContext; runId: ReturnType<typeof newRunId> } {
  const ctx = compose(testEnv(home), silentLog);
  const runId = newRunId();
  ctx.runs.insert(newRun({ runId, work: rehearsalWork("recorded"), labels: { model: "m", data: null } }, 1));
  mkdirSync(dirname(ctx.runDirs.paths(runId).events), { recursive: true });
  return { ctx, runId };
}
const line = (seq: number, step: number) =>
  JSON.stringify({ seq, t: seq, type: "metric", step, epoch: 0, tokens: 0, seconds: step, values: { loss: 1 / step } });

test("lines that were recorded before change nothing when they come again", () => {
  const { ctx, runId } = makeRecording();
  const parts = { ...ctx, launcher: { start: async () => {} } };
  recordLines(parts, runId, [line(0, 1), line(1, 2)], 100);
  const once = ctx.runs.getOrThrow(runId);
  recordLines(parts, runId, [line(0, 1), line(1, 2)], 100);
  expect(ctx.runs.getOrThrow(runId)).toEqual(once);
  recordLines(parts, runId, [line(1, 2), line(2, 3)], 150);
  expect(ctx.runs.getOrThrow(runId)).toMatchObject({ seq: 2, step: 3 });
  expect(ctx.runs.logOffset(runId)).toBe(150);
  ctx.db.close();
});

test("an event of a newer worker, and a line that is no JSON, are passed over and the rest counts", () => {
  const { ctx, runId } = makeRecording();
  const strange = ['{"seq":1,"t":1,"type":"sample","text":"hi"}', "\0\0\0", "{half"];
  recordLines({ ...ctx, launcher: { start: async () => {} } }, runId, [line(0, 1), ...strange, line(2, 2)], 80);
  expect(ctx.runs.getOrThrow(runId)).toMatchObject({ seq: 2, step: 2 });
  ctx.db.close();
});
