import { readFileSync, writeFileSync } from "node:fs";
import { threadId } from "node:worker_threads";

/**
 * Preloaded into the measured server (`node --import`): how late its event loop is. On SIGUSR2 what was seen since the last time goes to
 * LOOP_PROBE_FILE. `own` leaves out the time for which the system had given the processor to others: a busy machine is not our fault.
 */
const EVERY_MS = 2;
const file = process.env.LOOP_PROBE_FILE;
let seen = [];

if (file && threadId === 0) {
  let last = performance.now();
  let lastWait = waitedMs();
  setInterval(() => {
    const now = performance.now();
    const wait = waitedMs();
    const late = Math.max(0, now - last - EVERY_MS);
    seen.push([late, Math.max(0, late - (wait - lastWait))]);
    last = now;
    lastWait = wait;
  }, EVERY_MS).unref();
  process.on("SIGUSR2", () => {
    writeFileSync(`${file}.tmp`, JSON.stringify({ wall: summary(0), own: summary(1), ticks: seen.length }));
    writeFileSync(file, readFileSync(`${file}.tmp`));
    seen = [];
  });
}

function summary(column) {
  const values = seen.map((tick) => tick[column]).sort((a, b) => a - b);
  const at = (q) => values[Math.floor((values.length - 1) * q)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}

/** How long this thread was ready to run and did not get the processor. */
function waitedMs() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[1]) / 1e6;
  } catch {
    return 0; // no /proc: `own` is the same as `wall`
  }
}
