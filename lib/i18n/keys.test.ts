import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ErrorCode, FieldProblemCode } from "../contract/errors";
import { FailureCode } from "../contract/event";
import { RunStatus } from "../contract/run";
import { chooseLocale, locales } from "./locale";
import { subjects } from "./subjects";

const here = import.meta.dirname;
const read = (locale: string, subject: string): unknown => JSON.parse(readFileSync(join(here, locale, `${subject}.json`), "utf8"));

function flatten(value: unknown, path = ""): Map<string, string> {
  if (typeof value === "string") return new Map([[path, value]]);
  if (typeof value !== "object" || value === null) throw new Error(`${path} is neither text nor a group`);
  return new Map(Object.entries(value).flatMap(([key, child]) => [...flatten(child, path ? `${path}.${key}` : key)]));
}

describe.each(subjects)("messages of %s", (subject) => {
  const en = flatten(read("en", subject));
  const zh = flatten(read("zh", subject));

  test("both languages have the same keys", () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  });

  test("both languages take the same figures; a count that English needs for its plural may be left out", () => {
    for (const [key, text] of en) {
      const chinese = argumentsOf(zh.get(key) ?? "");
      expect(argumentsOf(text), key).toEqual(expect.arrayContaining(chinese));
      expect(chinese, key).toEqual(expect.arrayContaining(argumentsOf(text).filter((name) => !text.includes(`{${name}, plural`))));
    }
  });

  test("no message is empty", () => {
    for (const [key, text] of [...en, ...zh]) expect(text.trim(), key).not.toBe("");
  });
});

test("every message file is listed, so that it is loaded", () => {
  for (const locale of locales)
    expect(
      readdirSync(join(here, locale))
        .map((name) => name.replace(".json", ""))
        .sort(),
    ).toEqual([...subjects].sort());
});

test.each(locales)("each error, failure and status has its words in %s", (locale) => {
  const errors = flatten(read(locale, "errors"));
  const status = flatten(read(locale, "status"));
  for (const code of ErrorCode.options) expect(errors.has(code), code).toBe(true);
  for (const code of FieldProblemCode.options) expect(errors.has(`field.${code}`), code).toBe(true);
  for (const code of FailureCode.options) expect(errors.has(`failure.${code}`) && errors.has(`remedy.${code}`), code).toBe(true);
  for (const code of FailureCode.options) expect(status.has(`failure.${code}`), code).toBe(true);
  for (const name of RunStatus.options) expect(status.has(name), name).toBe(true);
});

test("the cookie wins over the browser, the browser over English", () => {
  expect(chooseLocale("zh", "en")).toBe("zh");
  expect(chooseLocale("xx", "fr;q=0.9, zh-CN, en;q=0.5")).toBe("zh");
  expect(chooseLocale(undefined, "de, fr")).toBe("en");
  expect(chooseLocale(undefined, null)).toBe("en");
});

/** Names in braces at any depth; the words inside of plural branches differ between languages and do not count. */
const argumentsOf = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)(?=[,}])/g)].map((match) => match[1] ?? ""))].sort();
