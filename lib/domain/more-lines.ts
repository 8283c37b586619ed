import type { MoreValue } from "../contract/parameters/more";

export type More = Readonly<Record<string, MoreValue>>;

/** What a person typed, read as YAML's simplest form: `name: value` a line, values as in YAML or JSON. A fault names its line. */
export function readMore(text: string): { more: More; fault: null } | { more: null; fault: { line: number; text: string } } {
  const more: Record<string, MoreValue> = {};
  for (const [at, raw] of text.split("\n").entries()) {
    const line = withoutComment(raw).trim();
    if (line === "") continue;
    const [, name, value] = /^["']?([A-Za-z_]\w*)["']?\s*:(?:\s+(.*))?$/.exec(line) ?? [];
    const read = name === undefined || value === undefined ? undefined : readValue(value);
    if (name === undefined || read === undefined || Object.hasOwn(more, name)) return { more: null, fault: { line: at + 1, text: line } };
    more[name] = read;
  }
  return { more, fault: null };
}

/** The same lines, values as JSON, which YAML readers take too. */
export const writeMore = (more: object): string =>
  Object.entries(more)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join("\n");

/** A hash begins a comment at the start and after a space, but not within quotes. */
function withoutComment(line: string): string {
  const [, kept] = /^((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^#"']|\S#)*?)(?:(?:^|\s)#.*)?$/.exec(line) ?? [];
  return kept ?? line;
}

function readValue(text: string): MoreValue | undefined {
  if (/^[[{"]/.test(text)) return readJson(text);
  const [, quoted] = /^'((?:[^']|'')*)'$/.exec(text) ?? [];
  if (quoted !== undefined) return quoted.replaceAll("''", "'");
  if (/^(true|yes|on)$/i.test(text)) return true;
  if (/^(false|no|off)$/i.test(text)) return false;
  if (/^(null|none|~)$/i.test(text)) return null;
  // YAML 1.1 takes 2e-4 for a text; nobody who types it means one.
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : text;
}

function readJson(text: string): MoreValue | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMoreValue(value) ? value : undefined;
  } catch {
    // What looks like JSON and is none is a fault of the line, told as such.
    return undefined;
  }
}

const isScalar = (value: unknown): value is string | number | boolean | null =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

function isMoreValue(value: unknown): value is MoreValue {
  if (isScalar(value)) return true;
  if (Array.isArray(value)) return value.every(isScalar);
  return typeof value === "object" && value !== null && Object.values(value).every(isScalar);
}
