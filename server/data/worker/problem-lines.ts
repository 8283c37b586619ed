import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import type { RawRow } from "../../../lib/contract/dataset-view";

type Problems = RawRow["problems"];
/** Of a row with a thousand faults a table shows the first. */
const PROBLEMS_A_ROW = 20;
const BLOCK_BYTES = 16 * 1024;
const MAX_BLOCKS = 256;

type Line = { at: number; row: number } & Problems[number];

/** Faults of the rows `first` to `last` out of problems.jsonl, which is in row order: halving by bytes finds the place. */
export function problemsOf(path: string, first: number, last: number): Map<number, Problems> {
  const found = new Map<number, Problems>();
  if (!existsSync(path)) return found;
  const fd = openSync(path, "r");
  try {
    const size = fstatSync(fd).size;
    let low = 0;
    let high = size;
    while (high - low > BLOCK_BYTES) {
      const middle = Math.floor((low + high) / 2);
      const next = firstLineFrom(fd, middle, size);
      if (next !== null && next.row < first) low = next.at;
      else high = middle;
    }
    for (const line of linesFrom(fd, low, size)) {
      if (line.row > last) break;
      if (line.row < first) continue;
      const list = found.get(line.row) ?? [];
      if (list.length < PROBLEMS_A_ROW) list.push({ reason: line.reason, severity: line.severity, field: line.field });
      found.set(line.row, list);
    }
    return found;
  } finally {
    closeSync(fd);
  }
}

/** The first line that begins behind a byte; null when there is none. */
function firstLineFrom(fd: number, at: number, size: number): { at: number; row: number } | null {
  for (const line of linesFrom(fd, at, size, true)) return line;
  return null;
}

function* linesFrom(fd: number, from: number, size: number, inside = false): Generator<Line> {
  let at = from;
  let rest = Buffer.alloc(0);
  let skip = inside && from > 0;
  for (let block = 0; block < MAX_BLOCKS && at + rest.length < size; block += 1) {
    const buffer = Buffer.alloc(BLOCK_BYTES);
    const bytes = readSync(fd, buffer, 0, BLOCK_BYTES, at + rest.length);
    if (bytes === 0) return;
    rest = Buffer.concat([rest, buffer.subarray(0, bytes)]);
    let end = rest.indexOf(10);
    while (end !== -1) {
      const line = skip ? null : readLine(rest.toString("utf8", 0, end), at);
      if (line !== null) yield line;
      skip = false;
      at += end + 1;
      rest = rest.subarray(end + 1);
      end = rest.indexOf(10);
    }
  }
}

/** Read by hand: zod would make this thread start in twice the time. */
function readLine(text: string, at: number): Line | null {
  const { row, reason, severity, field } = parse(text);
  if (typeof row !== "number" || typeof reason !== "string" || typeof field !== "string") return null;
  return severity === "drop" || severity === "warn" ? { at, row, reason, severity, field } : null;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {}; // the last line may be half written while the check goes on
  }
}
