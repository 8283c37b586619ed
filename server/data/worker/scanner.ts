import { closeSync, openSync, readSync } from "node:fs";
import type { Mark, TableFile } from "./messages";
import { scanCsv } from "./scan-csv";
import { scanJson } from "./scan-json";
import { scanLines } from "./scan-lines";

/** A record lies from `start` up to `end`, without its separator. */
export type Emit = (start: number, end: number, line: number) => void;

/** Finds records in bytes that come piece by piece; it keeps places, never bytes, so that a record may be of any size. */
export type Scanner = {
  /** `at`: where the first byte of the chunk lies. */
  feed(chunk: Buffer, at: number): void;
  /** The file ends at `at`. */
  finish(at: number): void;
};

/** A longer record is no row, here as in the trainer (RECORD_LIMIT_BYTES of data/readers.py): it must not fill the memory. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

const FIRST_CHUNK_BYTES = 64 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

type Visit = {
  /** A record; the header of a CSV file is none. Places count over all files. */
  record(file: TableFile, mark: Mark, end: number): void;
  /** After each piece; false ends the scan. */
  goOn(at: number): boolean;
  /** A file begins. */
  file?(file: TableFile, row: number): void;
};

/** Walks over all records from a mark on, file by file. Answers the number of the row behind the last. */
export function scanFiles(files: readonly TableFile[], from: Mark, visit: Visit, firstChunkBytes = FIRST_CHUNK_BYTES): number {
  let row = from.row;
  for (const file of files) {
    if (file.base + file.bytes <= from.at && file.bytes > 0) continue;
    const fresh = from.at <= file.base;
    if (fresh) visit.file?.(file, row);
    let isHeader = fresh && hasHeader(file);
    const emit: Emit = (start, end, line) => {
      if (isHeader) {
        isHeader = false;
        return;
      }
      visit.record(file, { row, at: file.base + start, line }, end - start);
      row += 1;
    };
    const start = fresh ? { at: 0, line: 1 } : { at: from.at - file.base, line: from.line };
    if (!scanFile(file, start, emit, visit, firstChunkBytes)) return row;
  }
  return row;
}

export const hasHeader = (file: TableFile): boolean => file.kind === "csv" || file.kind === "tsv";

function scanFile(file: TableFile, start: { at: number; line: number }, emit: Emit, visit: Visit, firstChunkBytes: number): boolean {
  const fd = openSync(file.path, "r");
  try {
    const head = Buffer.alloc(4096);
    const headBytes = readSync(fd, head, 0, head.length, 0);
    const skipped = head.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
    let at = start.at === 0 ? skipped : start.at;
    const scanner = openScanner(file, head.subarray(skipped, headBytes), emit, { at, line: start.line, fresh: start.at === 0 });
    let buffer = Buffer.allocUnsafe(firstChunkBytes);
    while (at < file.bytes) {
      const bytes = readSync(fd, buffer, 0, Math.min(buffer.length, file.bytes - at), at);
      if (bytes === 0) break;
      scanner.feed(buffer.subarray(0, bytes), at);
      at += bytes;
      if (at < file.bytes && !visit.goOn(file.base + at)) return false;
      if (buffer.length < CHUNK_BYTES) buffer = Buffer.allocUnsafe(Math.min(buffer.length * 2, CHUNK_BYTES));
    }
    scanner.finish(at);
    return visit.goOn(file.base + file.bytes);
  } finally {
    closeSync(fd);
  }
}

function openScanner(file: TableFile, head: Buffer, emit: Emit, start: { at: number; line: number; fresh: boolean }): Scanner {
  switch (file.kind) {
    case "jsonl":
    case "text":
      return scanLines(emit, start);
    case "csv":
    case "tsv":
      return scanCsv(emit, { ...start, separator: separatorOf(file.kind, head), limitBytes: MAX_RECORD_BYTES });
    case "json":
      return scanJson(emit, { ...start, isList: head.toString("latin1").trimStart().startsWith("[") });
  }
}

/** Comma, unless the first line has more of another sign outside of quotes: the rule of data/read_table.py. */
export function separatorOf(kind: "csv" | "tsv", head: Buffer): number {
  if (kind === "tsv") return 9;
  const line = (head.toString("latin1").split(/[\r\n]/, 1)[0] ?? "").replace(/"[^"]*"/g, "");
  const count = (sign: string) => line.split(sign).length - 1;
  const best = [",", ";", "|"].reduce((a, b) => (count(b) > count(a) ? b : a));
  return best.charCodeAt(0);
}
