import type { RawRow } from "../../../lib/contract/dataset-view";
import type { Parsed } from "./parse-record";

const CELL_CHARACTERS = 500;
const LEAST_CHARACTERS = 40;
/** Of a row with many columns each shows less, so that a page stays a page. */
const ROW_CHARACTERS = 20_000;
export const MAX_COLUMNS = 500;

type Cells = Pick<RawRow, "cells" | "cut">;

/** Values as a table shows them: objects and lists as JSON text, long text cut. */
export function toCells({ fields }: Parsed): Cells {
  const cells: Cells = { cells: {}, cut: [] };
  const entries = Object.entries(fields).slice(0, MAX_COLUMNS);
  const limit = cellCharacters(entries.length);
  for (const [name, value] of entries) {
    const shown = typeof value === "object" && value !== null ? jsonText(value) : value;
    if (typeof shown === "string" && shown.length > limit) {
      cells.cells[name] = cutText(shown, limit);
      cells.cut.push(name);
    } else if (typeof shown === "string" || typeof shown === "number" || typeof shown === "boolean") cells.cells[name] = shown;
    else cells.cells[name] = null;
  }
  return cells;
}

export const cellCharacters = (columns: number): number =>
  Math.max(LEAST_CHARACTERS, Math.min(CELL_CHARACTERS, Math.floor(ROW_CHARACTERS / Math.max(1, columns))));

/** JSON is read to any depth and written only as deep as the stack allows. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP;
    throw error;
  }
}

export const TOO_DEEP = '"[nested too deeply to be shown]"';
const MAX_DEPTH = 500;

/** Deeper than the server, whose stack is smaller than that of this thread, and Python read and write. */
export function isDeep(json: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const sign = json[at];
    if (sign === '"') inString = !inString;
    else if (inString) at += sign === "\\" ? 1 : 0;
    else if (sign === "[" || sign === "{") depth += 1;
    else if (sign === "]" || sign === "}") depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** Never between the two halves of a character. */
export function cutText(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const last = text.charCodeAt(characters - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? characters - 1 : characters);
}
