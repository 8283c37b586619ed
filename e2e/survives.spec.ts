import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import type { QuickStart } from "../lib/contract/api";
import type { Run } from "../lib/contract/run";
import type { SeriesWindow } from "../lib/contract/series";
import { expect, test, until, untilEnded } from "./fixtures";
import type { BuiltServer } from "./server";

test("the server is killed twice in mid-run: training goes on, and every browser shows the same curve without a hole", async ({
  server,
  browser,
}) => {
  const { spec } = await server.api<QuickStart>("GET", "/api/quick-start");
  // Longer than the test on any machine; it is stopped when all has been seen.
  spec.training.maxSteps = 20_000;
  spec.training.logEverySteps = 1;
  const run = await server.api<Run>("POST", "/api/runs", { spec });
  const first = await openRun(browser, server, run.id);
  await until(server, run.id, (r) => r.step >= 20);

  for (const again of [1, 2]) {
    await server.kill();
    const logged = lastStep(server.home, run.id);
    // Training does not notice: the log goes on while nobody reads it.
    await expect.poll(() => lastStep(server.home, run.id), { intervals: [100], timeout: 30_000 }).toBeGreaterThan(logged + 10);
    await server.start();
    const back = await until(server, run.id, (r) => r.step > logged);
    expect(back.attempt, `after restart ${again} it is the same attempt`).toBe(1);
  }

  await first.reload();
  const second = await openRun(browser, server, run.id);
  await server.api("POST", `/api/runs/${run.id}/stop`, { save: false });
  const ended = await untilEnded(server, run.id);
  expect(ended.status).toBe("stopped");

  const written = metricSteps(server.home, run.id);
  expect(written.length).toBeGreaterThan(20);
  expect(written).toEqual(Array.from({ length: written.length }, (_, i) => i + 1));
  const served = await server.api<SeriesWindow>("GET", `/api/runs/${run.id}/series?names=loss&points=5000`);
  expect(served.series.loss?.step).toEqual(written);
  for (const page of [first, second]) {
    await expect(page.getByText("Stopped").first()).toBeVisible();
    expect(await stepsInPage(page)).toEqual(written);
  }
});

async function openRun(browser: Browser, server: BuiltServer, runId: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.url}/runs/${runId}?token=${server.token}`);
  await expect(page.locator("canvas").first()).toBeVisible();
  return page;
}

/** What the page itself holds of the curve, read the way a person would: the chart's own CSV file. */
async function stepsInPage(page: Page): Promise<number[]> {
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "More for Loss", exact: true }).click();
  await page.getByRole("menuitem", { name: /CSV/ }).click();
  const download = await downloading;
  const lines = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\n");
  return lines
    .map((line) => line.split(","))
    .filter((cells) => cells[3] === "loss")
    .map((cells) => Number(cells[0]));
}

function metricSteps(home: string, runId: string): number[] {
  return readFileSync(join(home, "runs", runId, "events.jsonl"), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line))
    .filter((event) => event.type === "metric" && event.values.loss !== undefined)
    .map((event) => event.step);
}

const lastStep = (home: string, runId: string): number => metricSteps(home, runId).at(-1) ?? 0;
