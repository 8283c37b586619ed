import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { DatasetRow } from "../../lib/contract/dataset";
import { silentLog } from "../log";
import { makeHome, testEnv } from "../testing/make-server";
import { createWarm, type InspectQuestion, type Warm } from "./warm";

const env = testEnv(makeHome());
const model = { path: join(env.trainer, "demo", "model"), trustRemoteCode: false };
const alpaca = { instruction: "Who are you?", output: "I am Pip." };
const started: Warm[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((warm) => warm.close()));
});

test("a row is told as the tokens that training sees", async () => {
  const warm = make();
  const row = await warm.inspect(question("Who are you?", "I am Pip 你好"));
  expect(row.refused).toBeNull();
  expect(row.pieces.join("")).toBe(row.text);
  const trained = row.pieces.filter((_, at) => row.trained[at]).join("");
  expect(trained).toBe("I am Pip 你好<|end|>");
  expect(row.trainedTokens).toBe(row.trained.filter(Boolean).length);
});

test("questions are answered in order by one process, and a second one needs no start", async () => {
  const warm = make();
  const answers = await Promise.all([[alpaca], [], [alpaca, alpaca]].map((rows) => warm.guess(rows)));
  expect(answers.map((guesses) => guesses.length > 0)).toEqual([true, false, true]);
  expect(helpers()).toHaveLength(1);
});

test("a crash fails the question under way with a reason; the next ones are answered by a new process", async () => {
  const warm = make();
  const first = await freeze(warm);
  const lost = warm.guess([alpaca]);
  const next = warm.guess([alpaca]);
  process.kill(first, "SIGKILL");
  await expect(lost).rejects.toMatchObject({ code: "helper_failed", message: expect.stringContaining("SIGKILL") });
  expect(await next).not.toEqual([]);
  expect(helpers()).not.toContain(first);
});

test("a question that takes too long ends its process and no other question", async () => {
  const warm = make();
  await freeze(warm);
  const slow = warm.guess([alpaca], { timeoutMs: 50 });
  const next = warm.guess([alpaca]);
  await expect(slow).rejects.toMatchObject({ code: "helper_failed", message: expect.stringContaining("0.05 seconds") });
  expect(await next).not.toEqual([]);
});

test("rows nested deeper than can be written fail their own question, also behind another one", async () => {
  const warm = make();
  const deep: unknown = JSON.parse("[".repeat(20_000) + "]".repeat(20_000));
  const first = warm.guess([alpaca]);
  await expect(warm.guess([deep])).rejects.toMatchObject({ code: "helper_failed", message: expect.stringContaining("nested too deeply") });
  expect(await first).not.toEqual([]);
  expect(await warm.guess([alpaca])).not.toEqual([]);
});

test("who no longer waits is not asked about", async () => {
  const warm = make();
  const gone = new AbortController();
  const first = warm.guess([alpaca]);
  const second = warm.guess([alpaca], { signal: gone.signal });
  gone.abort();
  await expect(second).rejects.toMatchObject({ code: "helper_failed" });
  expect(await first).not.toEqual([]);
});

test("more questions than anybody could wait for are refused", async () => {
  const warm = make();
  const all = await Promise.allSettled(Array.from({ length: 80 }, () => warm.guess([alpaca])));
  const refused = all.filter((one) => one.status === "rejected");
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({ reason: { code: "helper_busy" } });
});

test("a helper that nobody asks leaves, and comes back when asked", async () => {
  const warm = make(0.2);
  await warm.guess([alpaca]);
  await expect.poll(() => helpers(), { timeout: 10_000 }).toEqual([]);
  expect(await warm.guess([alpaca])).not.toEqual([]);
});

test("the helper ends with the server, and refuses what comes after", async () => {
  const warm = make();
  await warm.guess([alpaca]);
  await warm.close();
  expect(helpers()).toEqual([]);
  await expect(warm.guess([alpaca])).rejects.toMatchObject({ code: "helper_failed" });
});

test("a folder without a tokenizer is refused by the field of the model", async () => {
  const asked = { ...question("Hello", "Hi"), model: { path: env.home, trustRemoteCode: false } };
  await expect(make().inspect(asked)).rejects.toMatchObject({ code: "invalid_field", fields: [{ path: "settings.modelId" }] });
});

test("a Python that is not there is told as such", async () => {
  const warm = createWarm({ env: { ...env, python: "/nowhere/python" }, log: silentLog });
  await expect(warm.inspect(question("Hello", "Hi"))).rejects.toMatchObject({ message: expect.stringContaining("/nowhere/python") });
  const silent = createWarm({ env: { ...env, python: "/bin/true" }, log: silentLog });
  await expect(silent.guess([alpaca])).rejects.toMatchObject({ code: "helper_failed" });
});

function make(idleSeconds = 60): Warm {
  const warm = createWarm({ env, log: silentLog, idleSeconds });
  started.push(warm);
  return warm;
}

function question(asked: string, answered: string): InspectQuestion {
  const row: DatasetRow = {
    index: 0,
    messages: [
      { role: "user", content: asked },
      { role: "assistant", content: answered },
    ],
    text: null,
    tools: null,
    rejected: null,
    ranked: null,
    label: null,
    problem: null,
    warnings: [],
  };
  return { row, model, cutoff: 256 };
}

/** Stops the helper in the middle of everything; it still lives. */
async function freeze(warm: Warm): Promise<number> {
  await warm.guess([alpaca]);
  const [pid] = helpers();
  if (pid === undefined) throw new Error("no helper is running");
  process.kill(pid, "SIGSTOP");
  return pid;
}

/** Helpers that are children of this process. */
function helpers(): number[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && isHelper(pid))
    .map(Number);
}

function isHelper(pid: string): boolean {
  try {
    const parent = /PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("trainer.inspect");
  } catch {
    return false;
  }
}
