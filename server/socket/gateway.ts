import type { Server as HttpServer, IncomingMessage } from "node:http";
import { Server } from "socket.io";
import { isOurs } from "../auth/origin";
import type { ServerContext } from "../context";
import { readLoad } from "../system/load";
import { createBatches } from "./batches";
import { createListPush } from "./list-push";
import { followLogs } from "./logs";
import { watchSlowClients } from "./slow";
import { subscribeRun } from "./subscribe-run";
import { type Io, type LiveSocket, logKey, runRoom, SLOW } from "./types";

const DEVICES_MS = 2000;

export type Gateway = { io: Io; close(): Promise<void> };

/** Live news for browsers: numbered batches to the room of a run, changed rows to everybody. */
export function openGateway(ctx: ServerContext, http: HttpServer): Gateway {
  const io: Io = new Server(http, {
    path: `${ctx.env.basePath}/socket.io`,
    transports: ["websocket"],
    serveClient: false,
    // A message to a room is encoded once only without compression; other upgrades are the front's business.
    perMessageDeflate: false,
    destroyUpgrade: false,
    maxHttpBufferSize: 64 * 1024,
    allowRequest: (req, answer) => answer(null, mayConnect(ctx, req)),
  });
  const slow = watchSlowClients(ctx, io);
  const batches = createBatches(io, slow);
  const lists = createListPush(io);
  const logs = followLogs(ctx, io);
  const off = [
    ctx.bus.on("events", (news) => batches.addEvents(news)),
    ctx.bus.on("run", ({ run }) => {
      batches.addRun(run);
      lists.upsert(run);
    }),
    ctx.bus.on("removed", ({ runId }) => lists.remove(runId)),
    ctx.bus.on("dataset", ({ dataset }) => void io.except(SLOW).emit("datasets:changed", { upserts: [dataset], removed: [] })),
    ctx.bus.on("datasetRemoved", ({ datasetId }) => void io.except(SLOW).emit("datasets:changed", { upserts: [], removed: [datasetId] })),
  ];
  const devices = setInterval(() => {
    if (io.of("/").sockets.size > 0) pushDevices(ctx, io).catch((error: unknown) => ctx.log.warn("socket.devices_fault", { error }));
  }, DEVICES_MS);

  io.on("connection", (socket: LiveSocket) => {
    socket.on("run:subscribe", (input, answer) => {
      subscribeRun(ctx, socket, input).then(answer, (error: unknown) => {
        ctx.log.error("socket.subscribe_fault", { error });
        answer({ kind: "refused", code: "internal", message: "The server could not read this run. Its log has the cause." });
      });
    });
    socket.on("run:unsubscribe", (input) => void socket.leave(runRoom(String(input?.runId))));
    socket.on("log:subscribe", (input, answer) => {
      logs.subscribe(socket, input).then(answer, (error: unknown) => ctx.log.error("socket.log_fault", { error }));
    });
    socket.on("log:unsubscribe", (input) => void socket.data.logs?.delete(logKey(input?.runId)));
  });

  return {
    io,
    async close() {
      for (const stop of off) stop();
      clearInterval(devices);
      slow.close();
      batches.close();
      lists.close();
      logs.close();
      await io.close();
    },
  };
}

/** The library's own origin setting does not hold for websockets: the check is here. */
const mayConnect = (ctx: ServerContext, req: IncomingMessage): boolean =>
  isOurs(ctx.env, req.headers) && ctx.session.isSignedIn(req.headers);

async function pushDevices(ctx: ServerContext, io: Io): Promise<void> {
  io.except(SLOW).emit("devices:changed", await readLoad(ctx));
}
