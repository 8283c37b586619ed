import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { twMerge } from "tailwind-merge";
import { expect, test } from "vitest";
import { merge } from "./class-groups";

const root = join(import.meta.dirname, "..", "..");
const texts = ["app", "components"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tsx") && !name.includes(".test."))
    .map((name) => readFileSync(join(root, folder, name), "utf8")),
);

test("lists that one component joins are merged as tailwind-merge's own table would", () => {
  for (const text of texts) {
    const lists = classLists(text.slice(text.indexOf("cn(")));
    for (const base of lists) for (const over of lists) compare(`${base} ${over}`);
  }
});

test("so are the lists that one component gives to another", () => {
  const bases = new Set(texts.filter((text) => /^ +className,$|, className/m.test(text)).flatMap(classLists));
  const given = new Set(texts.flatMap((text) => [...text.matchAll(/<[A-Z][^<>]*? className="([^"]+)"/g)].map((match) => match[1] ?? "")));
  for (const base of bases) for (const over of given) compare(`${base} ${over}`);
});

test("a later utility wins over an earlier one of the same kind", () => {
  expect(merge("px-2 py-1 p-4")).toBe("p-4");
  expect(merge("text-muted text-sm text-strong")).toBe("text-sm text-strong");
  expect(merge("w-14 lg:w-56 w-full")).toBe("lg:w-56 w-full");
});

/** Which stay: their order means nothing to CSS. */
function compare(list: string): void {
  expect([...new Set(merge(list).split(" "))].sort()).toEqual([...new Set(twMerge(list).split(" "))].sort());
}

/** Literals of lower case with at least one dash: class lists, and a few words that do no harm. */
function classLists(text: string): string[] {
  return [...text.matchAll(/"([a-z[][^"A-Z;/]*-[^"A-Z;]*)"/g)].map((match) => match[1] ?? "");
}
