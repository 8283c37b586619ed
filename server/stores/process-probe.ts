import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A process is known by its number and its start: numbers are used again. Null when it is gone or a zombie. */
export function readStartTicks(pid: number): number | null {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

/** Empty where there is no /proc, as the shim writes it there. */
export const readBootId = (): string =>
  process.platform === "linux" ? readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim() : "";

/** Whether the process of a record still runs; the shim writes 0 ticks where it has no /proc. */
export function isAlive({ pid, startTicks }: { pid: number; startTicks: number }): boolean {
  const ticks = readStartTicks(pid);
  return ticks !== null && (startTicks === 0 || ticks === startTicks);
}

/** Processes that carry `NAME=value` in their environment: what a worker left behind when its shim was killed. */
export function findByEnvironment(name: string, value: string): number[] {
  if (process.platform !== "linux") return [];
  const wanted = `${name}=${value}`;
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && readProc(`/proc/${entry}/environ`)?.split("\0").includes(wanted))
    .map(Number);
}

/** False when there is no such process any more. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

function fromProc(pid: number): number | null {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name may hold spaces and brackets: fields are counted after the last one. State is field 3, start time 22.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? null : Number(fields[19]);
}

function fromPs(pid: number): number | null {
  try {
    const text = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    }).trim();
    const [state = "", ...start] = text.split(/\s+/);
    return text === "" || state.startsWith("Z") ? null : Math.floor(Date.parse(start.join(" ")) / 1000);
  } catch {
    // ps answers 1 for a process that is gone.
    return null;
  }
}

function readProc(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Gone in the meantime, or another user's: neither is ours.
    return null;
  }
}
