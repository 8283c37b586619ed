import { existsSync } from "node:fs";
import type { ExitRecord, PidRecord } from "../../lib/contract/event";
import type { RunId } from "../../lib/contract/ids";
import type { Run, RunFailure } from "../../lib/contract/run";
import { isAlive, readBootId, readStartTicks } from "../stores/process-probe";
import type { RunDirs } from "../stores/run-dir";
import type { Outcome } from "../stores/run-store";

export type Verdict =
  | { kind: "ended"; exit: ExitRecord }
  | { kind: "running"; pids: PidRecord }
  /** The shim has not said yet who it is. `claimed`: it has begun. */
  | { kind: "starting"; claimed: boolean }
  | { kind: "gone"; reason: "rebooted" | "pid_reused" | "vanished" };

/** What the files of an attempt and the machine say. A process counts only with its start time: numbers are used again. */
export function judge(runDirs: RunDirs, runId: RunId, attempt: number): Verdict {
  const exit = runDirs.exit(runId, attempt);
  if (exit !== null) return { kind: "ended", exit };
  const pids = runDirs.pid(runId, attempt);
  if (pids === null) return { kind: "starting", claimed: existsSync(runDirs.paths(runId).attempt(attempt).claim) };
  if (pids.bootId !== readBootId()) return { kind: "gone", reason: "rebooted" };
  if (isAlive(pids.shim)) return { kind: "running", pids };
  // It may have written the record between the two looks above.
  const late = runDirs.exit(runId, attempt);
  if (late !== null) return { kind: "ended", exit: late };
  return { kind: "gone", reason: readStartTicks(pids.shim.pid) === null ? "vanished" : "pid_reused" };
}

/** The disk of the run's folder, as it is when the run has ended. */
export type Disk = { path: string; freeBytes: number };
type Ending = {
  run: Pick<Run, "failure" | "stopRequest">;
  outcome: Outcome | null;
  exit: ExitRecord | null;
  reason?: string | undefined;
  disk?: Disk | null;
};
export type End = { status: "succeeded" | "stopped" | "failed" | "lost"; failure: RunFailure | null };

/** The final status: what the worker said last, how it ended, and what we had asked for. */
export function decideEnd({ run, outcome, exit, reason, disk = null }: Ending): End {
  if (outcome !== null) return { status: outcome, failure: null };
  const how = { exitCode: exit?.code ?? null, signal: exit?.signal ?? null };
  if (run.failure !== null) return { status: "failed", failure: { ...run.failure, ...how } };
  // Whoever could not write a word on a full disk did not vanish.
  if (exit === null && isFull(disk)) return { status: "failed", failure: { ...diskFull(disk), traceback: null, ...how } };
  if (exit === null) return { status: "lost", failure: { ...vanished(reason), ...how } };
  if (run.stopRequest !== null) return { status: "stopped", failure: null };
  const why = isFull(disk) && exit.code !== 0 && exit.oomKills === 0 ? diskFull(disk) : explain(exit);
  return { status: "failed", failure: { ...why, traceback: null, ...how } };
}

/** What is left is too small for whatever was to be written; our own reserve is part of it. */
const FULL_BYTES = 1024 * 1024;
const isFull = (disk: Disk | null): disk is Disk => disk !== null && disk.freeBytes < FULL_BYTES;

const diskFull = ({ path, freeBytes }: Disk): Pick<RunFailure, "code" | "message" | "remedy"> => ({
  code: "disk_full",
  message: `The disk of ${path} is full: ${freeBytes} bytes are free.`,
  remedy: "Delete runs, exports or data sets that are no longer needed, or keep fewer checkpoints; then resume from the newest one.",
});

const vanished = (reason = "vanished"): Omit<RunFailure, "exitCode" | "signal"> => ({
  code: "worker_vanished",
  message:
    reason === "rebooted"
      ? "The machine was restarted while this ran."
      : "The worker and the program that watches it disappeared without leaving a record.",
  remedy: "Checkpoints saved before are kept: resume from the newest one.",
  traceback: null,
});

function explain(exit: ExitRecord): Pick<RunFailure, "code" | "message" | "remedy"> {
  if (exit.code === 127) {
    return {
      code: "start_failed",
      message: "The worker's program could not be started.",
      remedy: "The log names the reason. Check the Python environment: npm run setup.",
    };
  }
  if (exit.signal === 9 && exit.oomKills > 0) {
    return {
      code: "out_of_memory",
      message: "The machine ran out of memory and the system ended the worker.",
      remedy: "Choose a smaller batch, a smaller cutoff length or a smaller model, or close other programs.",
    };
  }
  if (exit.signal !== null) {
    return {
      code: "killed",
      message: `The worker was ended from outside by signal ${exit.signal}.`,
      remedy: exit.signal === 9 ? "If nobody did so by hand, memory is the usual reason: choose a smaller batch or cutoff length." : null,
    };
  }
  const message =
    exit.code === 0 ? "The worker left without saying that it had finished." : `The worker left with code ${exit.code} without saying why.`;
  return { code: "unknown", message, remedy: "The last lines of the log usually tell." };
}
