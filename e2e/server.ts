import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { PidRecord } from "../lib/contract/event";

const root = join(import.meta.dirname, "..");

export type BuiltServer = {
  url: string;
  token: string;
  home: string;
  pid: number;
  /** As a power cut would: no chance to tidy up. */
  kill: () => Promise<void>;
  /** Starts again on the same home and port. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** Calls an endpoint as a script would, with the bearer token. */
  api: <T>(method: string, path: string, body?: unknown) => Promise<T>;
};

/** The built server as `npm start` runs it, on a home folder of its own and a free port. */
export async function startBuiltServer({ env = {} }: { env?: Record<string, string> } = {}): Promise<BuiltServer> {
  const home = mkdtempSync(join(tmpdir(), "tuneboard-"));
  let child: ChildProcess;
  let port = "0";
  const server: BuiltServer = {
    url: "",
    token: "",
    home,
    pid: 0,
    kill: () => end("SIGKILL"),
    stop: async () => {
      await end("SIGTERM");
      endWorkers(home);
      rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    },
    start,
    api: (method, path, body) => callApi(server, method, path, body),
  };
  await start();
  return server;

  async function start() {
    child = spawn(process.execPath, ["--enable-source-maps", join(root, ".build", "server.mjs")], {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: "production",
        TUNEBOARD_PYTHON: pythonPath(),
        TUNEBOARD_HOME: home,
        TUNEBOARD_PORT: port,
        TUNEBOARD_HOST: "127.0.0.1",
        TUNEBOARD_BASE_PATH: "",
        // A worker that waits would take cores from what is tested and measured.
        TUNEBOARD_STANDBY: "off",
        ...env,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ready = await readyLine(child);
    const url = new URL(ready.url);
    port = url.port;
    Object.assign(server, { url: url.origin, token: ready.token, pid: child.pid });
  }

  function end(signal: NodeJS.Signals) {
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.kill(signal);
    });
  }
}

/** Workers outlive their server by design; those of a test must not outlive the test. The shim passes the signal on. */
function endWorkers(home: string): void {
  for (const file of readdirSync(join(home, "runs"), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith("pid.json")) continue;
    const folder = join(home, "runs", dirname(file));
    if (existsSync(join(folder, "exit.json"))) continue;
    const { shim } = PidRecord.parse(JSON.parse(readFileSync(join(folder, "pid.json"), "utf8")));
    try {
      process.kill(shim.pid, "SIGTERM");
    } catch {
      // It ended between the look and the signal.
    }
  }
}

const pythonPath = () => {
  if (process.env.TUNEBOARD_PYTHON) return process.env.TUNEBOARD_PYTHON;
  const own = join(root, ".venv", "bin", "python");
  if (!existsSync(own)) throw new Error("no trainer environment: run npm run setup, or set TUNEBOARD_PYTHON");
  return own;
};

function readyLine(child: ChildProcess): Promise<{ url: string; token: string }> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) return reject(new Error("no stdout"));
    const said: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(line);
      const match = /^TUNEBOARD_READY (\{.*\})$/.exec(line);
      if (match?.[1]) resolve(JSON.parse(match[1]));
    });
    child.once("exit", (code) => reject(new Error(`the server ended with ${code} before it was ready:\n${said.join("\n")}`)));
  });
}

async function callApi<T>(server: BuiltServer, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${server.token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
  return JSON.parse(text);
}
