import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";
import type { ClientToServer, ServerToClient } from "../../lib/contract/socket";
import { isEnded } from "../../lib/domain/run-status";
import { compose } from "../compose";
import type { ServerContext } from "../context";
import { type Env, readEnv } from "../env";
import { type Log, silentLog } from "../log";
import { type Running, serve } from "../serve";
import { findByEnvironment, sendSignal } from "../stores/process-probe";
import { rehearsalLauncher } from "./rehearsal";

export type TestSocket = Socket<ServerToClient, ClientToServer>;
export type TestServer = {
  ctx: ServerContext;
  url: string;
  io: Running["io"];
  home: string;
  /** As a script: with the bearer, and the body as JSON. */
  fetch(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>;
  connect(headers?: Record<string, string>): TestSocket;
  /** Leaves the workers running, and the home where it is. */
  stop(): Promise<void>;
  /** Ends everything and removes the home. */
  remove(): Promise<void>;
};

/** A whole server on a home of its own and a free port, with the rehearsal worker. Pages are not mounted. */
export async function makeServer({
  home = makeHome(),
  log = silentLog,
  ...change
}: Partial<Env> & { log?: Log } = {}): Promise<TestServer> {
  const env = testEnv(home, change);
  const ctx = compose(env, log, { launcher: rehearsalLauncher(env) });
  const running = await serve(ctx);
  const sockets: TestSocket[] = [];
  let stopped = false;
  const server: TestServer = {
    ctx,
    url: running.url,
    io: running.io,
    home,
    fetch: (path, { json, headers, ...init } = {}) =>
      fetch(running.url + path, {
        ...(json !== undefined && { method: "POST", body: JSON.stringify(json) }),
        ...init,
        redirect: "manual",
        headers: {
          authorization: `Bearer ${ctx.session.token}`,
          ...(json !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
      }),
    connect(headers = { cookie: ctx.session.issueCookie().split(";")[0] ?? "" }) {
      const { origin } = new URL(running.url);
      const socket: TestSocket = io(origin, {
        path: `${env.basePath}/socket.io`,
        transports: ["websocket"],
        extraHeaders: headers,
        reconnection: false,
      });
      sockets.push(socket);
      return socket;
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      for (const socket of sockets) socket.close();
      await running.close();
    },
    async remove() {
      const active = ctx.db === null ? [] : await endWorkers(server, stopped);
      await server.stop();
      for (const id of active)
        for (const pid of findByEnvironment("TUNEBOARD_RUN_DIR", ctx.runDirs.paths(id).dir)) sendSignal(pid, "SIGKILL");
      rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
  return server;
}

export const makeHome = (): string => mkdtempSync(join(tmpdir(), "tb-"));

export function testEnv(home: string, change: Partial<Env> = {}): Env {
  const env = readEnv({
    TUNEBOARD_HOME: home,
    TUNEBOARD_PORT: "0",
    TUNEBOARD_NEXT_PORT: "1",
    TUNEBOARD_PYTHON: process.env.TUNEBOARD_PYTHON,
  });
  return { ...env, ...change };
}

async function endWorkers({ ctx }: TestServer, stopped: boolean) {
  if (stopped) return [];
  const all = ctx.runs.withStatus("queued", "starting", "running", "stopping").map(({ id }) => id);
  // Newest first: a waiting run must not take the place of the one that ends.
  for (const id of all.toReversed()) ctx.tasks.stop(id, "abort");
  for (const id of all) for (const pid of findByEnvironment("TUNEBOARD_RUN_DIR", ctx.runDirs.paths(id).dir)) sendSignal(pid, "SIGKILL");
  return all.filter((id) => !isEnded(ctx.runs.getOrThrow(id).status));
}
