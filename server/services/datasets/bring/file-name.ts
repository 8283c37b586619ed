import { extname } from "node:path";
import { AppError } from "../../../errors";

const MAX_CHARACTERS = 120;
const packed = [".gz", ".zst"];

/** The last part of whatever somebody calls the file, without characters that would confuse a page, a shell or a disk. */
export function cleanFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const clean = cut(last.replace(/[\p{Cc}\p{Cf}]/gu, "").trim()).replace(/^\.+/, "");
  if (clean !== "") return clean;
  throw new AppError("bad_request", "name: Give the name of the file, such as questions.jsonl.", {
    fields: [{ path: "name", message: "Give the name of the file.", value: name }],
  });
}

/** questions.jsonl.gz is called questions. */
export function stem(fileName: string): string {
  const plain = unpackedName(fileName);
  const ending = extname(plain);
  return plain.slice(0, plain.length - ending.length) || plain;
}

export function unpackedName(fileName: string): string {
  const ending = extname(fileName).toLowerCase();
  return packed.includes(ending) && fileName.length > ending.length ? fileName.slice(0, -ending.length) : fileName;
}

/** Names of one set differ, also on disks that take capitals for small letters. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const ending = extname(name);
    let unique = name;
    for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${name.slice(0, name.length - ending.length)}-${n}${ending}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** A disk takes 255 bytes; the end of a name tells more than its beginning. */
function cut(name: string): string {
  const letters = Array.from(name).slice(-MAX_CHARACTERS);
  while (Buffer.byteLength(letters.join("")) > 240) letters.shift();
  return letters.join("");
}
