import { statfs } from "node:fs/promises";
import type { Run } from "../../lib/contract/run";
import { isActive } from "../../lib/domain/run-status";
import { hasCode } from "../stores/run-dir";
import type { TaskParts } from "./parts";
import { recordLines } from "./recorder";
import { askToStop, escalate, killLeftovers, type StopStage } from "./stop";
import { createTail, watchFile } from "./tailer";
import { type Disk, decideEnd, judge, type Verdict } from "./verdict";

const LOOK_MS = 1000;
const START_LIMIT_MS = 60_000;

/** Follows one active run: its log, its process, and a stop under way. */
export type Watch = {
  /** Takes what the log has and decides where the run stands. Looks never overlap. */
  look(): Promise<void>;
  stop(mode: "stop" | "abort"): void;
  close(): Promise<void>;
};

export function watchRun(parts: TaskParts, { id: runId, attempt }: Run, onEnd: () => void): Watch {
  const { runs, runDirs, log, clock } = parts;
  const paths = runDirs.paths(runId);
  const since = clock.now();
  let stage: StopStage | null = null;
  let missed = 0;
  let closed = false;
  let chain = Promise.resolve();
  const tail = createTail({
    path: paths.events,
    offset: runs.logOffset(runId),
    onLines: (lines, end) => recordLines(parts, runId, lines, end),
    onTooLong: (offset) => log.warn("events.line_too_long", { runId, offset }),
  });

  /** What can't be written down on a full disk waits in the log; how the run stands is looked at all the same. */
  const takeWhatFits = (): Promise<void> =>
    tail.drain().catch((error: unknown) => {
      if (!hasCode(error, "SQLITE_FULL")) throw error;
      log.warn("task.disk_full", { runId });
    });

  const takeLastWords = (): Promise<void> =>
    tail.drain().catch((error: unknown) => {
      if (!hasCode(error, "SQLITE_FULL") || !runs.makeRoom()) throw error;
      return tail.drain();
    });

  const decide = async (): Promise<void> => {
    await takeWhatFits();
    const run = runs.find(runId);
    if (closed || run === null || !isActive(run.status) || run.attempt !== attempt) return;
    const verdict = judge(runDirs, runId, attempt);
    if (verdict.kind === "running" && stage !== null) stage = escalate(parts, run, stage, verdict.pids);
    missed = verdict.kind === "gone" ? missed + 1 : 0;
    if (verdict.kind === "ended" || missed >= 2) return end(verdict);
    if (verdict.kind === "starting" && clock.now() - since > START_LIMIT_MS) giveUpStart(run, verdict.claimed);
  };

  const end = async (verdict: Verdict): Promise<void> => {
    // Only what outlived its shim is left; without the shim nobody else ends it.
    if (verdict.kind === "gone") killLeftovers(parts, { id: runId, attempt });
    const disk = await readDisk(paths.dir);
    await takeLastWords();
    const run = runs.find(runId);
    if (run === null) return;
    const exit = verdict.kind === "ended" ? verdict.exit : null;
    const reason = verdict.kind === "gone" ? verdict.reason : undefined;
    finish(run, decideEnd({ run, outcome: runs.outcome(runId), exit, reason, disk }), exit?.endedAt ?? clock.now());
  };

  const giveUpStart = (run: Run, claimed: boolean): void => {
    // Whoever has the claim decides: with it in our hands the shim can't start any more.
    if (!claimed && !runDirs.takeClaim(runId, attempt)) return;
    const failure = {
      code: "start_failed",
      message: "The worker did not start within a minute.",
      remedy: "The machine may be overloaded. Start the run again.",
      traceback: null,
      exitCode: null,
      signal: null,
    } as const;
    finish(run, { status: "failed", failure }, clock.now());
  };

  const finish = (run: Run, { status, failure }: ReturnType<typeof decideEnd>, endedAt: number): void => {
    const moved = runs.move(runId, ["starting", "running", "stopping"], status, (current) => ({
      ...current,
      failure,
      endedAt,
      phase: null,
      ready: false,
    }));
    if (moved === null) return;
    log.info("task.ended", { runId, attempt, status, code: failure?.code, from: run.status });
    parts.bus.emit("run", { run: moved });
    void close();
    onEnd();
  };

  const look = (): Promise<void> => {
    chain = chain.then(decide).catch((error: unknown) => log.error("task.look_fault", { runId, error }));
    return chain;
  };

  const hint = (): void => {
    takeWhatFits().catch((error: unknown) => log.error("task.tail_fault", { runId, error }));
  };
  const unwatch = [
    watchFile(paths.events, hint),
    watchFile(paths.attempt(attempt).exit, () => void look()),
    watchFile(paths.attempt(attempt).pid, () => void look()),
  ];
  const timer = setInterval(() => void look(), LOOK_MS);

  const close = async (): Promise<void> => {
    closed = true;
    clearInterval(timer);
    for (const stop of unwatch) stop();
    await tail.close().catch((error: unknown) => log.error("task.tail_fault", { runId, error }));
  };

  return {
    look,
    stop(mode) {
      const run = runs.getOrThrow(runId);
      stage = askToStop(parts, run, mode);
    },
    async close() {
      await close();
      await chain;
    },
  };
}

/** Null when the folder is gone: then nothing is known about its disk. */
async function readDisk(path: string): Promise<Disk | null> {
  try {
    const { bavail, bsize } = await statfs(path);
    return { path, freeBytes: bavail * bsize };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}
