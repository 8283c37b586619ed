import { SubscribeRun, type SubscribeRunAnswer } from "../../lib/contract/socket";
import type { ServerContext } from "../context";
import { type LiveSocket, runRoom } from "./types";

/** The missing rows where they are few, else a snapshot. Joined in the same tick as the read: batches go on from there. */
export async function subscribeRun(ctx: ServerContext, socket: LiveSocket, input: unknown): Promise<SubscribeRunAnswer> {
  const parsed = SubscribeRun.safeParse(input);
  if (!parsed.success) return { kind: "refused", code: "bad_request", message: parsed.error.issues[0]?.message ?? "Not a subscription." };
  const { runId, after, points } = parsed.data;
  if (ctx.runs.find(runId) === null) return { kind: "refused", code: "run_not_found", message: `There is no run ${runId}.` };
  const rows = after < 0 ? null : await ctx.series.after(runId, after, points);
  const window = rows === null ? await ctx.series.window(runId, { names: null, fromStep: null, toStep: null, points }) : null;
  void socket.join(runRoom(runId));
  const run = ctx.runs.find(runId);
  if (run === null) return { kind: "refused", code: "run_not_found", message: `Run ${runId} was deleted.` };
  if (rows !== null) return { kind: "rows", run, seq: rows.seq, columns: rows.columns };
  if (window !== null) return { kind: "snapshot", run, window };
  return { kind: "refused", code: "internal", message: "Neither rows nor a snapshot." };
}
