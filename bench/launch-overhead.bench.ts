/**
 * launch-overhead — from the click on Launch to the end of the first step, against a bare trl script from its start to its first step.
 * STANDBY=off: without the worker that waits.
 */
import { join } from "node:path";
import { startBuiltServer } from "../e2e/server";
import type { Run } from "../lib/contract/run";
import type { StandbyReport } from "../lib/contract/system";
import { isEnded } from "../lib/domain/run-status";
import { openBrowser } from "./lib/browser";
import { readEvents } from "./lib/events";
import { lastJson, python, root, runProgram } from "./lib/programs";
import { median, report, spread } from "./lib/report";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const STANDBY = process.env.STANDBY ?? "on";
const GOAL = STANDBY === "on" ? 0.5 : 1.05;

const server = await startBuiltServer({ env: { TUNEBOARD_STANDBY: STANDBY } });
const ours: number[] = [];
const bare: number[] = [];
try {
  const { page, close } = await openBrowser(server);
  const { spec } = await server.api<{ spec: Run["spec"] }>("GET", "/api/quick-start");
  if (spec.kind !== "train") throw new Error("the quick start is no training run");
  const rows = join(server.home, "datasets", spec.data.sets[0]?.datasetId ?? "", "rows.jsonl");
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await clickToFirstStep());
    // Before the bare script starts, ours has ended: never both on two cores.
    const { stdout } = await runProgram(python, [
      "bench/python/bare_train.py",
      "--model",
      join(root, "trainer", "demo", "model"),
      "--rows",
      rows,
    ]);
    bare.push(lastJson<{ seconds_to_first_step: number }>(stdout).seconds_to_first_step);
  }
  await close();

  async function clickToFirstStep(): Promise<number> {
    await page.goto(`${server.url}/launch`);
    await page.locator("[data-usable=true]").waitFor();
    const launch = page.getByRole("button", { name: /^Launch/ });
    await launch.waitFor();
    if (STANDBY === "on") await ready();
    const clicked = Date.now();
    await launch.click();
    await page.waitForURL(/\/runs\/run_/);
    const runId = page.url().split("/runs/")[1]?.slice(0, 16) ?? "";
    for (;;) {
      const first = readEvents(server.home, runId).find((event) => event.type === "metric");
      if (first) {
        await server.api("POST", `/api/runs/${runId}/stop`, { save: false });
        await ended(runId);
        return (first.t - clicked) / 1000;
      }
      const run = await server.api<Run>("GET", `/api/runs/${runId}`);
      if (isEnded(run.status)) throw new Error(`the run ended before its first step: ${JSON.stringify(run.failure)}`);
      await pause();
    }
  }
} finally {
  await server.stop();
}
const ratio = median(ours) / median(bare);
console.log(`click → first step   ${spread(ours)} s`);
console.log(`bare script          ${spread(bare)} s`);
report({
  name: "launch-overhead",
  value: ratio,
  unit: `of the bare script's time to its first step (standby ${STANDBY})`,
  goal: `<= ${GOAL}`,
  met: ratio <= GOAL,
  against: "bench/python/bare_train.py on the same rows and model (LLaMA Board: 14.2 s against 8.7 s, 1.63)",
});

/** As for a person who has looked at the form for some seconds. */
async function ready(): Promise<void> {
  while ((await server.api<StandbyReport>("GET", "/api/system/standby")).state !== "ready") await pause();
}

async function ended(runId: string): Promise<void> {
  while (!isEnded((await server.api<Run>("GET", `/api/runs/${runId}`)).status)) await pause();
}

// A look every 100 ms costs nothing measurable beside an import of torch; the figure itself comes from the log's own times.
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}
