import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { subjects } from "./subjects";

const root = join(import.meta.dirname, "..", "..");
const sources = ["app", "components", "lib", "server"]
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(root, folder, name)))
  .filter((path) => /\.tsx?$/.test(path) && !path.includes(".test."))
  .map((path) => readFileSync(path, "utf8"));

/** said.json is held equal to the trainer's list by said.test.ts. */
test.each(subjects.filter((subject) => subject !== "said"))("every message of %s is named by a file that may use it", (subject) => {
  const messages: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "en", `${subject}.json`), "utf8"));
  // A file that asks for other subjects only can't mean this one; a helper is handed its words.
  const code = sources.filter((text) => !text.includes("seTranslations(") || text.includes(`"${subject}`)).join("\n");
  const names = new Set([...code.matchAll(/"([\w.-]+)"|\b(\w+):/g)].map((match) => match[1] ?? match[2] ?? ""));
  // `reason.${code}` and the words of "dataset.reason" name a whole group.
  const groups = [
    ...new Set([...code.matchAll(/`([\w.]+[._])\$\{|seTranslations\("(\w+\.[\w.]+)"/g)].map((match) => match[1] ?? `${match[2]}.`)),
  ];
  const isNamed = (key: string): boolean =>
    endsOf(`${subject}.${key}`).some((end) => names.has(end) || groups.some((group) => end.startsWith(group)));
  expect(keysOf(messages).filter((key) => !isNamed(key))).toEqual([]);
});

/** "a.b.c", "b.c" and "c": a name may be said within its group. */
const endsOf = (key: string): string[] => key.split(".").map((_, i, parts) => parts.slice(i).join("."));

function keysOf(messages: unknown): string[] {
  if (typeof messages !== "object" || messages === null) return [""];
  return Object.entries(messages).flatMap(([name, inner]) => keysOf(inner).map((rest) => (rest === "" ? name : `${name}.${rest}`)));
}
