import { readFileSync, writeFileSync } from "node:fs";
import { threadId } from "node:worker_threads";

/**
 * Preloaded into the measured server (`node --import`): how late its event loop is. On SIGUSR2 what was seen since the last time goes to
 * LOOP_PROBE_FILE. `wall` is what a person meets; `own` leaves out the time in which the thread was ready and did not get a processor;
 * `cpu` is the time in which it worked: without waiting for the disk, for helpers of the garbage collector, and for the machine's host.
 */
const EVERY_MS = 2;
const file = process.env.LOOP_PROBE_FILE;
let seen = [];

if (file && threadId === 0) {
  let last = performance.now();
  let before = threadMs();
  setInterval(() => {
    const now = performance.now();
    const thread = threadMs();
    const late = Math.max(0, now - last - EVERY_MS);
    seen.push([late, Math.max(0, late - (thread.ready - before.ready)), Math.min(late, thread.worked - before.worked)]);
    last = now;
    before = thread;
  }, EVERY_MS).unref();
  process.on("SIGUSR2", () => {
    writeFileSync(`${file}.tmp`, JSON.stringify({ wall: summary(0), own: summary(1), cpu: summary(2), ticks: seen.length }));
    writeFileSync(file, readFileSync(`${file}.tmp`));
    seen = [];
  });
}

function summary(column) {
  const values = seen.map((tick) => tick[column]).sort((a, b) => a - b);
  const at = (q) => values[Math.floor((values.length - 1) * q)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}

/** How long this thread has worked, and how long it was ready to work and did not get the processor. */
function threadMs() {
  try {
    const [worked, ready] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ");
    return { worked: Number(worked) / 1e6, ready: Number(ready) / 1e6 };
  } catch {
    return { worked: performance.now(), ready: 0 }; // no /proc: all three figures are the same
  }
}
