import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { API_PREFIX } from "../lib/contract/api";
import { isOurs } from "./auth/origin";
import type { ServerContext } from "./context";
import { createFront } from "./http/front";
import { createPages } from "./http/pages";
import { createRouter } from "./http/router";
import { mounts, routes } from "./http/routes";
import { followChecks, settleMissed } from "./services/datasets/bring/settle";
import { type Gateway, openGateway } from "./socket/gateway";

export type Running = { url: string; port: number; io: Gateway["io"]; close(): Promise<void> };

export class PortError extends Error {}

/** Takes the port first: a start that fails must not have started workers. Then takes over what ran before. */
export async function serve(ctx: ServerContext): Promise<Running> {
  const pages = await createPages(ctx.env, ctx.log);
  const app = createRouter(ctx, routes, mounts);
  const http = createServer(createFront(ctx, app, pages));
  // Long uploads and quiet streams are normal here.
  http.requestTimeout = 0;
  const gateway = openGateway(ctx, http);
  // An upgraded connection is no longer the server's to close: a development tunnel would keep it open for ever.
  const upgraded = new Set<Duplex>();
  http.on("upgrade", (req, socket, head) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
    if (req.url?.startsWith(`${ctx.env.basePath}/socket.io/`)) return;
    if (pages.upgrade && isOurs(ctx.env, req.headers)) pages.upgrade(req, socket, head);
    else socket.destroy();
  });
  const { port } = await listen(http, ctx.env);
  const unfollow = followChecks(ctx);
  await ctx.tasks.recover();
  await settleMissed(ctx);
  // The first request takes tens of ms, because code is compiled and routes are sorted: it is our own, while nobody waits.
  await app.request(`${API_PREFIX}/runs?limit=1`, { headers: { authorization: `Bearer ${ctx.session.token}` } });
  ctx.standby.open();
  return {
    url: `http://${hostForUrl(ctx.env.host)}:${port}${ctx.env.basePath}`,
    port,
    io: gateway.io,
    async close() {
      ctx.standby.close();
      unfollow();
      await gateway.close();
      http.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
      await new Promise<void>((resolve) => http.close(() => resolve()));
      await ctx.tasks.close();
      await ctx.tables.close();
      await ctx.warm.close();
      ctx.db.close();
    },
  };
}

function listen(http: Server, { host, port }: { host: string; port: number }): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    http.once("error", (error) => reject(toPortError(error, host, port)));
    http.listen(port, host, () => resolve(asTcpAddress(http.address())));
  });
}

function toPortError(error: Error, host: string, port: number): Error {
  const code = "code" in error ? error.code : "";
  if (code === "EADDRINUSE")
    return new PortError(`Port ${port} on ${host} is in use. Choose another one: --port ${port + 1}, or --port 0 for any free one.`);
  if (code === "EACCES") return new PortError(`Port ${port} may not be opened by this user. Choose one above 1023: --port 7860.`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new PortError(`${host} is no address of this machine. Use --host 127.0.0.1.`);
  return error;
}

const hostForUrl = (host: string): string => {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
};

// A TCP server that listens has an address of this shape.
const asTcpAddress = (address: ReturnType<Server["address"]>): AddressInfo => address as AddressInfo;
