import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const port = z.coerce.number().int("A port is a whole number.").min(0, "A port is 0 to 65535.").max(65_535, "A port is 0 to 65535.");
const seconds = z.coerce.number().positive();
const list = (separator: string) =>
  z.string().transform((text) =>
    text
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );

const Variables = z.object({
  TUNEBOARD_HOME: z.string().min(1).default(join(homedir(), ".tuneboard")),
  TUNEBOARD_HOST: z.string().min(1).default("127.0.0.1"),
  TUNEBOARD_PORT: port.default(7860),
  TUNEBOARD_BASE_PATH: z
    .string()
    .regex(/^(\/[A-Za-z0-9._~-]+)*$/, "A base path looks like /studio: a leading slash and no slash at the end.")
    .default(""),
  TUNEBOARD_ALLOWED_HOSTS: list(",").default([]),
  TUNEBOARD_PYTHON: z.string().min(1).default("python3"),
  TUNEBOARD_TRAINER: z.string().min(1).optional(),
  TUNEBOARD_MODEL_ROOTS: list(":").optional(),
  TUNEBOARD_NEXT_PORT: port.optional(),
  TUNEBOARD_TOKEN: z.string().min(16, "TUNEBOARD_TOKEN has at least 16 characters.").optional(),
  TUNEBOARD_STOP_SECONDS: seconds.default(600),
  TUNEBOARD_ABORT_SECONDS: seconds.default(15),
  TUNEBOARD_GRACE_SECONDS: seconds.default(20),
  TUNEBOARD_STANDBY: z.enum(["on", "off"], "TUNEBOARD_STANDBY is on or off.").default("on"),
});

export type Env = {
  home: string;
  host: string;
  /** 0 lets the machine choose. */
  port: number;
  /** "" or a path such as /studio. */
  basePath: string;
  allowedHosts: string[];
  python: string;
  /** The repository's or the bundle's root, where app, trainer and public lie. */
  root: string;
  /** The folder `trainer`. */
  trainer: string;
  /** Folders under which a local model may be added. */
  modelRoots: string[];
  /** Port of the `next dev` child; null in production. */
  nextPort: number | null;
  /** A token given from outside instead of the one kept in the home. */
  token: string | null;
  stopSeconds: number;
  abortSeconds: number;
  graceSeconds: number;
  /** Whether a worker with its imports done may wait for the next training. */
  keepsStandby: boolean;
};

export class EnvError extends Error {}

export function readEnv(variables: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(variables).filter(([name, value]) => name.startsWith("TUNEBOARD_") && value !== ""));
  const parsed = Variables.safeParse(given);
  if (!parsed.success) {
    const shown: Record<string, string | undefined> = { ...given, ...(given.TUNEBOARD_TOKEN && { TUNEBOARD_TOKEN: "[hidden]" }) };
    const lines = parsed.error.issues.map((issue) => `${issue.path.join(".")}=${shown[String(issue.path[0])] ?? ""}: ${issue.message}`);
    throw new EnvError(lines.join("\n"));
  }
  const v = parsed.data;
  const home = resolve(v.TUNEBOARD_HOME);
  const root = findRoot();
  return {
    home,
    host: v.TUNEBOARD_HOST,
    port: v.TUNEBOARD_PORT,
    basePath: v.TUNEBOARD_BASE_PATH,
    allowedHosts: v.TUNEBOARD_ALLOWED_HOSTS,
    python: v.TUNEBOARD_PYTHON,
    root,
    trainer: resolve(v.TUNEBOARD_TRAINER ?? join(root, "trainer")),
    modelRoots: (v.TUNEBOARD_MODEL_ROOTS ?? [homedir(), home]).map((path) => resolve(path)),
    nextPort: v.TUNEBOARD_NEXT_PORT ?? null,
    token: v.TUNEBOARD_TOKEN ?? null,
    stopSeconds: v.TUNEBOARD_STOP_SECONDS,
    abortSeconds: v.TUNEBOARD_ABORT_SECONDS,
    graceSeconds: v.TUNEBOARD_GRACE_SECONDS,
    keepsStandby: v.TUNEBOARD_STANDBY === "on",
  };
}

/** This file is server/env.ts in development and part of dist/server.mjs in production: the root is one folder up from both. */
const findRoot = (): string => resolve(dirname(fileURLToPath(import.meta.url)), "..");
