import { closeSync, openSync } from "node:fs";
import type { RawRow } from "../../../lib/contract/dataset-view";
import { cutText, isDeep, jsonText, MAX_COLUMNS, TOO_DEEP, toCells } from "./cells";
import type { Mark, ReadRows, ReadValues, Rows, RowValue, Span, TableFile } from "./messages";
import { headerNames, type Parsed, parseRecord, TEXT_CELL } from "./parse-record";
import { problemsOf } from "./problem-lines";
import { readBytes } from "./read-bytes";
import { hasHeader, MAX_RECORD_BYTES, scanFiles, separatorOf } from "./scanner";

/** All records of a page together; of those behind it only the beginning is shown. */
const PAGE_BYTES = 96 * 1024 * 1024;
const SHOWN_BYTES = 2000;
const BLOCK_BYTES = 256 * 1024;
/** A longer value is too much for a page. */
export const MAX_VALUE_CHARACTERS = 2_000_000;

export type Found = { file: TableFile; mark: Mark; bytes: number };

export function readRows({ files, spans, problemsPath }: ReadRows): Rows {
  const rows: RawRow[] = [];
  const columns = new Set<string>();
  const read = openReader();
  let budget = PAGE_BYTES;
  for (const span of spans) {
    const found = findRecords(files, span);
    const problems = problemsPath === null ? new Map() : problemsOf(problemsPath, span.row, span.row + span.count - 1);
    for (const record of found) {
      const parsed = record.bytes > budget ? tooLarge(record, read, budget) : read.parse(record);
      budget -= Math.min(record.bytes, budget);
      const row = record.mark.row;
      rows.push({ row, ...toCells(parsed), bad: parsed.bad, problems: problems.get(row) ?? [] });
      for (const name of Object.keys(parsed.fields).slice(0, MAX_COLUMNS)) if (columns.size < MAX_COLUMNS) columns.add(name);
    }
  }
  read.close();
  return { rows, columns: [...columns] };
}

export function readValues({ files, spans, characters }: ReadValues): RowValue[] {
  const read = openReader();
  let left = characters;
  let isFirst = true;
  const values = spans.flatMap((span) =>
    findRecords(files, span).map((record) => {
      const value = toValue(record, read.parse(record));
      if (value.json === null) return value;
      left -= value.json.length;
      // One is always told, so that there is something to look at.
      const isTold = left >= 0 || isFirst;
      isFirst = false;
      return isTold ? value : { ...value, json: null };
    }),
  );
  read.close();
  return values;
}

function toValue({ file, mark, bytes }: Found, parsed: Parsed): RowValue {
  const whole =
    parsed.bad !== null && TEXT_CELL in parsed.fields && file.kind.startsWith("json") ? parsed.fields[TEXT_CELL] : parsed.fields;
  const text = jsonText(whole);
  const json = isDeep(text) ? TOO_DEEP : text;
  return {
    row: mark.row,
    line: mark.line,
    json: json.length > MAX_VALUE_CHARACTERS ? null : json,
    bad: parsed.bad,
    bytes,
  };
}

/** Where the records of a span lie; fewer when the file ends, or when they are too far behind the mark. */
export function findRecords(files: readonly TableFile[], { from, row, count, lookBytes }: Span): Found[] {
  const found: Found[] = [];
  scanFiles(files, from, {
    record(file, mark, bytes) {
      if (mark.row >= row && found.length < count) found.push({ file, mark, bytes });
    },
    goOn: (at) => found.length < count && at - from.at < lookBytes,
  });
  return found;
}

export type Reader = { parse(record: Found): Parsed; text(record: Found, bytes: number): string; close(): void };

/** Reads records by place; files and headers are opened once. */
export function openReader(): Reader {
  const open = new Map<string, OpenFile>();
  const fileOf = (file: TableFile) => {
    const known = open.get(file.path);
    if (known) return known;
    const fd = openSync(file.path, "r");
    const opened = { fd, block: Buffer.alloc(0), blockAt: 0, ...readHeader(file, fd) };
    open.set(file.path, opened);
    return opened;
  };
  const reader: Reader = {
    parse(record) {
      const { file, mark, bytes } = record;
      if (bytes > MAX_RECORD_BYTES) return tooLarge(record, reader, MAX_RECORD_BYTES);
      const opened = fileOf(file);
      return parseRecord(file, readInBlocks(opened, mark.at - file.base, bytes), opened.header, opened.separator);
    },
    text: ({ file, mark, bytes: whole }, bytes) => readBytes(fileOf(file).fd, mark.at - file.base, Math.min(bytes, whole)).toString("utf8"),
    close() {
      for (const { fd } of open.values()) closeSync(fd);
    },
  };
  return reader;
}

type OpenFile = { fd: number; header: string[]; separator: number; block: Buffer; blockAt: number };

/** Records mostly follow each other: one call brings many. */
function readInBlocks(file: OpenFile, at: number, bytes: number): Buffer {
  const inside = at - file.blockAt;
  if (inside >= 0 && inside + bytes <= file.block.length) return file.block.subarray(inside, inside + bytes);
  file.block = readBytes(file.fd, at, Math.max(bytes, BLOCK_BYTES));
  file.blockAt = at;
  return file.block.subarray(0, bytes);
}

function tooLarge(record: Found, read: Reader, limitBytes: number): Parsed {
  const text = cutText(read.text(record, SHOWN_BYTES), SHOWN_BYTES);
  const megabytes = (record.bytes / 1e6).toFixed(1);
  const bad =
    limitBytes === MAX_RECORD_BYTES || record.bytes > MAX_RECORD_BYTES
      ? `The record has ${megabytes} MB; those above ${MAX_RECORD_BYTES / 1024 / 1024} MiB are not read.`
      : `The record has ${megabytes} MB, and the rows of this page together are too large; open it alone.`;
  return { fields: { [TEXT_CELL]: text }, bad };
}

function readHeader(file: TableFile, fd: number): { header: string[]; separator: number } {
  if (!hasHeader(file)) return { header: [], separator: 0 };
  const start = readBytes(fd, 0, Math.min(file.bytes, 1024 * 1024));
  const skipped = start.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  const separator = separatorOf(file.kind === "tsv" ? "tsv" : "csv", start.subarray(skipped, skipped + 4096));
  const text = firstRecord(start.subarray(skipped)).toString("utf8");
  return { header: headerNames(text, String.fromCharCode(separator)), separator };
}

/** Empty lines in front are no records; line breaks inside of quotes belong to the field. */
function firstRecord(bytes: Buffer): Buffer {
  let quoted = false;
  let start = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i];
    if (byte === 34) quoted = !quoted;
    else if (!quoted && (byte === 10 || byte === 13)) {
      if (i > start) return bytes.subarray(start, i);
      start = i + 1;
    }
  }
  return bytes.subarray(start);
}
