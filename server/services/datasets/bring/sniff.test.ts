import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readCompression, sniffFile } from "./sniff";

const folder = mkdtempSync(join(tmpdir(), "tb-sniff-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sniff = (name: string, content: string | Buffer) => {
  const path = join(folder, "file");
  writeFileSync(path, content);
  return sniffFile(path, name);
};
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);

test.each([
  ["rows.json", '[{"a": 1}]', "json"],
  ["rows.json", '{"a": 1}\n{"a": 2}\n', "jsonl"],
  ["rows.jsonl", '[{"a": 1},\n {"a": 2}]', "json"],
  ["rows.jsonl", '{"a": 1\n{"a": 2}\n', "jsonl"],
  ["rows.json", '{\n  "a": 1\n}', "json"],
  ["rows.csv", '{"a": 1}\n{"a": 2}\n', "jsonl"],
  ["rows.json", "a,b\n1,2\n", "csv"],
  ["rows.jsonl", "nothing of the kind\n", "jsonl"],
  ["rows.tsv", "a\tb\n", "tsv"],
  ["notes.txt", '{"a": 1}\n', "text"],
  ["rows", "a\tb\n1\t2\n", "tsv"],
  ["rows.dat", "Once upon a time\n", "text"],
  ["rows.bin", "PAR1....PAR1", "parquet"],
  ["rows.json", "ARROW1..", "arrow"],
  ["long.jsonl", `{"a": "${"x".repeat(300_000)}"}\n`, "jsonl"],
  ["bom.json", '\ufeff[{"a": 1}]', "json"],
])("%s with %.24s… is %s", async (name, content, kind) => {
  expect((await sniff(name, content)).kind).toBe(kind);
});

test.each([
  ["你好".repeat(50), "utf-8"],
  [Buffer.from([0xc4, 0xe3, 0xba, 0xc3, 0x0a]), "gb18030"],
  [Buffer.concat([Buffer.from("caf"), Buffer.from([0xe9, 0x20, 0x81, 0x20])]), "windows-1252"],
  [utf16('{"a": 1}\n'), "utf-16le"],
  // Cut in the middle of a letter by what is read of it.
  [`${"x".repeat(256 * 1024 - 1)}你`, "utf-8"],
  // One broken byte among many letters: still UTF-8, and the check names its row.
  [Buffer.concat([Buffer.from("你好".repeat(2000)), Buffer.from([0xff]), Buffer.from("你好".repeat(2000))]), "utf-8"],
])("encoding %#: %.12s… is %s", async (content, encoding) => {
  expect((await sniff("a.jsonl", content)).encoding).toBe(encoding);
});

test("what is packed is known by its first bytes, whatever its name", async () => {
  const path = join(folder, "packed");
  for (const [bytes, compression] of [
    [[0x1f, 0x8b, 8], "gzip"],
    [[0x28, 0xb5, 0x2f, 0xfd], "zstd"],
    [[0x7b], null],
  ] as const) {
    writeFileSync(path, Buffer.from(bytes));
    expect(await readCompression(path)).toBe(compression);
  }
});
