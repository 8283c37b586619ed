import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { StandbyReport } from "../../lib/contract/system";
import type { Log } from "../log";
import type { Start } from "./launcher";

export type StandbyOptions = {
  python: string;
  /** The folder `trainer`. */
  trainer: string;
  graceSeconds: number;
  /** Environment of a worker. */
  variables: NodeJS.ProcessEnv;
  log: Log;
};

/** One worker with its imports done, which takes the next run. It ends with this server, but not the run that it has become. */
export type Standby = {
  state(): StandbyReport["state"];
  /** The last one ended by itself. */
  faulty(): boolean;
  /** Starts one where there is none. */
  begin(): void;
  /** Sends it away. */
  leave(reason: string): void;
  /** Hands the run over; false where nobody was ready, and then nothing of the run was touched. */
  take(start: Start): Promise<boolean>;
};

/** A token has its place in the environment of the worker, where the one of the run is put. */
const NO_TOKEN = "-".repeat(32);

export function createStandby({ python, trainer, graceSeconds, variables, log }: StandbyOptions): Standby {
  const program = join(trainer, "src", "trainer", "standby_shim.py");
  let waiting: Waiting | null = null;
  let faulty = false;

  const begin = (): void => {
    if (waiting !== null) return;
    const args = ["-I", "-S", program, String(graceSeconds), "--", python, "-m", "trainer", "--standby"];
    const env = { ...variables, TUNEBOARD_TOKEN: NO_TOKEN };
    const child = spawn(python, args, { detached: true, stdio: ["pipe", "pipe", "ignore"], env });
    const mine: Waiting = { child, lines: createInterface({ input: child.stdout }), ready: false };
    waiting = mine;
    const since = Date.now();
    mine.lines.once("line", () => {
      mine.ready = true;
      faulty = false;
      log.info("standby.ready", { pid: child.pid, seconds: (Date.now() - since) / 1000 });
    });
    // Written to after it has gone: that it is gone is told by `close`.
    child.stdin.on("error", () => {});
    const gone = (why: object): void => {
      if (waiting !== mine) return;
      log.warn("standby.ended", { ready: mine.ready, ...why });
      waiting = null;
      faulty = true;
    };
    child.once("error", (error) => gone({ error }));
    child.once("close", (code) => gone({ code }));
  };

  return {
    state: () => (waiting === null ? "off" : waiting.ready ? "ready" : "warming"),
    faulty: () => faulty,
    begin,
    leave(reason) {
      if (waiting === null) return;
      log.info("standby.left", { reason, ready: waiting.ready });
      waiting.child.stdin.end();
      waiting = null;
    },
    async take({ attemptDir, runDir, attempt, token }) {
      if (waiting === null || !waiting.ready || token.length !== NO_TOKEN.length) return false;
      const { child, lines } = waiting;
      // Nobody else may take it or send it away.
      waiting = null;
      const answer = new Promise<boolean>((resolve) => {
        lines.once("line", (line) => resolve(line === "taken"));
        child.once("close", () => resolve(false));
      });
      child.stdin.write(`${JSON.stringify({ attemptDir, runDir, attempt, token })}\n`);
      const taken = await answer;
      // The run is its own master from here: nothing of it is connected to us.
      child.stdin.destroy();
      child.stdout.destroy();
      child.unref();
      return taken;
    },
  };
}

type Waiting = { child: ChildProcessByStdio<Writable, Readable, null>; lines: Interface; ready: boolean };
