import type { IncomingMessage } from "node:http";
import type { Run } from "../../../lib/contract/run";
import { isEnded } from "../../../lib/domain/run-status";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { hasCode } from "../../stores/run-dir";
import { askWorker } from "./ask-worker";
import type { ChatRequest } from "./chat-request";
import { getChatChoice } from "./get-choice";
import { beginAnswer } from "./use";
import { ensureWorker, waitUntilReady, workerFailed } from "./workers";

export type Answer = { response: IncomingMessage; end(): void };
type Input = { request: ChatRequest; signal: AbortSignal };

/** Finds or starts the worker, waits for its weights and puts the question. `end` must be called when the answer is over. */
export async function completeChat(ctx: ServerContext, { request, signal }: Input): Promise<Answer> {
  const choice = getChatChoice(ctx, request.model);
  for (let tries = 0; ; tries++) {
    const worker = await ensureWorker(ctx, choice);
    const end = beginAnswer(worker.id, ctx.clock.now);
    try {
      const run = await waitUntilReady(ctx, worker);
      const spec = ctx.runDirs.spec(run.id, run.attempt);
      if (spec?.kind !== "chat") throw new AppError("internal", `${run.id} is not a chat worker`);
      return { response: await askWorker({ socketPath: spec.inputs.socketPath, body: request, signal }), end };
    } catch (error) {
      end();
      // A worker that was killed may still be listed as ready, and nobody can tell whether it died of this question: once more, with a new one.
      if (!isAway(error) && !isCutOff(error) && !hasDied(ctx, worker)) throw error;
      // Another question may have put a new one in its place, and its row is swept away then.
      const ended = ctx.runs.find(worker.id) === null ? worker : await ctx.tasks.waitFor(worker.id, (run) => isEnded(run.status), 30_000);
      if (tries > 0) throw workerFailed(ended);
    }
  }
}

/** It had answered before; one that ends while it loads would do so again. */
const hasDied = (ctx: ServerContext, worker: Run): boolean => worker.ready && isEnded(ctx.runs.find(worker.id)?.status ?? "lost");

/** Nobody was there to hear the question. */
const isAway = (error: unknown): boolean => hasCode(error, "ENOENT") || hasCode(error, "ECONNREFUSED");
const isCutOff = (error: unknown): boolean => hasCode(error, "ECONNRESET") || hasCode(error, "EPIPE");
