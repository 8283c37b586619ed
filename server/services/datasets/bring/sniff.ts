import { open } from "node:fs/promises";
import { extname } from "node:path";
import type { FileKind, SourceFile } from "../../../../lib/contract/dataset";
import { AppError } from "../../../errors";

const HEAD_BYTES = 256 * 1024;

export type Sniffed = { kind: FileKind; encoding: string; bytes: number };
const named: Record<string, FileKind> = {
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".csv": "csv",
  ".tsv": "tsv",
  ".parquet": "parquet",
  ".arrow": "arrow",
  ".txt": "text",
};

export async function readCompression(path: string): Promise<SourceFile["compression"]> {
  const { head } = await readEnds(path);
  if (starts(head, [0x1f, 0x8b])) return "gzip";
  return starts(head, [0x28, 0xb5, 0x2f, 0xfd]) ? "zstd" : null;
}

/** What a file is by its content; its ending decides only between what text alone can't tell. */
export async function sniffFile(path: string, name: string): Promise<Sniffed> {
  const { head, tail, bytes } = await readEnds(path);
  if (bytes === 0) throw new AppError("dataset_empty", `${name} is empty.`, { params: { fileName: name } });
  const binary = binaryKind(name, head, tail);
  if (binary !== null) return { kind: binary, encoding: "utf-8", bytes };
  const encoding = findEncoding(name, head, bytes > head.length);
  const text = new TextDecoder(encoding).decode(head.subarray(0, 64 * 1024), { stream: true });
  return { kind: textKind(text, extname(name).toLowerCase()), encoding, bytes };
}

function binaryKind(name: string, head: Buffer, tail: Buffer): FileKind | null {
  if (starts(head, "PAR1")) {
    if (head.length >= 12 && tail.toString("latin1") === "PAR1") return "parquet";
    throw notReadable(name, "it is a Parquet file that was cut off: its end is missing. Copy or send it again.");
  }
  if (starts(head, "ARROW1") || starts(head, [0xff, 0xff, 0xff, 0xff])) return "arrow";
  const other = strangers.find(({ magic }) => starts(head, magic));
  if (other) throw notReadable(name, `it is ${other.what}. Data sets are JSON, JSONL, CSV, TSV, Parquet, Arrow or text.`);
  const ending = named[extname(name).toLowerCase()];
  if (ending === "parquet" || ending === "arrow")
    throw notReadable(name, `its content is not ${ending === "arrow" ? "Arrow" : "Parquet"}. Export it again.`);
  return null;
}

const strangers = [
  { magic: "PK\u0003\u0004", what: "a ZIP archive or an office document; unpack it, or save it as CSV" },
  { magic: "%PDF", what: "a PDF" },
  { magic: "SQLite format 3", what: "an SQLite database" },
  { magic: [0x89, 0x50, 0x4e, 0x47], what: "a picture" },
  { magic: [0xff, 0xd8, 0xff], what: "a picture" },
  { magic: [0x42, 0x5a, 0x68], what: "packed with bzip2; unpack it, or use gzip or zstd" },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: "packed with xz; unpack it, or use gzip or zstd" },
];

/** UTF-8 unless the bytes can't be it; then Chinese before Western, because Western takes everything. */
function findEncoding(name: string, head: Buffer, cut: boolean): string {
  if (starts(head, [0xff, 0xfe])) return "utf-16le";
  if (starts(head, [0xfe, 0xff])) return "utf-16be";
  const odd = head.reduce((sum, byte) => sum + (byte < 9 ? 1 : 0), 0);
  if (odd > head.length / 50) throw notReadable(name, "it is not text. Data sets are JSON, JSONL, CSV, TSV, Parquet, Arrow or text.");
  if (decodes("utf-8", head, cut)) return "utf-8";
  // A few broken bytes in JSON do not make it another encoding: the check names their rows.
  if (brokenShare(head) < 0.001) return "utf-8";
  return decodes("gb18030", head, cut) ? "gb18030" : "windows-1252";
}

function decodes(encoding: string, bytes: Buffer, cut: boolean): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: cut });
    return true;
  } catch {
    return false;
  }
}

function brokenShare(bytes: Buffer): number {
  const text = new TextDecoder("utf-8").decode(bytes, { stream: true });
  let broken = 0;
  let high = 0;
  for (const letter of text) {
    if (letter === "\ufffd") broken++;
    if (letter > "\u007f") high++;
  }
  // Where half of all letters beyond ASCII are broken, the file was never UTF-8.
  return broken * 2 > high ? 1 : broken / text.length;
}

function textKind(text: string, ending: string): FileKind {
  const known = named[ending];
  const start = text.replace(/^\ufeff/, "").trimStart();
  const [first = "", ...rest] = start.split("\n", 3);
  if (known === "text") return "text";
  // A line so long that its end was not read is taken as whole.
  const line = start.length > 60_000 && rest.length === 0 ? "{}" : first;
  if (start.startsWith("{")) return known === "jsonl" || isJson(line) ? "jsonl" : "json";
  if (start.startsWith("[")) return known === "jsonl" && rest.length > 0 && isJson(line) ? "jsonl" : "json";
  if (known === "csv" || known === "tsv") return known;
  // What is called JSON and is neither that nor a table stays JSON: the check says what is wrong with it.
  return tableKind(first, rest[0]) ?? known ?? "text";
}

/** Two lines with as many tabs or commas each. */
function tableKind(first: string, second = ""): "csv" | "tsv" | null {
  const same = (letter: string): boolean => count(first, letter) > 0 && count(first, letter) === count(second, letter);
  if (same("\t")) return "tsv";
  return same(",") ? "csv" : null;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

async function readEnds(path: string): Promise<{ head: Buffer; tail: Buffer; bytes: number }> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
    await file.read(head, 0, head.length, 0);
    const tail = Buffer.alloc(Math.min(4, size));
    await file.read(tail, 0, tail.length, size - tail.length);
    return { head, tail, bytes: size };
  } finally {
    await file.close();
  }
}

const starts = (bytes: Buffer, magic: string | number[]): boolean =>
  bytes.subarray(0, magic.length).equals(typeof magic === "string" ? Buffer.from(magic, "latin1") : Buffer.from(magic));

const count = (text: string, letter: string): number => text.split(letter).length - 1;

const notReadable = (fileName: string, reason: string): AppError =>
  new AppError("dataset_not_readable", `${fileName}: ${reason}`, { params: { fileName, reason } });
