import type { IncomingHttpHeaders } from "node:http";
import type { Env } from "../env";
import { AppError } from "../errors";

/** A page of another site must not reach us under a name that it controls (DNS rebinding). */
export function checkHost(env: Env, headers: IncomingHttpHeaders): void {
  const host = headers.host ?? "";
  if (isAllowedHost(env, host)) return;
  throw new AppError(
    "forbidden_host",
    `This server does not answer to the name ${host}. Add it to TUNEBOARD_ALLOWED_HOSTS if it is yours.`,
    {
      params: { host },
    },
  );
}

/** Requests that change something, and sockets, come from our own pages or from no page at all. */
export function checkOrigin(headers: IncomingHttpHeaders): void {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  const foreign = origin === undefined ? site === "cross-site" || site === "same-site" : hostOf(origin) !== host;
  if (foreign) {
    throw new AppError("forbidden_origin", `Requests from pages of ${origin ?? "another site"} are not accepted.`, {
      params: { origin: origin ?? "" },
    });
  }
}

/** The same question for a connection that can only be taken or dropped. */
export function isOurs(env: Env, headers: IncomingHttpHeaders): boolean {
  try {
    checkHost(env, headers);
    checkOrigin(headers);
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

export const isUnsafe = (method: string): boolean => !["GET", "HEAD", "OPTIONS"].includes(method);

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

function isAllowedHost(env: Env, host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return [...loopbackNames, env.host.toLowerCase(), ...env.allowedHosts.map((allowed) => allowed.toLowerCase())].includes(name);
}

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);
