import type { RunId } from "../../lib/contract/ids";
import { type LogAppend, SubscribeLog } from "../../lib/contract/socket";
import type { ServerContext } from "../context";
import { readLog } from "../stores/run-log";
import type { Io, LiveSocket } from "./types";

const LOOK_MS = 200;
const SLICE_BYTES = 128 * 1024;

/** A worker's output is read only while somebody looks at it. */
export function followLogs(ctx: ServerContext, io: Io) {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    pushAll(ctx, io)
      .catch((error: unknown) => ctx.log.warn("socket.log_fault", { error }))
      .finally(() => {
        busy = false;
      });
  }, LOOK_MS);
  return {
    async subscribe(socket: LiveSocket, input: unknown): Promise<LogAppend> {
      const { runId, from } = SubscribeLog.parse(input);
      const slice = await read(ctx, runId, from);
      socket.data.logs ??= new Map();
      socket.data.logs.set(runId, slice.to);
      return slice;
    },
    close: () => clearInterval(timer),
  };
}

async function pushAll(ctx: ServerContext, io: Io): Promise<void> {
  for (const socket of io.of("/").sockets.values()) {
    if (socket.data.stalledSince !== undefined) continue;
    for (const [runId, sent] of socket.data.logs ?? []) {
      const slice = await read(ctx, runId, sent);
      // It may have left, or asked again from elsewhere, while the file was read.
      if (slice.text === "" || socket.data.logs?.get(runId) !== sent) continue;
      socket.data.logs.set(runId, slice.to);
      socket.emit("log:append", slice);
    }
  }
}

async function read(ctx: ServerContext, runId: RunId, from: number): Promise<LogAppend> {
  const run = ctx.runs.find(runId);
  if (run === null) return { runId, from, to: from, text: "" };
  const slice = await readLog(ctx.runDirs, runId, run.attempt, { from, limit: SLICE_BYTES });
  return { runId, from: slice.from, to: slice.to, text: slice.text };
}
