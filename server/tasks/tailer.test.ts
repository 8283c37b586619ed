import { appendFileSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
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
import { createTail, type Tail } from "./tailer";

let home: string;
let path: string;
const tails: Tail[] = [];
beforeEach(() => {
  home = makeHome();
  path = join(home, "events.jsonl");
});
afterEach(async () => {
  for (const tail of tails.splice(0)) await tail.close();
  rmSync(home, { recursive: true, force: true });
});

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
  tails.push(tail);
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
  const long = "é".repeat(400_000);
  writeFileSync(path, `x\n${long}\ny\n`);
  const { tail, lines } = tailOf(path);
  await tail.drain();
  expect(lines).toEqual(["x", long, "y"]);
});

test("a line of 200 MB costs no memory: it is passed over, told once, and the lines after it count", async () => {
  writeFileSync(path, "first\n");
  truncateSync(path, 200 * 1024 ** 2);
  appendFileSync(path, "\nsecond\n");
  const tooLong: number[] = [];
  const lines: string[] = [];
  const tail = createTail({ path, offset: 0, onLines: (some) => lines.push(...some), onTooLong: (offset) => tooLong.push(offset) });
  const before = process.resourceUsage().maxRSS;
  await tail.drain();
  expect(lines).toEqual(["first", "second"]);
  expect(tooLong).toEqual([6]);
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(100_000);
  await tail.close();
});

test("lines that could not be taken are taken at the next look", async () => {
  writeFileSync(path, "one\ntwo\n");
  const lines: string[] = [];
  let full = true;
  const take = (some: string[]) => {
    if (full) throw new Error("the disk is full");
    lines.push(...some);
  };
  const tail = createTail({ path, offset: 0, onLines: take });
  await expect(tail.drain()).rejects.toThrow("full");
  full = false;
  await tail.close();
  expect(lines).toEqual(["one", "two"]);
});

test("half a line that its writer takes back leaves nothing behind", async () => {
  const { tail, lines } = tailOf(path);
  writeFileSync(path, "one\nhalf of a long li");
  await tail.drain();
  truncateSync(path, 4);
  appendFileSync(path, "another line that is longer\n");
  await tail.drain();
  expect(lines).toEqual(["one", "another line that is longer"]);
  await tail.close();
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

test("however close behind each other drains begin, each line is taken once and nothing is read after the end", async () => {
  writeFileSync(path, "a\n");
  const { tail, lines } = tailOf(path);
  const drains: Promise<void>[] = [];
  for (let look = 0; look < 200; look += 1) {
    appendFileSync(path, `${look}\n`);
    // What waited for a drain may begin the next, in the very step in which another was to begin.
    drains.push(tail.drain().then(() => tail.drain()));
    if (look % 3 === 0) await drains[Math.floor(look / 2)];
  }
  await Promise.all([tail.close(), tail.close(), ...drains]);
  expect(lines).toEqual(["a", ...Array.from({ length: 200 }, (_, i) => String(i))]);
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

test("hostile lines change neither the row nor the curves, and the honest ones around them count", async () => {
  const { ctx, runId } = makeRecording();
  const deep = `{"seq":1,"t":1,"type":"metric","values":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  const hostile = [
    deep,
    '{"seq":1,"t":1,"type":"metric","step":1,"epoch":0,"tokens":0,"seconds":0,"values":{"__proto__":1,"loss":7}}',
    '{"seq":1,"t":1,"type":"metric","step":1,"epoch":0,"tokens":0,"seconds":0,"values":{"constructor":"nan"}}',
    '{"seq":1,"t":1e999,"type":"ready"}',
    '{"seq":9007199254740991,"t":1,"type":"ready"}',
    '{"seq":-5,"t":1,"type":"ready"}',
    '{"seq":1,"t":1,"type":"__proto__"}',
    `{"seq":1,"t":1,"type":"metric","step":1e300,"epoch":0,"tokens":0,"seconds":0,"values":{"loss":1}}`,
    JSON.stringify({ seq: 1, t: 1, type: "metric", step: 1, epoch: 0, tokens: 0, seconds: 0, values: manyMetrics() }),
    "null",
    '"text"',
    "[]",
  ];
  const paths = ctx.runDirs.paths(runId);
  const bytes = Buffer.concat([
    Buffer.from(`${line(0, 1)}\n${hostile.join("\n")}\n`),
    Buffer.from([0xff, 0xfe, 0xc3, 0x28, 10]),
    Buffer.from(`${line(2, 2)}\n`),
  ]);
  writeFileSync(paths.events, bytes);
  const parts = { ...ctx, launcher: { start: async () => {} } };
  const tail = createTail({ path: paths.events, offset: 0, onLines: (lines, end) => recordLines(parts, runId, lines, end) });
  await tail.close();
  expect(ctx.runs.getOrThrow(runId)).toMatchObject({ seq: 2, step: 2, last: { loss: 0.5 }, nonFinite: {}, ready: false });
  expect(ctx.runs.logOffset(runId)).toBe(bytes.length);
  const { seq, series } = await ctx.series.window(runId, { names: null, fromStep: null, toStep: null, points: 100 });
  expect(seq).toBe(2);
  expect(Object.keys(series)).toEqual(["loss"]);
  expect(series.loss?.mean).toEqual([1, 0.5]);
  ctx.db.close();
});

test("a worker that warns in novels does not make its row large", () => {
  const { ctx, runId } = makeRecording();
  const parts = { ...ctx, launcher: { start: async () => {} } };
  const novel = (seq: number) => JSON.stringify({ seq, t: 1, type: "warning", code: "novel", message: "x".repeat(900_000) });
  for (let seq = 0; seq < 60; seq++) recordLines(parts, runId, [novel(seq)], seq);
  expect(JSON.stringify(ctx.runs.getOrThrow(runId)).length).toBeLessThan(300_000);
  ctx.db.close();
});

const manyMetrics = (): Record<string, number> => Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`m${i}`, i]));
