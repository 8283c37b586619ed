import type { PidRecord } from "../../lib/contract/event";
import type { RunId } from "../../lib/contract/ids";
import type { Run } from "../../lib/contract/run";
import { findByEnvironment, sendSignal } from "../stores/process-probe";
import type { TaskParts } from "./parts";

/** How far a stop has gone: asked by the control file, told by TERM, ended by KILL. */
export type StopStage = { mode: "stop" | "abort"; level: "asked" | "told" | "killed"; since: number };

/** Time that the shim needs beyond its own grace. */
const SHIM_SPARE_MS = 5000;

export function askToStop({ runDirs, clock }: TaskParts, run: Run, mode: "stop" | "abort"): StopStage {
  runDirs.appendControl(run.id, run.attempt, mode, clock.now());
  return { mode, level: "asked", since: clock.now() };
}

/** One step further when the time of this one is over. A worker that saves may take long; one that is thrown away may not. */
export function escalate(parts: TaskParts, run: Run, stage: StopStage, pids: PidRecord): StopStage {
  const { env, clock, log } = parts;
  const elapsedMs = clock.now() - stage.since;
  const limitMs = {
    asked: (stage.mode === "stop" ? env.stopSeconds : env.abortSeconds) * 1000,
    told: env.graceSeconds * 1000 + SHIM_SPARE_MS,
    killed: SHIM_SPARE_MS,
  }[stage.level];
  if (elapsedMs < limitMs) return stage;
  log.warn("task.stop_escalated", { runId: run.id, from: stage.level, elapsedMs });
  if (stage.level === "asked") {
    sendSignal(pids.shim.pid, "SIGTERM");
    tell(parts, run.id, "The worker did not answer the request to stop; it was sent TERM.");
    return { ...stage, level: "told", since: clock.now() };
  }
  killLeftovers(parts, run, stage.level === "told" ? pids.shim.pid : null);
  tell(parts, run.id, "The worker did not leave on TERM; it was killed.");
  return { ...stage, level: "killed", since: clock.now() };
}

/** Ends what carries the attempt's token: all that the worker started, wherever it has gone. */
export function killLeftovers({ runDirs, log }: TaskParts, run: Pick<Run, "id" | "attempt">, spare: number | null = null): void {
  const spec = runDirs.spec(run.id, run.attempt);
  if (spec === null) return;
  const pids = findByEnvironment("TUNEBOARD_TOKEN", spec.token).filter((pid) => pid !== spare && pid !== process.pid);
  for (const pid of pids) sendSignal(pid, "SIGKILL");
  if (pids.length > 0) log.warn("task.leftovers_killed", { runId: run.id, pids });
}

function tell({ runs, bus, clock }: TaskParts, runId: RunId, message: string): void {
  const warning = { code: "stop_escalated", message, t: clock.now() };
  const run = runs.change(runId, (current) => ({ ...current, warnings: [...current.warnings, warning] }));
  if (run !== null) bus.emit("run", { run });
}
