import { TaskEvent, type TaskEventOf } from "../../lib/contract/event";

/** Far more than any event of ours: what is longer is passed over, so that a broken writer costs no memory. */
export const MAX_LINE_BYTES = 1024 * 1024;
/** Numbers rise by one; lines that nobody could read leave small gaps, never large ones. */
const MAX_GAP = 10_000;
const MAX_METRICS = 200;
const MAX_NAME_CHARACTERS = 200;
const MAX_WORDS_CHARACTERS = 4000;
const MAX_TRACEBACK_CHARACTERS = 40_000;

type Piece = {
  lines: string[];
  /** Bytes that need not be read again. */
  taken: number;
  /** The piece ended inside a line that is passed over. */
  skipping: boolean;
};

/** The whole lines of a piece of a log. `skipping`: the piece before ended inside a line that is too long. */
export function cutLines(bytes: Buffer, skipping: boolean): Piece {
  const start = skipping ? bytes.indexOf(10) + 1 : 0;
  if (skipping && start === 0) return { lines: [], taken: bytes.length, skipping: true };
  const end = bytes.lastIndexOf(10) + 1;
  if (end === start && bytes.length - start >= MAX_LINE_BYTES) return { lines: [], taken: bytes.length, skipping: true };
  return { lines: end === start ? [] : bytes.toString("utf8", start, end - 1).split("\n"), taken: end, skipping: false };
}

export type ParsedLine = { event: TaskEvent } | { unrecognised: string };

/** One line of `events.jsonl`. A newer worker may write what we do not know: it is named, and the rest goes on. */
export function parseEventLine(line: string): ParsedLine {
  const json = tryJson(line);
  if (isMetric(json)) return isPlainMetric(json) ? { event: json } : { unrecognised: "metric" };
  const parsed = TaskEvent.safeParse(json);
  return parsed.success ? { event: shortened(parsed.data) } : { unrecognised: nameOf(json) };
}

export function parseEventLines(lines: readonly string[]): { events: TaskEvent[]; unrecognised: string[] } {
  const parsed = lines.filter((line) => line !== "").map(parseEventLine);
  return {
    events: parsed.flatMap((line) => ("event" in line ? [line.event] : [])),
    unrecognised: parsed.flatMap((line) => ("unrecognised" in line ? [line.unrecognised] : [])),
  };
}

/** What comes after `seq`, each event once: a number far ahead would make all that follow look like old ones. */
export function inOrder(events: readonly TaskEvent[], seq: number): TaskEvent[] {
  let last = seq;
  return events.filter((event) => {
    if (event.seq <= last || event.seq > last + MAX_GAP) return false;
    last = event.seq;
    return true;
  });
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

/** Names become keys of rows and columns: a name such as __proto__ or one without end would do harm there. */
function isPlainMetric({ values }: TaskEventOf<"metric">): boolean {
  const names = Object.keys(values);
  return names.length <= MAX_METRICS && names.every((name) => name.length <= MAX_NAME_CHARACTERS && !(name in Object.prototype));
}

/** Words are kept in the row, which is written and sent again with every change. */
function shortened(event: TaskEvent): TaskEvent {
  switch (event.type) {
    case "warning":
      return { ...event, code: short(event.code), message: short(event.message) };
    case "failed":
      return {
        ...event,
        message: short(event.message),
        ...(event.remedy !== undefined && { remedy: short(event.remedy) }),
        ...(event.traceback !== undefined && { traceback: event.traceback.slice(-MAX_TRACEBACK_CHARACTERS) }),
      };
    default:
      return event;
  }
}

const short = (words: string): string => (words.length <= MAX_WORDS_CHARACTERS ? words : `${words.slice(0, MAX_WORDS_CHARACTERS)} …`);

function tryJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A tail filled with zeros after a power failure, or half a line of a killed writer.
    return undefined;
  }
}

const nameOf = (json: unknown): string =>
  typeof json === "object" && json !== null && "type" in json && typeof json.type === "string"
    ? json.type.slice(0, MAX_NAME_CHARACTERS)
    : "not an event";
