import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { cutText, jsonText, MAX_COLUMNS } from "./cells";
import type { MakeParts, Mark, PartNews, StoreColumn, StorePosition, TableFile } from "./messages";
import type { Parsed } from "./parse-record";
import { type Found, openReader } from "./read-rows";
import { hasHeader, scanFiles } from "./scanner";

/** A part is so many bytes of the files; it is what is lost when the server is stopped, and what DuckDB holds at once. */
const PART_BYTES = 96 * 1024 * 1024;
/** What can be searched of a cell, and of a row: DuckDB reads lines up to 16 MB. */
const CELL_CHARACTERS = 1_000_000;
const ROW_CHARACTERS = 2_000_000;
const BUFFER_CHARACTERS = 4 * 1024 * 1024;

type Part = { path: string; rows: number; from: Mark };

/** Every row as a line of JSON with its number and its values as text, part by part: the same parser as the pages, so rows never slip. */
export async function makeParts({ files, folder, from }: MakeParts, tell: (news: PartNews) => Promise<void>): Promise<null> {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let position = from;
  while (position.next.at < total) {
    const path = join(folder, `part-${String(position.part).padStart(5, "0")}.jsonl`);
    const columns = openColumns(position.columns);
    const { rows, next } = writePart(files, { path, rows: 0, from: position.next }, columns, total);
    position = { next, part: position.part + 1, columns: columns.list() };
    await tell({ file: path, rows, position });
  }
  return null;
}

function writePart(files: TableFile[], part: Part, columns: Columns, total: number): { rows: number; next: Mark } {
  const read = openReader();
  const out = openOutput(part.path);
  let next: Mark | null = null;
  let rows = 0;
  let last: Mark = part.from;
  const waiting: Found[] = [];
  const drain = (): void => {
    for (const record of waiting) out.write(rowLine(record, read.parse(record), columns));
    waiting.length = 0;
  };
  const end = scanFiles(
    files,
    part.from,
    {
      record(file, mark, bytes) {
        if (next !== null) return;
        if (mark.at - part.from.at >= PART_BYTES) next = mark;
        else {
          waiting.push({ file, mark, bytes });
          rows += 1;
          last = mark;
        }
      },
      goOn() {
        drain();
        return next === null;
      },
    },
    1024 * 1024,
  );
  drain();
  out.close();
  read.close();
  return { rows, next: next ?? { row: end, at: total, line: last.line } };
}

function rowLine({ file, mark }: Found, parsed: Parsed, columns: Columns): string {
  let line = `{"row":${mark.row}`;
  let left = ROW_CHARACTERS;
  for (const [name, value] of Object.entries(parsed.fields)) {
    const column = columns.of(name);
    if (column === null || value === null || value === undefined) continue;
    const text = cutText(typeof value === "string" ? value : jsonText(value), Math.min(CELL_CHARACTERS, left));
    left = Math.max(0, left - text.length);
    columns.count(column, hasHeader(file) ? asNumber(value) : value);
    line += `,"c${column}":${JSON.stringify(readable(text))}`;
  }
  return `${line}}\n`;
}

/** Fields of CSV are text; those that say a number count as one, and empty ones as nothing. */
function asNumber(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

/** Halves of characters and NUL can't be stored as text; signs stand for them. Few texts have what makes a closer look worth while. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for
const suspect = /[\u0000\ud800-\udfff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for
const unreadable = /\p{Surrogate}|\u0000/gu;
const readable = (text: string): string =>
  suspect.test(text) ? text.replace(unreadable, (sign) => (sign === "\u0000" ? "\u2400" : "\ufffd")) : text;

type Columns = { of(name: string): number | null; count(column: number, value: unknown): void; list(): StoreColumn[] };

function openColumns(known: readonly StoreColumn[]): Columns {
  const list = known.map(({ name, counts }) => ({ name, counts: { ...counts } }));
  const numbers = new Map(list.map(({ name }, i) => [name, i]));
  return {
    of(name) {
      const number = numbers.get(name);
      if (number !== undefined) return number;
      if (list.length >= MAX_COLUMNS) return null;
      numbers.set(name, list.length);
      list.push({ name, counts: { text: 0, number: 0, boolean: 0, list: 0, object: 0 } });
      return list.length - 1;
    },
    count(column, value) {
      const counts = list[column]?.counts;
      if (counts && value !== null) counts[typeOf(value)] += 1;
    },
    list: () => list,
  };
}

function typeOf(value: unknown): keyof StoreColumn["counts"] {
  if (Array.isArray(value)) return "list";
  if (typeof value === "number" || typeof value === "boolean") return typeof value === "number" ? "number" : "boolean";
  return typeof value === "string" ? "text" : "object";
}

function openOutput(path: string): { write(text: string): void; close(): void } {
  const fd = openSync(path, "w", 0o600);
  let pieces: string[] = [];
  let characters = 0;
  const flush = (): void => {
    const bytes = Buffer.from(pieces.join(""), "utf8");
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    pieces = [];
    characters = 0;
  };
  return {
    write(text) {
      pieces.push(text);
      characters += text.length;
      if (characters > BUFFER_CHARACTERS) flush();
    },
    close() {
      flush();
      closeSync(fd);
    },
  };
}

export const startOfStore: StorePosition = { next: { row: 0, at: 0, line: 1 }, part: 0, columns: [] };
