/** paint-latency — from the worker's write of a metric line to the painted chart in Chromium, during a real run */

import { startBuiltServer } from "../e2e/server";
import type { QuickStart } from "../lib/contract/api";
import type { Run } from "../lib/contract/run";
import { isEnded } from "../lib/domain/run-status";
import { openBrowser } from "./lib/browser";
import { readEvents } from "./lib/events";
import { quantile, report, round } from "./lib/report";

const GOAL_MS = 50;
const BOARD_MS = 1240;
const LINES = 150;

const server = await startBuiltServer();
const delays: number[] = [];
try {
  const { spec } = await server.api<QuickStart>("GET", "/api/quick-start");
  spec.training.maxSteps = LINES;
  spec.training.logEverySteps = 1;
  const run = await server.api<Run>("POST", "/api/runs", { spec });
  const { page, close } = await openBrowser(server);
  await page.addInitScript(() => {
    const painted: [number, number][] = [];
    Object.assign(window, { painted });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntriesByName("tb:paint")) {
        if (!(entry instanceof PerformanceMark)) continue;
        painted.push([entry.detail.seq, performance.timeOrigin + entry.startTime]);
      }
    }).observe({ type: "mark", buffered: true });
  });
  await page.goto(`${server.url}/runs/${run.id}`);
  while (!isEnded((await server.api<Run>("GET", `/api/runs/${run.id}`)).status)) await new Promise((resolve) => setTimeout(resolve, 500));

  // The chart was painted with a line when a paint carried its number or a later one.
  const painted = await page.evaluate(() => Reflect.get(window, "painted") as [number, number][]);
  const events = readEvents(server.home, run.id);
  const firstPaint = painted[0]?.[1] ?? Number.POSITIVE_INFINITY;
  for (const event of events) {
    if (event.type !== "metric" || event.t < firstPaint) continue;
    const paint = painted.find(([seq]) => seq >= event.seq);
    if (paint) delays.push(paint[1] - event.t);
  }
  await close();
} finally {
  await server.stop();
}
if (delays.length < LINES / 2) throw new Error(`only ${delays.length} lines were seen painted`);
const p50 = quantile(delays, 0.5);
console.log(
  `${delays.length} lines: p50 ${round(p50)} ms, p90 ${round(quantile(delays, 0.9))} ms, p99 ${round(quantile(delays, 0.99))} ms, worst ${round(Math.max(...delays))} ms`,
);
report({
  name: "paint-latency",
  value: p50,
  unit: "ms from write to paint, p50, while training on the same two cores",
  goal: `<= ${GOAL_MS}`,
  met: p50 <= GOAL_MS,
  against: `LLaMA Board ${BOARD_MS} ms (baselines.md): ${Math.round(BOARD_MS / p50)} times sooner`,
});
