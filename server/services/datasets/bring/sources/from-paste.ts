import { writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Staging } from "../../../../stores/dataset-files";
import { cleanFileName, stem } from "../file-name";
import { type Collected, nothingLeft } from "./incoming";

/** Pasted text becomes a file like any other; what it is, its content tells. */
export async function fromPaste(staging: Staging, { text, fileName }: { text: string; fileName?: string }): Promise<Collected> {
  const given = cleanFileName(fileName?.trim() || "pasted");
  const name = extname(given) === "" ? `${given}.${guessEnding(text)}` : given;
  const path = join(staging.tray, name);
  await writeFile(path, text, { flag: "wx", mode: 0o600 });
  return { ...nothingLeft, name: stem(name), source: "paste", mapping: null, files: [{ name, path, keep: "take" }] };
}

function guessEnding(text: string): string {
  const start = text.trimStart();
  if (start.startsWith("[")) return "json";
  return start.startsWith("{") ? "jsonl" : "txt";
}
