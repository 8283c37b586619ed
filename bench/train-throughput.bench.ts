/**
 * train-throughput — real (unpadded) tokens a second of our worker against trl's defaults: the same rows, model, LoRA and loss, by turns
 * (ROUNDS, ROWS; PREFIX="chrt -r 5" keeps a busy machine away from both sides).
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TaskEvent } from "../lib/contract/event";
import { workerVariables } from "../server/launchers/local";
import { lastJson, python, root, runProgram } from "./lib/programs";
import { median, report, spread } from "./lib/report";
import { trainJob } from "./lib/train-job";

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const ROWS = Number(process.env.ROWS ?? 320);
const GOAL = 3;
const LF_GOALS = { shipped: 3, best: 2 };
const SKIP = 5;
const EQUAL_STEPS = 10;
const TOLERANCE = 1e-5;
const shared = process.env.TUNEBOARD_SHARED ?? "/work/shared";
const data = join(shared, "data", "llama-factory", "alpaca_en_demo.json");
const llamaFactory = process.env.LLAMA_FACTORY ?? join(shared, "baselines", "venv", "bin", "llamafactory-cli");
const [prefix = "env", ...prefixArgs] = (process.env.PREFIX ?? "").split(" ").filter((word) => word !== "");

type Measured = { tokensPerSecond: number; tokens: number; losses: number[] };

if (!existsSync(data)) throw new Error(`${data} is missing: TUNEBOARD_SHARED names the folder with data/llama-factory`);
const folder = mkdtempSync(join(tmpdir(), "tb-bench-"));
let runs = 0;
try {
  const setup = ["bench/python/throughput_setup.py", folder, "--data", data, "--rows", String(ROWS)];
  setup.push("--tokenizer", join(shared, "data", "tokenizers", "llama2.model"));
  const made = await runProgram(python, setup, { env: { PYTHONPATH: join(root, "trainer", "src") } });
  const { tokens, trained, vocabulary } = lastJson<{ tokens: number; trained: number; vocabulary: number }>(made.stdout);
  console.log(`${ROWS} rows, ${tokens} tokens, ${trained} of them learned, vocabulary ${vocabulary}`);

  const difference = await compareLosses();
  const ours: number[] = [];
  const trl: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    trl.push((await runTrl(-1)).tokensPerSecond);
    const one = await runOurs({ maxSteps: null, order: "length" });
    if (one.tokens !== tokens) throw new Error(`ours saw ${one.tokens} tokens of ${tokens}`);
    ours.push(one.tokensPerSecond);
  }
  const ratio = median(ours) / median(trl);
  console.log(`ours                ${spread(ours)} tokens/s`);
  console.log(`trl's defaults      ${spread(trl)} tokens/s`);
  console.log(`equal batches       losses of ${EQUAL_STEPS} steps differ by ${difference.toExponential(2)} at most`);
  const equal = difference <= TOLERANCE;
  report({
    name: "train-throughput",
    value: ratio,
    unit: "of the real tokens a second of trl's defaults",
    goal: `>= ${GOAL}, losses of equal batches equal to ${TOLERANCE}`,
    met: ratio >= GOAL && equal,
    against: `trl's defaults; LLaMA-Factory (goals >= ${LF_GOALS.shipped} as shipped, >= ${LF_GOALS.best} at its best): ${
      existsSync(llamaFactory) ? `at ${llamaFactory}, run bench_train.sh there` : "not installed"
    }`,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** With the same shuffle both sides meet the same rows in each step; the largest difference of a loss. */
async function compareLosses(): Promise<number> {
  const theirs = await runTrl(EQUAL_STEPS);
  const own = await runOurs({ maxSteps: EQUAL_STEPS, order: "random" });
  if (own.losses.length !== theirs.losses.length) throw new Error("not the same number of steps");
  return Math.max(...own.losses.map((loss, at) => Math.abs(loss - (theirs.losses[at] ?? Number.NaN))));
}

async function runTrl(steps: number): Promise<Measured> {
  const args = [...prefixArgs, python, "bench/python/trl_train.py", folder, "--steps", String(steps), "--skip", String(SKIP)];
  const { stdout } = await runProgram(prefix, args);
  const told = lastJson<{ tokens_per_second: number; tokens: number; losses: number[] }>(stdout);
  return { tokensPerSecond: told.tokens_per_second, tokens: told.tokens, losses: told.losses };
}

/** The worker as the server starts it. */
async function runOurs(change: { maxSteps: number | null; order: "random" | "length" }): Promise<Measured> {
  runs += 1;
  const runDir = join(folder, `run-${runs}`);
  mkdirSync(join(runDir, "a1"), { recursive: true });
  writeFileSync(join(runDir, "a1", "spec.json"), JSON.stringify(trainJob(folder, change)));
  const env = workerVariables(join(root, "trainer"), "train", process.env);
  await runProgram(prefix, [...prefixArgs, python, "-m", "trainer", runDir, "1"], { env: { ...env, TUNEBOARD_RUN_DIR: runDir } });
  const events = readFileSync(join(runDir, "events.jsonl"), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => TaskEvent.parse(JSON.parse(line)));
  const points = events.filter((event) => event.type === "metric").filter(({ values }) => values.loss !== undefined);
  const [first, last] = [points[SKIP - 1], points.at(-1)];
  if (first === undefined || last === undefined) throw new Error("too few steps");
  const tokensPerSecond = (last.tokens - first.tokens) / (last.seconds - first.seconds);
  return { tokensPerSecond, tokens: last.tokens, losses: points.map(({ values }) => Number(values.loss)) };
}
