import type { RawRow } from "../../../lib/contract/dataset-view";
import type { Parsed } from "./parse-record";

export const CELL_CHARACTERS = 500;
export const MAX_COLUMNS = 500;

type Cells = Pick<RawRow, "cells" | "cut">;

/** Values as a table shows them: objects and lists as JSON text, long text cut. */
export function toCells({ fields }: Parsed): Cells {
  const cells: Cells = { cells: {}, cut: [] };
  let columns = 0;
  for (const [name, value] of Object.entries(fields)) {
    columns += 1;
    if (columns > MAX_COLUMNS) break;
    const shown = typeof value === "object" && value !== null ? jsonText(value) : value;
    if (typeof shown === "string" && shown.length > CELL_CHARACTERS) {
      cells.cells[name] = cutText(shown, CELL_CHARACTERS);
      cells.cut.push(name);
    } else if (typeof shown === "string" || typeof shown === "number" || typeof shown === "boolean") cells.cells[name] = shown;
    else cells.cells[name] = null;
  }
  return cells;
}

/** JSON is read to any depth and written only as deep as the stack allows. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return "[nested too deeply to be shown]";
    throw error;
  }
}

/** Never between the two halves of a character. */
export function cutText(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const last = text.charCodeAt(characters - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? characters - 1 : characters);
}
