import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { TaskEvent } from "../../lib/contract/event";
import type { RunId } from "../../lib/contract/ids";
import type { Run } from "../../lib/contract/run";
import { applyEvent } from "../../lib/domain/apply-event";
import { newRunId } from "../../server/ids";
import { openDb } from "../../server/stores/db";
import { runPaths } from "../../server/stores/run-dir";
import { createRunStore } from "../../server/stores/run-store";
import { newRun } from "../../server/tasks/new-run";
import { rehearsalWork } from "../../server/testing/make-run";

const clock = { now: () => Date.now() };

/** A home as it is after a year: many ended runs, one of them long, one with a large log. Returns the long one. */
export function fillHome(home: string, { runs, longSteps, logBytes }: { runs: number; longSteps: number; logBytes: number }): RunId {
  const db = openDb(join(home, "tuneboard.db"));
  const store = createRunStore(db, clock);
  let long = newRunId();
  db.transact(() => {
    for (let i = 0; i < runs; i += 1) {
      const runId = newRunId();
      const steps = i === 0 ? longSteps : 200;
      const log = writeLog(home, runId, steps);
      const made = newRun(
        { runId, work: rehearsalWork(`Run number ${i}`), labels: { model: "demo", data: "lessons" } },
        Date.now() - i * 1000,
      );
      store.insert(endedRun(made, log.last));
      store.record(runId, log.bytes, "succeeded", (run) => run);
      if (i === 0) long = runId;
    }
  });
  writeLines(join(runPaths(join(home, "runs", long)).attempt(1).dir, "output.log"), logBytes);
  db.close();
  return long;
}

function writeLog(home: string, runId: RunId, steps: number): { bytes: number; last: TaskEvent[] } {
  const paths = runPaths(join(home, "runs", runId));
  mkdirSync(paths.attempt(1).dir, { recursive: true });
  const events = Array.from({ length: steps }, (_, i) => metric(i));
  let bytes = 0;
  const file = openSync(paths.events, "w");
  for (let from = 0; from < events.length; from += 5000) {
    bytes += writeSync(
      file,
      events
        .slice(from, from + 5000)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(""),
    );
  }
  closeSync(file);
  return { bytes, last: events.slice(-200) };
}

const metric = (i: number): TaskEvent => ({
  seq: i,
  t: 1_790_000_000_000 + i * 100,
  type: "metric",
  step: i + 1,
  epoch: i / 1000,
  tokens: i * 512,
  seconds: i / 10,
  values: {
    loss: 2 / Math.log(i + 3),
    learning_rate: 1e-4,
    grad_norm: 1 + Math.sin(i),
    tokens_per_second: 5000 + i,
    ...(i % 100 === 0 && { eval_loss: 2.1 / Math.log(i + 3) }),
  },
});

function endedRun(made: Run, events: TaskEvent[]): Run {
  const run = events.reduce(applyEvent, made);
  const checkpoints = [1, 2, 3].map((n) => ({
    name: `checkpoint-${n * 50}`,
    step: n * 50,
    bytes: 1e8,
    createdAt: Date.now(),
    reason: "cadence" as const,
    loss: 1,
    evalLoss: 1,
  }));
  return { ...run, status: "succeeded", startedAt: Date.now(), endedAt: Date.now(), checkpoints, summary: { loss: 1, seconds: 100 } };
}

function writeLines(path: string, bytes: number): void {
  const piece = Buffer.from(`${"{'loss': 1.234, 'grad_norm': 0.5, 'epoch': 0.1}".padEnd(127, " ")}\n`.repeat(8192));
  const file = openSync(path, "w");
  for (let written = 0; written < bytes; ) written += writeSync(file, piece);
  closeSync(file);
  writeFileSync(`${path}.offset`, "0");
}
