import { type FileHandle, open } from "node:fs/promises";
import * as z from "zod";
import { AppError } from "../errors";

/** `start` counts from the end of the header; tensors come in the order in which they lie on the disk. */
export type Tensor = { name: string; dtype: string; shape: number[]; start: number; bytes: number };
export type SafetensorsHeader = { file: string; fileBytes: number; head: Buffer; tensors: Tensor[] };

/** The format's own limit; a file that claims more is damaged or meant to hurt. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;

/**
 * Reads the table of contents of one file of weights, never the weights. `head` is the raw length and JSON, for the
 * fingerprint. `file` is its name for people: the path may be that of a blob in a cache.
 */
export async function readSafetensorsHeader(path: string, file: string): Promise<SafetensorsHeader> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const head = await readHead(handle, file, size);
    const entries = parseTensors(file, head.subarray(LENGTH_BYTES).toString("utf8"));
    const expected = head.length + entries.reduce((end, entry) => Math.max(end, entry.start + entry.bytes), 0);
    if (expected !== size) throw unreadable(file, `it has ${size} bytes and its header speaks of ${expected}, so the copy is not complete`);
    return { file, fileBytes: size, head, tensors: entries.sort((a, b) => a.start - b.start) };
  } finally {
    await handle.close();
  }
}

async function readHead(handle: FileHandle, file: string, size: number): Promise<Buffer> {
  if (size < LENGTH_BYTES) throw unreadable(file, `it has only ${size} bytes`);
  const length = (await readStart(handle, LENGTH_BYTES, file)).readBigUInt64LE();
  if (length > BigInt(MAX_HEADER_BYTES) || length > BigInt(size - LENGTH_BYTES))
    throw unreadable(file, `its header claims ${length} bytes`);
  return readStart(handle, LENGTH_BYTES + Number(length), file);
}

async function readStart(handle: FileHandle, length: number, file: string): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
  if (bytesRead !== length) throw unreadable(file, "it ended while it was read");
  return buffer;
}

const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

export function parseTensors(file: string, text: string): Tensor[] {
  return Object.entries(parseTable(file, text))
    .filter(([name]) => name !== "__metadata__")
    .map(([name, value]) => {
      const entry = Entry.safeParse(value);
      if (!entry.success) throw unreadable(file, `its header describes the tensor ${name} wrongly`);
      const { dtype, shape, data_offsets } = entry.data;
      return { name, dtype, shape, start: data_offsets[0], bytes: data_offsets[1] - data_offsets[0] };
    });
}

function parseTable(file: string, text: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (cause) {
    throw unreadable(file, "its header is not JSON", cause);
  }
}

const unreadable = (file: string, problem: string, cause?: unknown): AppError =>
  new AppError("model_not_readable", `${file} is not a usable file of weights: ${problem}. Copy or download it again.`, {
    params: { path: file, problem, remedy: "Copy or download it again." },
    cause,
  });
