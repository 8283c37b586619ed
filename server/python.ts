import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ServerContext } from "./context";
import { AppError } from "./errors";

type Options = { timeoutMs: number; onLine?: (line: string) => void; signal?: AbortSignal };
export type PythonResult = { code: number | null; lastLine: string; errorText: string };

const MAX_ERROR_CHARACTERS = 4_000;

/** Runs one of the trainer's helpers that answer once: `python -m <module> …`. What it says on stdout comes line by line. */
export function runPython(ctx: Pick<ServerContext, "env">, args: string[], { timeoutMs, onLine, signal }: Options): Promise<PythonResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(ctx.env.python, ["-m", ...args], {
      env: { ...process.env, ...helperEnvironment(ctx) },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      signal,
    });
    let lastLine = "";
    let errorText = "";
    createInterface({ input: child.stdout }).on("line", (line) => {
      lastLine = line;
      onLine?.(line);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errorText = (errorText + text).slice(-MAX_ERROR_CHARACTERS);
    });
    child.on("error", (cause) => reject(missing(ctx.env.python, cause)));
    child.on("close", (code) => resolve({ code, lastLine, errorText: errorText.trim() }));
  });
}

/** Text in, bytes out, as fast as whoever reads takes them. A reader that leaves ends it; a fault breaks what is read. */
export function pipePython(ctx: Pick<ServerContext, "env">, args: string[], input: AsyncIterable<Uint8Array>): Readable {
  const child = spawn(ctx.env.python, ["-m", ...args], { env: { ...process.env, ...helperEnvironment(ctx) }, stdio: "pipe" });
  const output = new PassThrough();
  const source = Readable.from(input);
  let errorText = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errorText = (errorText + text).slice(-MAX_ERROR_CHARACTERS);
  });
  pipeline(source, child.stdin).catch((error: NodeJS.ErrnoException) => {
    // It left before all was read: its own end says why.
    if (error.code !== "EPIPE") output.destroy(error);
  });
  child.stdout.pipe(output, { end: false });
  child.on("error", (cause) => output.destroy(missing(ctx.env.python, cause)));
  child.on("close", (code) => {
    if (code === 0) output.end();
    else output.destroy(new AppError("helper_failed", `${args[0]} ended with ${code}.`, { params: { reason: errorText.trim() } }));
  });
  output.on("close", () => {
    child.kill("SIGKILL");
    source.destroy();
  });
  return output;
}

const helperEnvironment = ({ env }: Pick<ServerContext, "env">): Record<string, string> => ({
  PYTHONPATH: join(env.trainer, "src"),
  PYTHONUNBUFFERED: "1",
  PYTHONDONTWRITEBYTECODE: "1",
  HF_HUB_DISABLE_TELEMETRY: "1",
  TOKENIZERS_PARALLELISM: "false",
});

const missing = (python: string, cause: Error): AppError =>
  new AppError(
    "trainer_missing",
    `${python} can't be started: ${cause.message}. Run \`npm run setup\`, or set TUNEBOARD_PYTHON to a Python that has the trainer's packages.`,
    {
      params: { python },
      cause,
    },
  );
