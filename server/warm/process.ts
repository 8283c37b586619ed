import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import type { Env } from "../env";
import { asProcessEnv, helperVariables } from "./variables";

export type HelperProcess = {
  /** Writes one question; waits where the pipe is full. */
  send(line: string): Promise<void>;
  /** Closes the question pipe: what is under way is still answered. */
  close(): void;
  kill(): void;
  readonly ended: Promise<HelperEnd>;
};

/** `idle`: it left because nobody asked; that is no fault. */
export type HelperEnd = { idle: boolean; reason: string };

type Options = { env: Pick<Env, "python" | "trainer">; idleSeconds: number; onLine(line: string): void };

const MAX_LINE_BYTES = 64_000_000;
const MAX_ERROR_CHARACTERS = 4_000;

/** `python -m trainer.inspect`: lives as long as it is asked, and no longer than this server, whose end closes its pipe. */
export function startHelper({ env, idleSeconds, onLine }: Options): HelperProcess {
  const child = spawn(env.python, ["-m", "trainer.inspect", String(idleSeconds)], {
    cwd: env.trainer,
    env: asProcessEnv({ ...helperVariables(process.env), PYTHONPATH: join(env.trainer, "src") }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-MAX_ERROR_CHARACTERS);
  });
  readLines(child, onLine);
  // A pipe that breaks is told by the end of the process.
  child.stdin.on("error", () => {});
  const ended = new Promise<HelperEnd>((resolve) => {
    child.on("error", (error) => resolve({ idle: false, reason: `${env.python} can't be started: ${error.message}` }));
    child.on("close", (code, signal) => resolve({ idle: code === 0, reason: lastLine(errors) ?? `it ended with ${signal ?? code}` }));
  });
  return {
    send: (line) =>
      new Promise((resolve) => {
        if (child.stdin.write(`${line}\n`)) resolve();
        else child.stdin.once("drain", resolve);
      }),
    close: () => child.stdin.end(),
    kill: () => child.kill("SIGKILL"),
    ended,
  };
}

function readLines(child: ChildProcessWithoutNullStreams, onLine: (line: string) => void): void {
  let parts: string[] = [];
  let size = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = text.split("\n");
    const rest = lines.pop() ?? "";
    for (const line of lines) {
      onLine(parts.length === 0 ? line : parts.join("") + line);
      parts = [];
      size = 0;
    }
    size += rest.length;
    if (size > MAX_LINE_BYTES) child.kill("SIGKILL");
    else if (rest !== "") parts.push(rest);
  });
}

const lastLine = (text: string): string | undefined => text.trim().split("\n").at(-1) || undefined;
