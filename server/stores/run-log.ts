import { open, readFile, stat } from "node:fs/promises";
import type { LogSlice } from "../../lib/contract/api";
import type { RunId } from "../../lib/contract/ids";
import { hasCode, type RunDirs } from "./run-dir";

type Segment = { path: string; start: number; end: number };

/** Output of all attempts as one text with absolute byte offsets; what rotation has thrown away is skipped, and `from` tells. */
export async function readLog(
  runDirs: RunDirs,
  id: RunId,
  attempts: number,
  query: { from: number | null; limit: number },
): Promise<LogSlice> {
  const { segments, size } = await findSegments(runDirs, id, attempts);
  const oldest = segments.find((segment) => segment.end > segment.start)?.start ?? size;
  const from = Math.min(size, Math.max(oldest, query.from ?? size - query.limit));
  const bytes = Buffer.concat(await readSegments(segments, from, from + query.limit));
  const text = withoutBrokenTail(bytes, from + bytes.length < size || bytes.length === query.limit);
  return { from, to: from + text.length, size, text: text.toString("utf8") };
}

export async function findSegments(runDirs: RunDirs, id: RunId, attempts: number): Promise<{ segments: Segment[]; size: number }> {
  const segments: Segment[] = [];
  let size = 0;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const path = runDirs.paths(id).attempt(attempt).output;
    const { begin, bytes, oldBytes } = await measure(path);
    segments.push(
      { path: `${path}.1`, start: size + begin - oldBytes, end: size + begin },
      { path, start: size + begin, end: size + begin + bytes },
    );
    size += begin + bytes;
  }
  return { segments, size };
}

/** The order of reading stands in docs/event-log.md: a rotation between two looks is seen, and looked at again. */
async function measure(path: string): Promise<{ begin: number; bytes: number; oldBytes: number }> {
  for (let look = 0; ; look++) {
    const begin = await readOffset(path);
    const bytes = await sizeOf(path);
    const oldBytes = (await sizeOf(`${path}.1`)) ?? 0;
    if ((await readOffset(path)) === begin && (bytes !== null || look >= 5)) return { begin, bytes: bytes ?? 0, oldBytes };
    if (bytes === null && begin === 0 && oldBytes === 0) return { begin, bytes: 0, oldBytes };
  }
}

async function readSegments(segments: Segment[], from: number, to: number): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  let at = from;
  for (const { path, start, end } of segments) {
    if (end <= at || start >= to || at < start) continue;
    const part = await readRange(path, at - start, Math.min(end, to) - at);
    parts.push(part);
    at += part.length;
  }
  return parts;
}

async function readRange(path: string, position: number, length: number): Promise<Buffer> {
  const file = await open(path, "r").catch(missing(null));
  if (file === null) return Buffer.alloc(0);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A character of several bytes that is cut at the end belongs to the next slice. */
function withoutBrokenTail(bytes: Buffer, more: boolean): Buffer {
  if (!more) return bytes;
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

const readOffset = async (path: string): Promise<number> => Number(await readFile(`${path}.offset`, "utf8").catch(missing("0")));
const sizeOf = (path: string): Promise<number | null> => stat(path).then((s) => s.size, missing(null));

const missing =
  <T>(value: T) =>
  (error: unknown): T => {
    if (hasCode(error, "ENOENT")) return value;
    throw error;
  };
