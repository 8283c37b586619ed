import { isEnded } from "../../../lib/domain/run-status";
import type { ServerContext } from "../../context";
import { getChatChoice } from "./get-choice";
import { findWorker } from "./workers";

const TIMEOUT_MS = 60_000;

/** Answers once the memory is free. An answer in progress ends. */
export async function unloadChat(ctx: ServerContext, { model }: { model: string }): Promise<{ ok: true }> {
  const worker = findWorker(ctx, getChatChoice(ctx, model));
  if (worker) {
    ctx.tasks.stop(worker.id, "abort");
    await ctx.tasks.waitFor(worker.id, (run) => isEnded(run.status), TIMEOUT_MS);
  }
  return { ok: true };
}
