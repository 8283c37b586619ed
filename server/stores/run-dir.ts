import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type * as z from "zod";
import { type ControlLine, type ControlVerb, ExitRecord, PidRecord } from "../../lib/contract/event";
import { RunId } from "../../lib/contract/ids";
import { WorkerSpec } from "../../lib/contract/worker-spec";
import { upgradeWorkerSpec } from "./upgrade-train-spec";

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
  /** First half of a deletion, at once: the folder gets a name under which nobody looks for it. `bringBack` undoes it. */
  setAside(id: RunId): void;
  bringBack(id: RunId): void;
  /** Second half, in its own time: the bytes that it freed. */
  removeAside(id: RunId): Promise<number>;
  /** Deletions that were cut off: gone where the row is gone, undone where it is still there. */
  finishDeletions(hasRow: (id: RunId) => boolean): Promise<void>;
  removeCheckpoint(id: RunId, name: string): Promise<void>;
};

export function createRunDirs(home: string): RunDirs {
  const paths = (id: RunId): RunPaths => runPaths(join(home, "runs", id));
  const at = (id: RunId, attempt: number): AttemptPaths => paths(id).attempt(attempt);
  const aside = (id: RunId): string => join(home, "runs", `.${id}.deleted`);
  const removeAside = async (id: RunId): Promise<number> => {
    const freed = await folderBytes(aside(id));
    await rm(aside(id), { recursive: true, force: true });
    return freed;
  };
  return {
    paths,
    prepare(spec) {
      const attempt = at(spec.runId, spec.attempt);
      makeFolder(paths(spec.runId).dir);
      makeFolder(attempt.dir);
      writeDurably(attempt.spec, toText(WorkerSpec.parse(spec)));
    },
    spec: (id, attempt) => readSpec(at(id, attempt).spec),
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
    setAside: (id) => renameIfThere(paths(id).dir, aside(id)),
    bringBack: (id) => renameIfThere(aside(id), paths(id).dir),
    removeAside,
    async finishDeletions(hasRow) {
      for (const name of await readdir(join(home, "runs"))) {
        const id = RunId.safeParse(/^\.(.+)\.deleted$/.exec(name)?.[1]);
        if (!id.success) continue;
        if (hasRow(id.data)) renameIfThere(aside(id.data), paths(id.data).dir);
        else await removeAside(id.data);
      }
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

/** Not by Node's `recursive`, which tells a read-only disk as a missing folder. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
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

/** A spec of an older version is written anew: a worker that has not started yet reads the file too. */
function readSpec(path: string): WorkerSpec | null {
  const text = readText(path);
  if (text === null) return null;
  const written: unknown = JSON.parse(text);
  const upgraded = upgradeWorkerSpec(written);
  const spec = WorkerSpec.parse(upgraded);
  if (upgraded !== written) writeDurably(path, toText(spec));
  return spec;
}

const toText = (spec: WorkerSpec): string => `${JSON.stringify(spec, null, 2)}\n`;

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
