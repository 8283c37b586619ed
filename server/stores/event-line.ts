import { TaskEvent, type TaskEventOf } from "../../lib/contract/event";

export type ParsedLine = { event: TaskEvent } | { unrecognised: string };

/** One line of `events.jsonl`. A newer worker may write what we do not know: it is named, and the rest goes on. */
export function parseEventLine(line: string): ParsedLine {
  const json = tryJson(line);
  if (isMetric(json)) return { event: json };
  const parsed = TaskEvent.safeParse(json);
  return parsed.success ? { event: parsed.data } : { unrecognised: nameOf(json) };
}

export function parseEventLines(lines: readonly string[]): { events: TaskEvent[]; unrecognised: string[] } {
  const parsed = lines.filter((line) => line !== "").map(parseEventLine);
  return {
    events: parsed.flatMap((line) => ("event" in line ? [line.event] : [])),
    unrecognised: parsed.flatMap((line) => ("unrecognised" in line ? [line.unrecognised] : [])),
  };
}

/** Nearly all lines of a long log are metrics: the same questions as the schema asks, at a fifth of its time. */
function isMetric(json: unknown): json is TaskEventOf<"metric"> {
  if (typeof json !== "object" || json === null || !("type" in json) || json.type !== "metric") return false;
  const { seq, t, step, epoch, tokens, seconds, values }: Record<string, unknown> = { ...json };
  return (
    Number.isSafeInteger(seq) &&
    Number(seq) >= 0 &&
    Number.isSafeInteger(step) &&
    [t, epoch, tokens, seconds].every(Number.isFinite) &&
    typeof values === "object" &&
    values !== null &&
    Object.values(values).every((value) => Number.isFinite(value) || value === "nan" || value === "inf" || value === "-inf")
  );
}

function tryJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A tail filled with zeros after a power failure, or half a line of a killed writer.
    return undefined;
  }
}

const nameOf = (json: unknown): string =>
  typeof json === "object" && json !== null && "type" in json && typeof json.type === "string" ? json.type : "not an event";
