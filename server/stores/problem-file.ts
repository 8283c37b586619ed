import { stat } from "node:fs/promises";
import { join } from "node:path";
import { RowProblem } from "../../lib/contract/dataset";
import { readLines } from "./read-lines";
import { hasCode } from "./run-dir";

/** Every so many lines of a reason the place is kept: a page begins at most this many lines behind one. */
const STRIDE = 1000;
const KEPT_INDEXES = 16;

type Lines = { total: number /** Byte of line 0, STRIDE, 2·STRIDE … of this reason. */; places: number[] };
type ProblemIndex = { bytes: number; modifiedAt: number; all: Lines; byReason: Map<string, Lines> };
type Page = { reason: string | null; offset: number; limit: number };

const indexes = new Map<string, Promise<ProblemIndex>>();

/** A page of problems.jsonl in the order of the file; null where there is none. */
export async function readProblems(
  dir: string,
  { reason, offset, limit }: Page,
): Promise<{ total: number; problems: RowProblem[] } | null> {
  const path = join(dir, "problems.jsonl");
  const index = await indexOf(path);
  if (index === null) return null;
  const lines = reason === null ? index.all : index.byReason.get(reason);
  if (lines === undefined || offset >= lines.total) return { total: lines?.total ?? 0, problems: [] };
  let skip = offset % STRIDE;
  const problems: RowProblem[] = [];
  for await (const { text } of readLines(path, lines.places[Math.floor(offset / STRIDE)] ?? 0, index.bytes)) {
    if (reason !== null && reasonOf(text) !== reason) continue;
    if (skip-- > 0) continue;
    problems.push(RowProblem.parse(JSON.parse(text)));
    if (problems.length === limit) break;
  }
  return { total: lines.total, problems };
}

/** Made once for each state of the file, by one walk through it. */
async function indexOf(path: string): Promise<ProblemIndex | null> {
  const { size, mtimeMs } = await stat(path).catch(ifMissing);
  if (size === -1) return null;
  const known = await indexes.get(path);
  if (known && known.bytes === size && known.modifiedAt === mtimeMs) return known;
  const made = makeIndex(path, size, mtimeMs);
  indexes.delete(path);
  indexes.set(path, made);
  for (const [oldest] of indexes) if (indexes.size > KEPT_INDEXES) indexes.delete(oldest);
  made.catch(() => indexes.delete(path));
  return made;
}

async function makeIndex(path: string, bytes: number, modifiedAt: number): Promise<ProblemIndex> {
  const index: ProblemIndex = { bytes, modifiedAt, all: { total: 0, places: [] }, byReason: new Map() };
  for await (const { text, at } of readLines(path, 0, bytes)) {
    note(index.all, at);
    const reason = reasonOf(text);
    const lines = index.byReason.get(reason) ?? { total: 0, places: [] };
    index.byReason.set(reason, lines);
    note(lines, at);
  }
  return index;
}

function note(lines: Lines, at: number): void {
  if (lines.total % STRIDE === 0) lines.places.push(at);
  lines.total++;
}

/** The reason without reading the whole line as JSON: it is a code of our own, without quotes in it. */
const reasonOf = (line: string): string => /"reason": ?"([^"\\]*)"/.exec(line)?.[1] ?? "";

const ifMissing = (error: unknown): { size: number; mtimeMs: number } => {
  if (hasCode(error, "ENOENT")) return { size: -1, mtimeMs: 0 };
  throw error;
};
