import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { checkHost, checkOrigin, isUnsafe } from "../auth/origin";
import type { ServerContext } from "../context";
import { AppError, statusOf, toWire } from "../errors";
import type { Pages } from "./pages";
import { apiPolicy, baseHeaders, pagePolicy } from "./policy";
import type { App } from "./router";

/** Everything that arrives on the port comes through here: who may ask, then API, files or pages. */
export function createFront(ctx: ServerContext, app: App, pages: Pages): RequestListener {
  const { basePath } = ctx.env;
  const api = getRequestListener(app.fetch, { overrideGlobalObjects: false });

  return (req, res) => {
    for (const [name, value] of Object.entries(baseHeaders)) res.setHeader(name, value);
    try {
      checkHost(ctx.env, req.headers);
      if (isUnsafe(req.method ?? "GET")) checkOrigin(req.headers);
    } catch (error) {
      if (error instanceof AppError) return refuse(res, error);
      throw error;
    }
    const url = req.url ?? "/";
    if (!isBelow(url, basePath)) return redirect(res, `${basePath}/`);
    const inner = url.slice(basePath.length) || "/";
    // Slashes in front are made one: "//host" in a redirect would lead to another site.
    const path = (inner.split("?", 1)[0] ?? "/").replace(/^\/+/, "/");
    if (isApi(path)) {
      req.url = inner;
      res.setHeader("content-security-policy", apiPolicy);
      void api(req, res);
      return;
    }
    openPage(req, res, inner, path);
  };

  function openPage(req: IncomingMessage, res: ServerResponse, inner: string, path: string): void {
    if (!pages.isPublic(path)) {
      const searchParams = new URLSearchParams(inner.split("?")[1] ?? "");
      const token = searchParams.get("token");
      // Only a page that a person opens: an image or a frame of another site must not use up the attempts.
      if (token !== null && (req.headers["sec-fetch-dest"] ?? "document") === "document") {
        exchange(req, res, token, path, searchParams);
        return;
      }
      if (!ctx.session.isSignedIn(req.headers)) {
        redirect(
          res,
          `${basePath}/login${path === "/" ? "" : `?next=${encodeURIComponent(path + inner.slice(inner.split("?", 1)[0]?.length ?? 0))}`}`,
        );
        return;
      }
    }
    const nonce = randomBytes(16).toString("base64");
    const policy = pagePolicy(nonce, { dev: ctx.env.nextPort !== null });
    // Next reads the nonce from the request, and puts it on all its scripts.
    req.headers["x-nonce"] = nonce;
    req.headers["content-security-policy"] = policy;
    res.setHeader("content-security-policy", policy);
    pages.serve(req, res, path);
  }

  /** `/?token=…`, as printed at start: a cookie instead of the token, and the token out of the address. */
  function exchange(req: IncomingMessage, res: ServerResponse, token: string, path: string, query: URLSearchParams): void {
    const address = req.socket.remoteAddress ?? "unknown";
    query.delete("token");
    const allowed = ctx.signInLimit.allows(address);
    const accepted = allowed && ctx.session.matchesToken(token);
    if (accepted) res.setHeader("set-cookie", ctx.session.issueCookie());
    else if (allowed) ctx.signInLimit.failed(address);
    redirect(res, accepted ? `${basePath}${path}${query.size > 0 ? `?${query}` : ""}` : `${basePath}/login`);
  }
}

const isBelow = (url: string, basePath: string): boolean =>
  basePath === "" || url === basePath || url.startsWith(`${basePath}/`) || url.startsWith(`${basePath}?`);

const isApi = (path: string): boolean => path === "/api" || path.startsWith("/api/") || path.startsWith("/v1/");

function refuse(res: ServerResponse, error: AppError): void {
  res.writeHead(statusOf(error.code), { "content-type": "application/json", "cache-control": "no-store" });
  res.end(JSON.stringify(toWire(error)));
}

function redirect(res: ServerResponse, location: string): void {
  res.writeHead(302, { location, "cache-control": "no-store" });
  res.end();
}
