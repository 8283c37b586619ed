import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InstalledArguments } from "../../lib/contract/arguments";
import type { ServerContext } from "../context";
import { runPython } from "../python";
import { readEnvironment } from "./environment";

const TIMEOUT_MS = 120_000;
const known = new Map<string, Promise<InstalledArguments | null>>();

/** The arguments of the installed trl and transformers; nothing is asked where nothing is to be checked. Null where Python can't tell: the worker then checks. */
export async function readArguments(ctx: Pick<ServerContext, "env" | "log">, asked: object): Promise<InstalledArguments | null> {
  return Object.keys(asked).length === 0 ? null : installedArguments(ctx);
}

/** Importing trl takes seconds, so the answer is kept on the disk for these versions and this trainer. */
export async function installedArguments(ctx: Pick<ServerContext, "env" | "log">): Promise<InstalledArguments | null> {
  const { report } = await readEnvironment(ctx);
  const versions =
    report?.packages.filter(({ name }) => ["trl", "transformers"].includes(name)).map(({ version }) => version ?? "none") ?? [];
  const source = await stat(join(ctx.env.trainer, "src", "trainer", "more.py"));
  const key = [...versions, Math.round(source.mtimeMs).toString(36)].join("-").replace(/[^\w.-]/g, "_");
  const asked = known.get(key) ?? learn(ctx, join(ctx.env.home, "cache", `arguments-${key}.json`));
  known.set(key, asked);
  const answer = await asked;
  if (answer === null) known.delete(key);
  return answer;
}

async function learn(ctx: Pick<ServerContext, "env" | "log">, path: string): Promise<InstalledArguments | null> {
  const kept = await readKept(path);
  if (kept !== null) return kept;
  const { code, lastLine, errorText } = await runPython(ctx, ["trainer.more"], { timeoutMs: TIMEOUT_MS });
  const parsed = code === 0 ? InstalledArguments.safeParse(JSON.parse(lastLine)) : null;
  if (!parsed?.success) {
    ctx.log.warn("arguments.unreadable", { code, error: errorText || parsed?.error });
    return null;
  }
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(`${path}.tmp`, lastLine);
  await rename(`${path}.tmp`, path);
  return parsed.data;
}

async function readKept(path: string): Promise<InstalledArguments | null> {
  const text = await readFile(path, "utf8").catch(() => null);
  // A file of another release, or a torn one, is learnt again.
  const parsed = text === null ? null : InstalledArguments.safeParse(parseJson(text));
  return parsed?.success ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
