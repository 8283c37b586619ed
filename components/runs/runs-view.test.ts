import { expect, test } from "vitest";
import type { Run } from "@/lib/contract/run";
import { secondsLeft, timeOf } from "./run-facts";
import { nextSort, readView, viewRuns, writeView } from "./runs-view";

const everything = readView(new URLSearchParams());
const names = (runs: readonly Run[]) => runs.map((run) => run.name);

/** The facts that the list looks at; the rest of a run does not matter here. */
function makeRun(name: string, facts: Partial<Run> & { rank?: number } = {}): Run {
  const { rank, ...rest } = facts;
  const spec = { kind: "train", method: rank ? "lora" : "full", lora: rank ? { rank } : null };
  const run = {
    id: `run_${name}`,
    name,
    spec,
    status: "succeeded",
    attempt: 1,
    createdAt: 0,
    startedAt: 0,
    endedAt: 1000,
    last: {},
    plan: null,
    step: 0,
    stepsPerSecond: null,
  };
  return {
    ...run,
    labels: { model: "Qwen3", data: "identity" },
    checkpoints: [],
    artifact: null,
    phase: null,
    queuePosition: null,
    ...rest,
  } as unknown as Run;
}

test("all words of a search must be found, in any of name, model and data", () => {
  const runs = [makeRun("support-r16"), makeRun("support-full", { labels: { model: "Llama", data: "客服" } }), makeRun("other")];
  expect(names(viewRuns(runs, { ...everything, search: "Support qwen" }))).toEqual(["support-r16"]);
  expect(names(viewRuns(runs, { ...everything, search: "客服" }))).toEqual(["support-full"]);
});

test("filters work together, and a lost run counts as failed", () => {
  const runs = [makeRun("a", { status: "lost", rank: 8 }), makeRun("b", { status: "failed" }), makeRun("c", { status: "stopping" })];
  expect(names(viewRuns(runs, { ...everything, status: "failed" }))).toEqual(["a", "b"]);
  expect(names(viewRuns(runs, { ...everything, status: "failed", method: "lora" }))).toEqual(["a"]);
  expect(names(viewRuns(runs, { ...everything, status: "active" }))).toEqual(["c"]);
});

test("rows without a loss stand last, whichever way one sorts", () => {
  const runs = [makeRun("none"), makeRun("high", { last: { loss: 2 } }), makeRun("low", { last: { loss: 0.5 } })];
  expect(names(viewRuns(runs, { ...everything, sort: { key: "loss", descending: false } }))).toEqual(["low", "high", "none"]);
  expect(names(viewRuns(runs, { ...everything, sort: { key: "loss", descending: true } }))).toEqual(["high", "low", "none"]);
});

test("names sort as people count: r9 before r16", () => {
  const runs = [makeRun("r16"), makeRun("r9")];
  expect(names(viewRuns(runs, { ...everything, sort: { key: "name", descending: false } }))).toEqual(["r9", "r16"]);
});

test("what was chosen survives the way through the address", () => {
  const view = {
    search: "客服 a&b",
    status: "failed",
    model: "Qwen/Qwen3",
    method: "lora",
    sort: { key: "loss", descending: true },
  } as const;
  expect(readView(new URLSearchParams(writeView(view)))).toEqual(view);
  expect(writeView(everything)).toBe("");
  expect(readView(new URLSearchParams("status=nonsense&sort=-nonsense"))).toEqual(everything);
});

test("a column is sorted up, then down, then not at all", () => {
  const up = nextSort(null, "loss");
  const down = nextSort(up, "loss");
  expect([up, down, nextSort(down, "loss")]).toEqual([{ key: "loss", descending: false }, { key: "loss", descending: true }, null]);
});

test("the time column tells time left, time taken or the place in the queue", () => {
  const plan = { totalSteps: 100 } as Run["plan"];
  const running = makeRun("a", { status: "running", plan, step: 40, stepsPerSecond: 2 });
  expect(secondsLeft(running)).toBe(30);
  expect(timeOf(running)).toEqual({ kind: "left", seconds: 30 });
  expect(timeOf(makeRun("b", { startedAt: 1000, endedAt: 61_000 }))).toEqual({ kind: "took", seconds: 60 });
  expect(timeOf(makeRun("c", { status: "queued", queuePosition: 2 }))).toEqual({ kind: "waiting", position: 2 });
});
