import type { TableFile } from "./messages";

/** What stands in a record: the columns of a row, or why it is none, with its text. */
export type Parsed = { fields: Record<string, unknown>; bad: string | null };

/** Name of the cell that holds the text of what is no row. */
export const TEXT_CELL = "";
const BAD_TEXT_CHARACTERS = 2000;
/** A header may name hundreds of thousands, and each row would have them all. */
const MAX_CSV_COLUMNS = 5000;

export function parseRecord(file: TableFile, bytes: Buffer, header: readonly string[], separator: number): Parsed {
  switch (file.kind) {
    case "json":
    case "jsonl":
      return parseJsonRecord(bytes.toString("utf8"));
    case "csv":
    case "tsv":
      return parseCsvRecord(bytes.toString("utf8"), header, String.fromCharCode(separator));
    case "text":
      return { fields: { text: bytes.toString("utf8").replace(/\r$/, "") }, bad: null };
  }
}

export function parseJsonRecord(text: string): Parsed {
  const parsed = parseJson(text);
  if ("reason" in parsed) return { fields: { [TEXT_CELL]: text.slice(0, BAD_TEXT_CHARACTERS) }, bad: parsed.reason };
  const { value } = parsed;
  if (isObject(value)) return { fields: value, bad: null };
  return { fields: { [TEXT_CELL]: value }, bad: `The row is ${kindOf(value)}, not an object with named fields.` };
}

function parseJson(text: string): { value: unknown } | { reason: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return text.includes("NaN") || text.includes("Infinity") ? parsePythonJson(text, reason) : { reason };
  }
}

/** Python writes NaN and Infinity, and reads them again: they are shown as null. */
function parsePythonJson(text: string, reason: string): { value: unknown } | { reason: string } {
  try {
    return { value: JSON.parse(withoutNaN(text)) };
  } catch {
    return { reason };
  }
}

/** Strings stay as they are. They are stepped over sign by sign: a pattern for a whole string fills the stack, or never ends. */
function withoutNaN(text: string): string {
  const signs = /["\\]|-?\b(?:NaN|Infinity)\b/g;
  const pieces: string[] = [];
  let from = 0;
  let inString = false;
  for (let match = signs.exec(text); match !== null; match = signs.exec(text)) {
    const [sign] = match;
    if (sign === '"') inString = !inString;
    else if (sign === "\\") signs.lastIndex = match.index + 2;
    else if (!inString) {
      pieces.push(text.slice(from, match.index), "null");
      from = signs.lastIndex;
    }
  }
  return pieces.join("") + text.slice(from);
}

/** Missing fields are null; more fields than the header has are kept together under the empty name. */
function parseCsvRecord(text: string, header: readonly string[], separator: string): Parsed {
  const values = splitCsv(text, separator);
  const fields: Record<string, unknown> = {};
  const named = Math.min(header.length, MAX_CSV_COLUMNS);
  for (let i = 0; i < named; i += 1) fields[header[i] ?? ""] = values[i] ?? null;
  if (values.length === header.length) return { fields, bad: null };
  if (values.length > header.length) fields[TEXT_CELL] = values.slice(header.length).join(separator);
  return { fields, bad: `The record has ${values.length} fields, the header ${header.length}.` };
}

export function splitCsv(text: string, separator: string): string[] {
  if (!text.includes('"')) return text.split(separator);
  const values: string[] = [];
  let at = 0;
  for (;;) {
    const field = readField(text, at, separator);
    values.push(field.value);
    if (field.next > text.length) return values;
    at = field.next;
  }
}

function readField(text: string, from: number, separator: string): { value: string; next: number } {
  let at = from;
  let value = "";
  if (text[at] === '"') {
    at += 1;
    for (;;) {
      const quote = text.indexOf('"', at);
      if (quote === -1) return { value: value + text.slice(at), next: text.length + 1 };
      value += text.slice(at, quote);
      at = quote + 1;
      if (text[at] !== '"') break;
      value += '"';
      at += 1;
    }
  }
  const end = text.indexOf(separator, at);
  return end === -1 ? { value: value + text.slice(at), next: text.length + 1 } : { value: value + text.slice(at, end), next: end + 1 };
}

/** Names of columns are told apart: an empty one gets its number, a second one of a name too. */
export function headerNames(text: string, separator: string): string[] {
  const seen = new Set<string>();
  return splitCsv(text, separator).map((given, i) => {
    const name = given === "" ? `column ${i + 1}` : given;
    const unique = seen.has(name) ? `${name} (${i + 1})` : name;
    seen.add(unique);
    return unique;
  });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "a text";
  return typeof value === "boolean" ? "true or false" : "a number";
}
