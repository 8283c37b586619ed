import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
    setAside(path);
  }
  throw new AppError("home_locked", `The lock ${path} could not be taken: other servers keep starting on this home.`, {
    params: { home, pid: 0 },
  });
}

function create(path: string): boolean {
  const own = `${path}.${process.pid}`;
  try {
    writeFileSync(own, JSON.stringify({ pid: process.pid, startTicks: readStartTicks(process.pid) ?? 0 }), { mode: 0o600 });
    // It appears with its content: nobody ever reads half a lock.
    linkSync(own, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Its holder is gone. Of several that see this, one moves it away; if that was a new lock already, it goes back. */
function setAside(path: string): void {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
    const holder = readHolder(aside);
    if (holder !== null && isAlive(holder)) linkSync(aside, path);
  } catch (error) {
    if (!hasCode(error, "ENOENT") && !hasCode(error, "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
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
