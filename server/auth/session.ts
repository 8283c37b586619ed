import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock";
import type { Env } from "../env";
import { newToken } from "../ids";
import { writeDurably } from "../stores/run-dir";

const LIFETIME_MS = 90 * 24 * 3600 * 1000;

/** One person, one token: exchanged once for a signed cookie, or sent as a bearer by scripts. */
export type SessionKeys = {
  token: string;
  cookieName: string;
  matchesToken(candidate: string): boolean;
  /** Value of a `Set-Cookie` header. */
  issueCookie(): string;
  clearCookie(): string;
  isSignedIn(headers: { cookie?: string | undefined; authorization?: string | undefined }): boolean;
};

export function createSessionKeys(env: Env, clock: Clock): SessionKeys {
  const token = env.token ?? readOrMake(join(env.home, "token"), newToken);
  const secret = readOrMake(join(env.home, "secret"), () => randomBytes(32).toString("base64url"));
  // Browsers share cookies between ports of one host: two homes must not sign each other out.
  const cookieName = `tb-session-${createHash("sha256").update(env.home).digest("hex").slice(0, 8)}`;
  const attributes = `Path=${env.basePath || "/"}; HttpOnly; SameSite=Strict`;
  // A new token makes all cookies of the old one invalid.
  const sign = (expires: string): string => createHmac("sha256", `${secret}.${token}`).update(expires).digest("base64url");
  const isValidCookie = (value: string): boolean => {
    const [expires = "", signature = ""] = value.split(".");
    return equalInConstantTime(signature, sign(expires)) && Number(expires) > clock.now();
  };
  const matchesToken = (candidate: string): boolean => equalInConstantTime(candidate, token);
  return {
    token,
    cookieName,
    matchesToken,
    issueCookie() {
      const expires = String(clock.now() + LIFETIME_MS);
      return `${cookieName}=${expires}.${sign(expires)}; Max-Age=${LIFETIME_MS / 1000}; ${attributes}`;
    },
    clearCookie: () => `${cookieName}=; Max-Age=0; ${attributes}`,
    isSignedIn({ cookie, authorization }) {
      const bearer = authorization?.match(/^Bearer (.+)$/i)?.[1];
      if (bearer !== undefined && matchesToken(bearer)) return true;
      const value = readCookie(cookie ?? "", cookieName);
      return value !== null && isValidCookie(value);
    },
  };
}

export type AttemptLimit = { allows(address: string): boolean; failed(address: string): void };

/** Ten wrong tokens at once, then one every six seconds, for each address. */
export function createAttemptLimit(clock: Clock, burst = 10, refillMs = 6000): AttemptLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  const current = (address: string) => {
    const now = clock.now();
    const bucket = buckets.get(address) ?? { left: burst, at: now };
    return { left: Math.min(burst, bucket.left + (now - bucket.at) / refillMs), at: now };
  };
  return {
    allows: (address) => current(address).left >= 1,
    failed(address) {
      if (buckets.size > 10_000) buckets.clear();
      const bucket = current(address);
      buckets.set(address, { ...bucket, left: bucket.left - 1 });
    },
  };
}

function readOrMake(path: string, make: () => string): string {
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  const value = make();
  writeDurably(path, `${value}\n`);
  return value;
}

/** Compares digests, so that neither length nor content shows in the time taken. */
function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function readCookie(header: string, name: string): string | null {
  const part = header.split(";").find((candidate) => candidate.trim().startsWith(`${name}=`));
  return part === undefined ? null : part.trim().slice(name.length + 1);
}
