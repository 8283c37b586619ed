import type { Run } from "../../../lib/contract/run";
import type { ModelInput } from "../../../lib/contract/worker-spec";
import { isEnded } from "../../../lib/domain/run-status";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { newRunId } from "../../ids";
import { discardRun } from "../runs/discard";
import { resolveTarget } from "./resolve-target";
import { socketPath } from "./socket-path";
import { type ChatChoice, sameTarget } from "./targets";
import { answersInProgress, lastUsedAt } from "./use";

const MAX_LIVE_WORKERS = 2;
const IDLE_SECONDS = 600;
const LEAVE_TIMEOUT_MS = 60_000;
const LOAD_TIMEOUT_MS = 15 * 60_000;
const KEEP_FAILED = 5;

/** The worker of this target that is loading or ready; one is started where there is none. */
export async function ensureWorker(ctx: ServerContext, choice: ChatChoice): Promise<Run> {
  const model = await resolveTarget(ctx, choice.target);
  for (;;) {
    // From here to the start nothing waits: two questions at once find one worker.
    const found = findWorker(ctx, choice);
    if (found) return found;
    const live = liveWorkers(ctx);
    if (live.length < MAX_LIVE_WORKERS) return startWorker(ctx, choice, model);
    const leaving = live.find((run) => run.status === "stopping") ?? sendAway(ctx, live);
    await ctx.tasks.waitFor(leaving.id, (run) => isEnded(run.status), LEAVE_TIMEOUT_MS);
  }
}

/** Resolves with the worker once it answers; a worker that ended before tells why. */
export async function waitUntilReady(ctx: ServerContext, worker: Run): Promise<Run> {
  const run = await ctx.tasks.waitFor(worker.id, (row) => row.ready || isEnded(row.status), LOAD_TIMEOUT_MS);
  if (!isEnded(run.status)) return run;
  throw workerFailed(run);
}

export function workerFailed(run: Run): AppError {
  const reason = run.failure?.message ?? `The worker ended (${run.status}) before it could answer.`;
  const remedy = run.failure?.remedy ?? "Ask again.";
  return new AppError("chat_worker_failed", `${run.name} can't answer: ${reason} ${remedy}`, {
    params: { name: run.name, reason, remedy, failure: run.failure?.code ?? "worker_vanished" },
  });
}

export const findWorker = (ctx: ServerContext, choice: ChatChoice): Run | undefined =>
  liveWorkers(ctx).find((run) => run.status !== "stopping" && run.spec.kind === "chat" && sameTarget(run.spec.target, choice.target));

const liveWorkers = (ctx: ServerContext): Run[] =>
  ctx.runs.withStatus("queued", "starting", "running", "stopping").filter((run) => run.spec.kind === "chat");

function startWorker(ctx: ServerContext, choice: ChatChoice, model: ModelInput): Run {
  sweepChats(ctx);
  const runId = newRunId();
  const name = choice.label
    .replace(/[\p{Cc}/\\]/gu, "-")
    .slice(0, 80)
    .trim();
  return ctx.tasks.enqueue({
    runId,
    work: {
      kind: "chat",
      job: { kind: "chat", name, target: choice.target, idleSeconds: IDLE_SECONDS },
      inputs: { model, socketPath: socketPath(ctx.env.home, runId) },
    },
    labels: { model: choice.label, data: null },
  });
}

function sendAway(ctx: ServerContext, live: Run[]): Run {
  const idle = live
    .filter((run) => answersInProgress(run.id) === 0)
    .sort((a, b) => (lastUsedAt(a.id) ?? a.createdAt) - (lastUsedAt(b.id) ?? b.createdAt));
  const [oldest] = idle;
  if (oldest === undefined)
    throw new AppError("chat_worker_busy", `${MAX_LIVE_WORKERS} models are in the middle of an answer. Wait for one of them, or stop it.`, {
      params: { limit: MAX_LIVE_WORKERS },
    });
  return ctx.tasks.stop(oldest.id, "abort");
}

/** Ended chats leave nothing behind, but for the last few that failed: their logs tell why. */
export function sweepChats(ctx: ServerContext): void {
  const ended = ctx.runs.list({ kind: "chat", limit: 1000 }).filter((run) => isEnded(run.status));
  const kept = new Set(
    ended
      .filter((run) => run.status === "failed")
      .slice(0, KEEP_FAILED)
      .map((run) => run.id),
  );
  for (const { id } of ended.filter((run) => !kept.has(run.id))) {
    discardRun(ctx, id).catch((error: unknown) => ctx.log.warn("chat.sweep_failed", { runId: id, error }));
  }
}
