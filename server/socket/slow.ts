import type { ServerContext } from "../context";
import { type Io, type LiveSocket, runRoom, SLOW } from "./types";

const BACKLOG_BYTES = 64 * 1024;
const STALLED_MS = 30_000;
const LOOK_MS = 500;

export type SlowClients = { look(room: string): void; close(): void };

/** A browser that does not read gets nothing more until it has caught up; memory stays bounded, and the others are not held up. */
export function watchSlowClients(ctx: ServerContext, io: Io): SlowClients {
  const look = (socket: LiveSocket): void => {
    if (socket.data.stalledSince !== undefined || backlogBytes(socket) <= BACKLOG_BYTES) return;
    socket.data.stalledSince = ctx.clock.now();
    void socket.join(SLOW);
  };
  const timer = setInterval(() => {
    for (const socket of io.of("/").sockets.values()) {
      look(socket);
      const since = socket.data.stalledSince;
      if (since === undefined) continue;
      if (backlogBytes(socket) === 0) welcomeBack(ctx, socket);
      else if (ctx.clock.now() - since > STALLED_MS) socket.disconnect(true);
    }
  }, LOOK_MS);
  return {
    look(room) {
      for (const id of io.of("/").adapter.rooms.get(room) ?? []) {
        const socket = io.of("/").sockets.get(id);
        if (socket) look(socket);
      }
    },
    close: () => clearInterval(timer),
  };
}

/** A batch that does not join on to what it has makes the browser subscribe again by its own number. */
function welcomeBack(ctx: ServerContext, socket: LiveSocket): void {
  delete socket.data.stalledSince;
  void socket.leave(SLOW);
  const newest = ctx.runs.list({ kind: "train", limit: 100 });
  socket.emit("runs:changed", { upserts: newest, removed: [] });
  for (const run of newest) {
    if (!socket.rooms.has(runRoom(run.id))) continue;
    socket.emit("run:batch", { runId: run.id, fromSeq: run.seq, seq: run.seq, run, columns: null, rewinds: [] });
  }
}

/** What waits in the library, and what the connection itself has not written yet. Neither has a public name. */
function backlogBytes(socket: LiveSocket): number {
  const packets: unknown = Reflect.get(socket.conn, "writeBuffer");
  const connection: unknown = Reflect.get(socket.conn.transport, "socket");
  const queued = Array.isArray(packets) ? packets.reduce((sum: number, packet: unknown) => sum + textLength(packet), 0) : 0;
  return queued + numberAt(connection, "bufferedAmount");
}

const textLength = (packet: unknown): number => {
  const data = typeof packet === "object" && packet !== null && "data" in packet ? packet.data : "";
  return typeof data === "string" ? data.length : 0;
};

const numberAt = (value: unknown, name: string): number => {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : 0;
  return typeof found === "number" ? found : 0;
};
