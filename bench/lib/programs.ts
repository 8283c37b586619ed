import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..", "..");
export const python = process.env.TUNEBOARD_PYTHON ?? join(root, ".venv", "bin", "python");

export type Finished = { seconds: number; peakBytes: number; stdout: string };

/** Runs a program to its end; seconds from spawn to exit, peak resident memory as the kernel counts it (VmHWM). */
export function runProgram(command: string, args: string[], { env = {} }: { env?: Record<string, string> } = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    let peakBytes = 0;
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr = (stderr + chunk).slice(-4000);
    });
    const look = setInterval(() => {
      peakBytes = Math.max(peakBytes, peakOf(child));
    }, 20);
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(look);
      const seconds = (performance.now() - started) / 1000;
      if (code === 0) resolve({ seconds, peakBytes, stdout });
      else reject(new Error(`${command} ${args.join(" ")} ended with ${code}\n${stderr}\n${stdout.slice(-2000)}`));
    });
  });
}

/** The last line of a script's output, read as JSON. */
export function lastJson<T>(stdout: string): T {
  const line = stdout.trim().split("\n").at(-1);
  if (!line) throw new Error("the script printed nothing");
  return JSON.parse(line);
}

/** The high-water mark of a process, 0 once it is gone. It only rises, so looking often misses at most the last instant. */
function peakOf(child: ChildProcess): number {
  try {
    const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
    return match ? Number(match[1]) * 1024 : 0;
  } catch {
    return 0; // the process has ended
  }
}
