import { closeSync, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { emptyRow } from "../../stores/dataset-files";
import { cutText } from "./cells";
import type { CanonicalPage, CanonicalRow, ReadCanonical } from "./messages";
import { readBytes } from "./read-bytes";

const OFFSET_BYTES = 8;
/** Of what is longer nothing is parsed. */
const PARSED_BYTES = 64 * 1024 * 1024;
const LEAST_CHARACTERS = 16;
const CHARACTERS_AN_ITEM = 32;

/** Rows by number through `rows.idx`: only their bytes are read. All together have so many bytes; longer rows are shortened. */
export function canonicalRows({ folder, offset, limit, bytes }: ReadCanonical): CanonicalPage {
  const index = openSync(join(folder, "rows.idx"), "r");
  const data = openSync(join(folder, "rows.jsonl"), "r");
  try {
    const total = Math.floor(fstatSync(index).size / OFFSET_BYTES);
    const count = Math.max(0, Math.min(limit, total - offset));
    const places = placesOf(readBytes(index, offset * OFFSET_BYTES, (count + 1) * OFFSET_BYTES), count, fstatSync(data).size);
    const most = fairShare(
      places.map(({ length }) => length),
      bytes,
    );
    const rows = places.map(({ at, length }, i) => toRow(readBytes(data, at, Math.min(length, PARSED_BYTES)), offset + i, most));
    return { total, rows };
  } finally {
    closeSync(index);
    closeSync(data);
  }
}

/** From where each row begins to where the next one does, or the file ends. */
function placesOf(offsets: Buffer, count: number, fileBytes: number): { at: number; length: number }[] {
  const placeOf = (row: number): number =>
    row * OFFSET_BYTES < offsets.length ? Number(offsets.readBigUInt64LE(row * OFFSET_BYTES)) : fileBytes;
  return Array.from({ length: count }, (_, row) => ({ at: placeOf(row), length: placeOf(row + 1) - placeOf(row) }));
}

/** The most that one may have: short rows leave their part to the long ones. */
function fairShare(lengths: readonly number[], budget: number): number {
  const rising = [...lengths].sort((a, b) => a - b);
  let left = budget;
  for (const [i, length] of rising.entries()) {
    const share = left / (rising.length - i);
    if (length > share) return Math.floor(share);
    left -= length;
  }
  return budget;
}

function toRow(line: Buffer, number: number, most: number): CanonicalRow {
  const cut = line.length > most;
  if (line.length === PARSED_BYTES)
    return { cut, json: JSON.stringify({ ...emptyRow, index: number, text: cutText(line.toString("utf8", 0, most), most), cut }) };
  const row: object = { ...emptyRow, ...JSON.parse(line.toString("utf8")), cut };
  return { cut, json: cut ? shorten(row, number, most) : JSON.stringify(row) };
}

/** Its longest texts first, and lists when texts are not enough. */
function shorten(row: object, number: number, most: number): string {
  for (let characters = most; characters >= LEAST_CHARACTERS; characters = Math.floor(characters / 2)) {
    const json = JSON.stringify(shortened(row, characters));
    if (json.length <= most) return json;
  }
  return JSON.stringify({ ...emptyRow, index: number, cut: true });
}

function shortened(value: unknown, characters: number): unknown {
  if (typeof value === "string") return value.length > characters ? `${cutText(value, characters)}…` : value;
  if (Array.isArray(value))
    return value.slice(0, Math.max(1, Math.floor(characters / CHARACTERS_AN_ITEM))).map((item) => shortened(item, characters));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shortened(item, characters)]));
}
