/** page-load — Runs and Launch in a cold Chromium: time until usable and bytes over the wire (LLaMA Board: 3.3 s, 1.88 MB) */
import { type BuiltServer, startBuiltServer } from "../e2e/server";
import { openBrowser, openPage } from "./lib/browser";
import { median, report, spread } from "./lib/report";

const ROUNDS = Number(process.env.ROUNDS ?? 7);
const GOAL_SECONDS = 0.8;
const GOAL_BYTES = 350_000;
// A page is usable when its main control answers: the search of Runs, the Launch button of Launch.
const pages = [
  { name: "Runs", path: "/", usable: "main input[type=search], main h2, main table" },
  { name: "Launch", path: "/launch", usable: "main [data-usable=true]" },
];

const server = await startBuiltServer();
const worst = { seconds: 0, bytes: 0 };
// One running browser, a fresh context with an empty cache for each load: the way LLaMA Board was measured (shared/baselines/board.mjs).
const chromium = await openBrowser(server);
try {
  await coldLoad(server, "/", "main"); // the very first page pays for Next's own start, which no user sees twice
  for (const { name, path, usable } of pages) {
    const loads = [];
    for (let round = 0; round < ROUNDS; round += 1) loads.push(await coldLoad(server, path, usable));
    const seconds = loads.map((load) => load.seconds);
    const bytes = loads.map((load) => load.bytes);
    console.log(`${name.padEnd(7)} usable ${spread(seconds)} s, ${spread(bytes.map((b) => b / 1000))} kB, ${loads[0]?.requests} requests`);
    worst.seconds = Math.max(worst.seconds, median(seconds));
    worst.bytes = Math.max(worst.bytes, median(bytes));
  }
} finally {
  await chromium.close();
  await server.stop();
}
report({
  name: "page-load",
  value: worst.seconds,
  unit: "s until usable, the slower page",
  goal: `<= ${GOAL_SECONDS} s and <= ${GOAL_BYTES / 1000} kB`,
  met: worst.seconds <= GOAL_SECONDS && worst.bytes <= GOAL_BYTES,
  against: `LLaMA Board 3.3 s and 1,880 kB on the same kind of machine; ours ${Math.round(worst.bytes / 1000)} kB`,
});

async function coldLoad(on: BuiltServer, path: string, usable: string): Promise<{ seconds: number; bytes: number; requests: number }> {
  const { page, context } = await openPage(chromium.browser, on);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  let requests = 0;
  devtools.on("Network.loadingFinished", (event) => {
    bytes += event.encodedDataLength;
    requests += 1;
  });
  const started = performance.now();
  await page.goto(`${on.url}${path}`, { waitUntil: "commit" });
  await page.locator(usable).first().waitFor();
  const seconds = (performance.now() - started) / 1000;
  await page.waitForLoadState("networkidle"); // what comes after the page is usable counts as bytes too
  await context.close();
  return { seconds, bytes, requests };
}
