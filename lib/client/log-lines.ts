/** A bounded window on a long text file, as lines. `from` and `to` are byte offsets in the file. */
export type LogLines = {
  from: number;
  to: number;
  lines: readonly string[] /** Lines ever taken off the front, so that keys stay. */;
  firstKey: number;
};
export type LogPiece = { from: number; to: number; text: string };

export const MAX_LINES = 20_000;
const TRIM_LINES = 5000;

export const emptyLog = (at: number): LogLines => ({ from: at, to: at, lines: [""], firstKey: 0 });

/** Adds what came after; a piece that was seen before changes nothing, one behind a gap is refused with null. */
export function appendLog(log: LogLines, piece: LogPiece): LogLines | null {
  if (piece.to <= log.to) return log;
  if (piece.from > log.to) return null;
  const text = piece.from === log.to ? piece.text : fromByte(piece.text, log.to - piece.from);
  return trimFront({ ...log, to: piece.to, lines: joinLines(log.lines, text.split("\n")) });
}

/** Adds what came before; the newest lines go when there are too many, so `to` may move back. */
export function prependLog(log: LogLines, piece: LogPiece): LogLines {
  if (piece.to !== log.from) return log;
  const before = piece.text.split("\n");
  const lines = joinLines(before, log.lines);
  const firstKey = log.firstKey - (before.length - 1);
  if (lines.length <= MAX_LINES) return { ...log, from: piece.from, lines, firstKey };
  const kept = lines.slice(0, MAX_LINES);
  const lost = lines.slice(MAX_LINES).join("\n");
  return { from: piece.from, to: log.to - byteLength(lost), lines: [...kept, ""], firstKey };
}

function trimFront(log: LogLines): LogLines {
  if (log.lines.length <= MAX_LINES) return log;
  const count = log.lines.length - MAX_LINES + TRIM_LINES;
  const lost = `${log.lines.slice(0, count).join("\n")}\n`;
  return { ...log, from: log.from + byteLength(lost), lines: log.lines.slice(count), firstKey: log.firstKey + count };
}

/** The last line of one and the first of the other are two halves of the same line. */
function joinLines(before: readonly string[], after: readonly string[]): string[] {
  return [...before.slice(0, -1), `${before.at(-1) ?? ""}${after[0] ?? ""}`, ...after.slice(1)];
}

const encoder = new TextEncoder();
const byteLength = (text: string) => encoder.encode(text).length;
const fromByte = (text: string, offset: number) => new TextDecoder().decode(encoder.encode(text).subarray(offset));

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes away
const ansi = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** A line as a terminal would leave it: no colours, and only what a progress bar wrote last. */
export function plainLine(line: string): string {
  const clean = line.includes("\u001b") ? line.replace(ansi, "") : line;
  const end = clean.endsWith("\r") ? clean.slice(0, -1) : clean;
  return end.includes("\r") ? end.slice(end.lastIndexOf("\r") + 1) : end;
}
