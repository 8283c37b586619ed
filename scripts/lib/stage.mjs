import { spawn } from "node:child_process";

/** A stage that fails says what to do; the scripts print it and end with code 1, without a stack. */
export class StageError extends Error {
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

const running = new Set();

/** Runs `work`, tells what it does and for how long; several at once share the last line. `work` may return a word to show. */
export async function stage(label, work) {
  const started = performance.now();
  running.add(label);
  say();
  try {
    const note = await work();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    running.delete(label);
    say(`  ✓ ${label}${note ? ` — ${note}` : ""}${note === "up to date" ? "" : ` (${seconds} s)`}`);
  } catch (error) {
    running.delete(label);
    say(`  ✗ ${label}`);
    throw error;
  }
}

/** A line that stays, and below it, on a terminal, what is being done. */
function say(line) {
  const live = process.stdout.isTTY;
  if (live) process.stdout.write("\r\x1b[K");
  if (line !== undefined) process.stdout.write(`${line}\n`);
  // A line that wraps could not be taken back.
  if (live && running.size > 0) process.stdout.write(`  … ${[...running].join(" · ")}`.slice(0, process.stdout.columns - 1));
}

/** Runs a program to its end, output kept; on failure the last lines and the remedy are shown. */
export function run(command, args, { cwd, env, remedy, onLine, timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs });
    let tail = "";
    let stdout = "";
    const take = (chunk, isOut) => {
      const text = chunk.toString();
      if (isOut) stdout += text;
      tail = (tail + text).slice(-6000);
      if (onLine) for (const line of text.split("\n")) if (line.trim()) onLine(line);
    };
    child.stdout.on("data", (chunk) => take(chunk, true));
    child.stderr.on("data", (chunk) => take(chunk, false));
    child.on("error", (error) => reject(new StageError(`${command} could not be started: ${error.message}`, remedy)));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(stdout);
      const lines = tail.trim().split("\n").slice(-25).join("\n    ");
      reject(new StageError(`${[command, ...args].join(" ")} ended with ${signal ?? `code ${code}`}:\n    ${lines}`, remedy));
    });
  });
}

/** Runs a program with our own terminal; resolves with its exit code. */
export function runVisible(command, args, { cwd, env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: "inherit" });
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code, signal) => resolve(code ?? (signal ? 128 : 1)));
  });
}

/** Ends a script on a StageError with its sentence and remedy. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    console.error(`\n${error.message}`);
    if (error.remedy) console.error(`\nWhat to do: ${error.remedy}`);
    process.exit(1);
  }
}
