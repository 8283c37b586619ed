import { existsSync, readdirSync } from "node:fs";
import { type IncomingMessage, request, Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { Env } from "../env";
import type { Log } from "../log";

export type Pages = {
  /** The sign-in page and the files that it needs. */
  isPublic(path: string): boolean;
  serve(req: IncomingMessage, res: ServerResponse, path: string): void;
  /** Null in production: there is no other websocket than socket.io's. */
  upgrade: ((req: IncomingMessage, socket: Duplex, head: Buffer) => void) | null;
};

export async function createPages(env: Env, log: Log): Promise<Pages> {
  const files = new Set(["/login", "/favicon.ico", "/icon.svg", ...listPublicFiles(env.root)]);
  const folders = env.nextPort === null ? ["/_next/static/"] : ["/_next/", "/__nextjs"];
  const isPublic = (path: string): boolean => files.has(path) || folders.some((folder) => path.startsWith(folder));
  if (env.nextPort !== null) return { isPublic, ...passToDevServer(env.nextPort, log) };
  return { isPublic, serve: await mountBuild(env, log), upgrade: null };
}

function passToDevServer(port: number, log: Log): Pick<Pages, "serve" | "upgrade"> {
  return {
    serve(req, res) {
      const inner = request({ host: "127.0.0.1", port, method: req.method, path: req.url, headers: req.headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, withoutPolicy(answer.headers));
        answer.pipe(res);
      });
      inner.on("error", (error) => {
        log.warn("pages.dev_server_away", { port, error });
        if (!res.headersSent) res.writeHead(502, { "content-type": "text/plain" });
        res.end("The development server for pages is starting. Load again in a moment.");
      });
      req.pipe(inner);
    },
    upgrade(req, socket, head) {
      const inner = connect(port, "127.0.0.1", () => {
        const lines = Object.entries(req.headers).map(([name, value]) => `${name}: ${String(value)}`);
        inner.write(`${req.method} ${req.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
        inner.write(head);
        inner.pipe(socket).pipe(inner);
      });
      inner.on("error", () => socket.destroy());
      socket.on("error", () => inner.destroy());
    },
  };
}

async function mountBuild(env: Env, log: Log): Promise<Pages["serve"]> {
  const { default: next } = await import("next");
  const { default: sirv } = await import("sirv");
  // Next hooks itself into the server that it is given; it gets one that never listens.
  const app = next({ dev: false, dir: env.root, httpServer: new Server(), quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  const folder = join(env.root, ".next", "static");
  const files = sirv(folder, { immutable: true, maxAge: 31_536_000, brotli: true, gzip: true, etag: true });
  return (req, res, path) => {
    const answerPage = (): void => {
      handle(req, res).catch((error: unknown) => {
        log.error("pages.fault", { path, error });
        if (!res.headersSent) res.writeHead(500, { "content-type": "text/plain" });
        res.end("This page met a fault. The server's log has the cause.");
      });
    };
    const prefix = `${env.basePath}/_next/static`;
    const url = req.url ?? "/";
    if (!url.startsWith(`${prefix}/`)) return answerPage();
    req.url = url.slice(prefix.length);
    files(req, res, () => {
      req.url = url;
      answerPage();
    });
  };
}

const listPublicFiles = (root: string): string[] => {
  const folder = join(root, "public");
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map((name) => `/${String(name)}`) : [];
};

/** Ours is set already. */
const withoutPolicy = (headers: IncomingMessage["headers"]): IncomingMessage["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "content-security-policy"));
