import { parseDocument } from "yaml";

export type Parsed = { value: Record<string, unknown> } | { fault: { line: number | null; message: string } | null };

/** YAML or JSON to one mapping. Aliases are few in real files and many in bombs, so that more than a hundred are refused. */
export function parseMapping(text: string): Parsed {
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: false, merge: true, version: "1.2" });
  const [error] = document.errors;
  if (error !== undefined)
    return { fault: { line: error.linePos?.[0].line ?? null, message: error.message.split("\n")[0] ?? error.message } };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return isMapping(value) ? { value } : { fault: null };
  } catch (thrown) {
    return { fault: { line: null, message: thrown instanceof Error ? thrown.message : String(thrown) } };
  }
}
const MAX_ALIASES = 100;

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
