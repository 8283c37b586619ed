import { stat } from "node:fs/promises";
import { readLines } from "./read-lines";
import { hasCode } from "./run-dir";

/** Every so many lines of a value the place is kept: a page begins at most this many lines behind one. */
const STRIDE = 1000;
const KEPT_INDEXES = 16;

type Lines = { total: number /** Byte of line 0, STRIDE, 2·STRIDE … of this value. */; places: number[] };
type LineIndex = { bytes: number; modifiedAt: number; all: Lines; byValue: Map<string, Lines> };
type Page = { field: string /** Null: all lines. */; value: string | null; offset: number; limit: number };

const indexes = new Map<string, Promise<LineIndex>>();

/** A page of a file of JSON lines, or of those whose field has a value, in the order of the file; null where there is none. */
export async function readLinePage(
  path: string,
  { field, value, offset, limit }: Page,
): Promise<{ total: number; lines: unknown[] } | null> {
  const index = await indexOf(path, field);
  if (index === null) return null;
  const lines = value === null ? index.all : index.byValue.get(value);
  if (lines === undefined || offset >= lines.total) return { total: lines?.total ?? 0, lines: [] };
  let skip = offset % STRIDE;
  const pattern = patternOf(field);
  const found: unknown[] = [];
  for await (const { text } of readLines(path, lines.places[Math.floor(offset / STRIDE)] ?? 0, index.bytes)) {
    if (value !== null && valueIn(text, pattern) !== value) continue;
    if (skip-- > 0) continue;
    found.push(JSON.parse(text));
    if (found.length === limit) break;
  }
  return { total: lines.total, lines: found };
}

/** Made once for each state of the file, by one walk through it. */
async function indexOf(path: string, field: string): Promise<LineIndex | null> {
  const { size, mtimeMs } = await stat(path).catch(ifMissing);
  if (size === -1) return null;
  const known = await indexes.get(path);
  if (known && known.bytes === size && known.modifiedAt === mtimeMs) return known;
  const made = makeIndex(path, field, size, mtimeMs);
  indexes.delete(path);
  indexes.set(path, made);
  for (const [oldest] of indexes) if (indexes.size > KEPT_INDEXES) indexes.delete(oldest);
  made.catch(() => indexes.delete(path));
  return made;
}

async function makeIndex(path: string, field: string, bytes: number, modifiedAt: number): Promise<LineIndex> {
  const index: LineIndex = { bytes, modifiedAt, all: { total: 0, places: [] }, byValue: new Map() };
  const pattern = patternOf(field);
  for await (const { text, at } of readLines(path, 0, bytes)) {
    note(index.all, at);
    const value = valueIn(text, pattern);
    const lines = index.byValue.get(value) ?? { total: 0, places: [] };
    index.byValue.set(value, lines);
    note(lines, at);
  }
  return index;
}

function note(lines: Lines, at: number): void {
  if (lines.total % STRIDE === 0) lines.places.push(at);
  lines.total++;
}

/** The value without reading the whole line as JSON: it is a code of our own, without quotes in it. */
const patternOf = (field: string): RegExp => new RegExp(`"${field}": ?"([^"\\\\]*)"`);
const valueIn = (line: string, pattern: RegExp): string => pattern.exec(line)?.[1] ?? "";

const ifMissing = (error: unknown): { size: number; mtimeMs: number } => {
  if (hasCode(error, "ENOENT")) return { size: -1, mtimeMs: 0 };
  throw error;
};
