import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type * as z from "zod";
import { type ControlLine, type ControlVerb, ExitRecord, PidRecord } from "../../lib/contract/event";
import type { RunId } from "../../lib/contract/ids";
import { WorkerSpec } from "../../lib/contract/worker-spec";

/** Paths of one run; who writes what stands in docs/event-log.md. */
export type RunPaths = { dir: string; events: string; checkpoints: string; artifacts: string; attempt(n: number): AttemptPaths };
export type AttemptPaths = {
  dir: string;
  spec: string;
  claim: string;
  pid: string;
  exit: string;
  control: string;
  resolved: string;
  output: string;
};

export type RunDirs = {
  paths(id: RunId): RunPaths;
  /** Makes the attempt's folder with its `spec.json`; the folder of a run that never started may be made again. */
  prepare(spec: WorkerSpec): void;
  spec(id: RunId, attempt: number): WorkerSpec | null;
  pid(id: RunId, attempt: number): PidRecord | null;
  exit(id: RunId, attempt: number): ExitRecord | null;
  resolved(id: RunId, attempt: number): Record<string, unknown> | null;
  appendControl(id: RunId, attempt: number, verb: ControlVerb, now: number): ControlLine;
  /** True when nobody had claimed the start: then the shim never starts its worker. */
  takeClaim(id: RunId, attempt: number): boolean;
  releaseClaim(id: RunId, attempt: number): void;
  bytes(id: RunId): Promise<number>;
  remove(id: RunId): Promise<number>;
  removeCheckpoint(id: RunId, name: string): Promise<void>;
};

export function createRunDirs(home: string): RunDirs {
  const paths = (id: RunId): RunPaths => runPaths(join(home, "runs", id));
  const at = (id: RunId, attempt: number): AttemptPaths => paths(id).attempt(attempt);
  return {
    paths,
    prepare(spec) {
      const attempt = at(spec.runId, spec.attempt);
      mkdirSync(attempt.dir, { recursive: true, mode: 0o700 });
      writeDurably(attempt.spec, `${JSON.stringify(WorkerSpec.parse(spec), null, 2)}\n`);
    },
    spec: (id, attempt) => readJson(at(id, attempt).spec, WorkerSpec),
    pid: (id, attempt) => readJson(at(id, attempt).pid, PidRecord),
    exit: (id, attempt) => readJson(at(id, attempt).exit, ExitRecord),
    resolved: (id, attempt) => readObject(at(id, attempt).resolved),
    appendControl(id, attempt, verb, now) {
      const line: ControlLine = { id: randomUUID(), t: now, verb };
      appendDurably(at(id, attempt).control, `${JSON.stringify(line)}\n`);
      return line;
    },
    takeClaim: (id, attempt) => createOnce(at(id, attempt).claim),
    releaseClaim: (id, attempt) => rmSync(at(id, attempt).claim, { force: true }),
    bytes: (id) => folderBytes(paths(id).dir),
    async remove(id) {
      const { dir } = paths(id);
      const freed = await folderBytes(dir);
      await rm(dir, { recursive: true, force: true });
      return freed;
    },
    removeCheckpoint: (id, name) => rm(join(paths(id).checkpoints, name), { recursive: true, force: true }),
  };
}

export function runPaths(dir: string): RunPaths {
  return {
    dir,
    events: join(dir, "events.jsonl"),
    checkpoints: join(dir, "checkpoints"),
    artifacts: join(dir, "artifacts"),
    attempt(n) {
      const folder = join(dir, `a${n}`);
      return {
        dir: folder,
        spec: join(folder, "spec.json"),
        claim: join(folder, "claim"),
        pid: join(folder, "pid.json"),
        exit: join(folder, "exit.json"),
        control: join(folder, "control.jsonl"),
        resolved: join(folder, "resolved.json"),
        output: join(folder, "output.log"),
      };
    },
  };
}

/** Whole or not at all, even when the power fails: temporary file, fsync, rename, fsync of the folder. */
export function writeDurably(path: string, text: string, mode = 0o600): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeAndSync(temporary, "w", text, mode);
  renameSync(temporary, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

export async function folderBytes(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(ifMissing([]));
  // A file may go between the listing and the look at its size: a worker prunes its checkpoints.
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)).then((s) => s.size, ifMissing(0))),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Size of a file in bytes; null when there is none. */
export const fileSize = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.size ?? null;

const appendDurably = (path: string, text: string): void => writeAndSync(path, "a", text, 0o600);

function writeAndSync(path: string, flags: "a" | "w", text: string, mode: number): void {
  const file = openSync(path, flags, mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function createOnce(path: string): boolean {
  try {
    closeSync(openSync(path, "wx", 0o600));
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

function readJson<T>(path: string, schema: z.ZodType<T>): T | null {
  const text = readText(path);
  return text === null ? null : schema.parse(JSON.parse(text));
}

function readObject(path: string): Record<string, unknown> | null {
  const text = readText(path);
  return text === null ? null : Object.fromEntries(Object.entries(JSON.parse(text)));
}

export const hasCode = (error: unknown, code: string): boolean => error instanceof Error && "code" in error && error.code === code;

const ifMissing =
  <T>(value: T) =>
  (error: unknown): T => {
    if (hasCode(error, "ENOENT")) return value;
    throw error;
  };
