import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { AppError } from "./errors";
import { isAlive, readStartTicks } from "./stores/process-probe";
import { hasCode } from "./stores/run-dir";

const Holder = z.object({ pid: z.int(), startTicks: z.number() });

/** One server to a home: two would both write rows and start workers. Returns the release. */
export function lockHome(home: string): () => void {
  const path = join(home, "lock");
  for (let look = 0; look < 5; look++) {
    if (create(path)) return () => rmSync(path, { force: true });
    const holder = readHolder(path);
    if (holder !== null && isAlive(holder)) {
      throw new AppError(
        "home_locked",
        `Another Tuneboard (process ${holder.pid}) uses ${home}. Stop it, or start this one with another home: --home FOLDER.`,
        { params: { home, pid: holder.pid } },
      );
    }
    // Its holder is gone; whoever creates it first now has it.
    rmSync(path, { force: true });
  }
  throw new AppError("home_locked", `The lock ${path} could not be taken: other servers keep starting on this home.`, {
    params: { home, pid: 0 },
  });
}

function create(path: string): boolean {
  try {
    const file = openSync(path, "wx", 0o600);
    writeSync(file, JSON.stringify({ pid: process.pid, startTicks: readStartTicks(process.pid) ?? 0 }));
    closeSync(file);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

function readHolder(path: string): z.infer<typeof Holder> | null {
  try {
    return Holder.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Released between two looks, or cut short by a power failure: not held.
    return null;
  }
}
