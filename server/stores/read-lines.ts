import { createReadStream } from "node:fs";

/** Lines of a file from a byte on, each with the byte at which it begins; what stands behind the last line break is none. */
export async function* readLines(path: string, from: number, to: number): AsyncGenerator<{ text: string; at: number }> {
  if (to <= from) return;
  let rest: Buffer = Buffer.alloc(0);
  let at = from;
  for await (const piece of createReadStream(path, { start: from, end: to - 1, highWaterMark: 256 * 1024 })) {
    const buffer = rest.length === 0 ? asBuffer(piece) : Buffer.concat([rest, asBuffer(piece)]);
    let start = 0;
    for (let end = buffer.indexOf(10); end !== -1; end = buffer.indexOf(10, start)) {
      yield { text: buffer.toString("utf8", start, end), at };
      at += end + 1 - start;
      start = end + 1;
    }
    rest = buffer.subarray(start);
  }
}

// A stream without an encoding gives buffers.
const asBuffer = (piece: unknown): Buffer => piece as Buffer;
