import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTranslator } from "use-intl/core";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Words } from "../client/use-error-text";
import { saidText } from "../client/use-said-text";
import type { Said } from "../contract/said";
import { locales } from "./locale";

const Table = z.object({ sentences: z.record(z.string(), z.string()), terms: z.record(z.string(), z.record(z.string(), z.string())) });
const trainer = join(import.meta.dirname, "..", "..", "trainer", "src", "trainer");
const python = process.env.TUNEBOARD_PYTHON ?? "python3";
/** The trainer's own list, told by the trainer. */
const table = Table.parse(JSON.parse(execFileSync(python, ["-I", join(trainer, "data", "sentences.py")], { encoding: "utf8" })));
type Messages = Record<string, string>;
const read = (locale: string): Messages => JSON.parse(readFileSync(join(import.meta.dirname, locale, "said.json"), "utf8"));
const wordsIn = (locale: string): Words => createTranslator({ locale, messages: { said: read(locale) }, namespace: "said" });

test("the English words are the trainer's own, all of them and no others", () => {
  expect(read("en")).toEqual({ ...table.sentences, term: table.terms });
});

describe.each(locales)("in %s", (locale) => {
  const t = wordsIn(locale);

  test.each(Object.entries(table.sentences))("%s is said with all its figures", (code, english) => {
    const names = [...english.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
    const figures = Object.fromEntries(
      names.map((name) => [name, table.terms[name] ? (Object.keys(table.terms[name])[0] ?? "") : `‹${name}›`]),
    );
    const words = saidText(t, " ", [{ code, params: figures }], "fallback");
    expect(words).not.toBe("fallback");
    for (const name of names) expect(words).toContain(table.terms[name] ? t(`term.${name}.${figures[name]}`) : `‹${name}›`);
  });
});

test("a sentence that a newer trainer brings is told in English", () => {
  const t = wordsIn("zh");
  const said: Said[] = [
    { code: "missing", params: { key: "a" } },
    { code: "of_tomorrow", params: {} },
  ];
  expect(saidText(t, "", said, "“a” is missing. And more.")).toBe("“a” is missing. And more.");
  expect(saidText(t, "", said.slice(0, 1), "“a” is missing.")).toBe("缺少“a”。");
});
