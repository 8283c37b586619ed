import type { RunId } from "../../lib/contract/ids";
import type { Run, RunFailure } from "../../lib/contract/run";
import { canStop, isActive } from "../../lib/domain/run-status";
import { AppError } from "../errors";
import { forNextAttempt, newRun, newSpec } from "./new-run";
import type { TaskParts } from "./parts";
import { nextToStart } from "./scheduler";
import type { Tasks } from "./tasks";
import { judge } from "./verdict";
import { type Watch, watchRun } from "./watch";

const active = ["starting", "running", "stopping"] as const;

/** Queue, starts, watches and stops. Each side effect comes after the commit that announces it, and is safe to repeat. */
export function createTasks(parts: TaskParts): Tasks {
  const { runs, runDirs, bus, log, clock, launcher } = parts;
  const watches = new Map<RunId, Watch>();
  let closed = false;

  const tellQueue = (): void => {
    for (const run of runs.withStatus("queued")) bus.emit("run", { run });
  };

  const wake = (): void => {
    if (closed) return;
    for (const run of nextToStart(runs.withStatus("queued"), runs.withStatus(...active))) void start(run.id);
  };

  const watch = (run: Run): Watch => {
    const entry = watchRun(parts, run, () => {
      watches.delete(run.id);
      wake();
    });
    watches.set(run.id, entry);
    return entry;
  };

  const start = async (runId: RunId): Promise<void> => {
    const run = runs.move(runId, ["queued"], "starting");
    if (run === null) return;
    bus.emit("run", { run });
    tellQueue();
    log.info("task.starting", { runId, attempt: run.attempt, kind: run.spec.kind });
    try {
      const { dir, attempt } = runDirs.paths(runId);
      const spec = runDirs.spec(runId, run.attempt);
      if (spec === null) throw new Error(`${attempt(run.attempt).spec} is missing`);
      const attemptDir = attempt(run.attempt).dir;
      const processes = run.spec.kind === "train" ? run.spec.training.processes : 1;
      await launcher.start({ runId, attempt: run.attempt, runDir: dir, attemptDir, token: spec.token, kind: run.spec.kind, processes });
      if (!closed) follow(run);
    } catch (error) {
      log.error("task.start_failed", { runId, error });
      failStart(runId, error);
    }
  };

  const follow = (started: Run): void => {
    const entry = watch(started);
    // Somebody may have stopped it while its shim was being started.
    const run = runs.find(started.id);
    if (run?.status === "stopping") entry.stop(run.stopRequest ?? "stop");
    void entry.look();
  };

  const failStart = (runId: RunId, error: unknown): void => {
    const failure: RunFailure = {
      code: "start_failed",
      message: `The worker's program could not be started: ${error instanceof Error ? error.message : String(error)}`,
      remedy: "Check the Python environment: npm run setup. TUNEBOARD_PYTHON names another one.",
      traceback: null,
      exitCode: null,
      signal: null,
    };
    const run = runs.move(runId, ["starting", "stopping"], "failed", (current) => ({ ...current, failure, endedAt: clock.now() }));
    if (run !== null) bus.emit("run", { run });
    wake();
  };

  /** A start that was announced and perhaps not made: with the claim in our hands, it never will be. */
  const recoverOne = async (run: Run): Promise<void> => {
    const verdict = judge(runDirs, run.id, run.attempt);
    if (verdict.kind === "starting" && !verdict.claimed && runDirs.takeClaim(run.id, run.attempt)) {
      if (run.status === "stopping") {
        announce(runs.move(run.id, ["stopping"], "stopped", (current) => ({ ...current, endedAt: clock.now() })));
        return;
      }
      // A shim that comes late finds the claim of the new start: still only one of the two begins.
      runDirs.releaseClaim(run.id, run.attempt);
      announce(runs.move(run.id, ["starting"], "queued"));
      return;
    }
    log.info("task.adopted", { runId: run.id, attempt: run.attempt, offset: runs.logOffset(run.id), verdict: verdict.kind });
    const entry = watch(run);
    if (run.status === "stopping") entry.stop(run.stopRequest ?? "stop");
    await entry.look();
  };

  const announce = (run: Run | null): void => {
    if (run !== null) bus.emit("run", { run });
  };

  const tasks: Tasks = {
    enqueue(task) {
      const known = task.requestId === undefined ? null : runs.findByRequest(task.requestId);
      if (known !== null) return known;
      runDirs.prepare(newSpec(task.runId, 1, task.work));
      runs.insert(newRun(task, clock.now()), task.requestId);
      const run = runs.getOrThrow(task.runId);
      bus.emit("run", { run });
      setImmediate(wake);
      return run;
    },
    again(runId, work) {
      const ended = runs.getOrThrow(runId);
      runDirs.prepare(newSpec(runId, ended.attempt + 1, work));
      const run = runs.move(runId, ["stopped", "failed", "lost"], "queued", forNextAttempt);
      if (run === null) throw new AppError("cannot_resume", `Run ${ended.name} is ${ended.status}.`, { params: { status: ended.status } });
      bus.emit("run", { run });
      setImmediate(wake);
      return run;
    },
    stop(runId, mode) {
      const before = runs.getOrThrow(runId);
      if (!canStop(before)) {
        // The same wish twice is no fault.
        if (before.status === "stopping") return before;
        throw new AppError("run_not_active", `Run ${before.name} is ${before.status}; there is nothing to stop.`, {
          params: { status: before.status },
        });
      }
      const left = runs.move(runId, ["queued"], "stopped", (run) => ({ ...run, stopRequest: mode, endedAt: clock.now() }));
      if (left !== null) {
        bus.emit("run", { run: left });
        tellQueue();
        return left;
      }
      if (before.status === "stopping" && before.stopRequest === mode) return before;
      // The wish is in the row first: a crash between the two still ends in a stop.
      const wish = (run: Run): Run => ({ ...run, stopRequest: mode });
      const run = runs.move(runId, ["starting", "running"], "stopping", wish) ?? runs.change(runId, wish) ?? before;
      bus.emit("run", { run });
      watches.get(runId)?.stop(mode);
      return run;
    },
    control(runId, verb) {
      const run = runs.getOrThrow(runId);
      if (!isActive(run.status))
        throw new AppError("run_not_active", `Run ${run.name} is ${run.status}.`, { params: { status: run.status } });
      runDirs.appendControl(runId, run.attempt, verb, clock.now());
    },
    waitFor(runId, until, timeoutMs) {
      const now = runs.getOrThrow(runId);
      if (until(now)) return Promise.resolve(now);
      return new Promise((resolve, reject) => {
        const done = (): void => {
          clearTimeout(timer);
          off();
        };
        const off = bus.on("run", ({ run }) => {
          if (run.id !== runId || !until(run)) return;
          done();
          resolve(run);
        });
        const timer = setTimeout(() => {
          done();
          const last = runs.find(runId);
          reject(new Error(`run ${runId} is ${last?.status ?? "gone"} after ${timeoutMs} ms (${last?.failure?.message ?? "no failure"})`));
        }, timeoutMs);
      });
    },
    async recover() {
      await runDirs.finishDeletions((id) => runs.find(id) !== null);
      await Promise.all(runs.withStatus(...active).map(recoverOne));
      wake();
    },
    async close() {
      closed = true;
      await Promise.all([...watches.values()].map((entry) => entry.close()));
    },
  };
  return tasks;
}
