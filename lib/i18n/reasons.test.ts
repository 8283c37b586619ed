import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import en from "./en/dataset.json";

/** The trainer's table of what can be wrong with a row; keys.test.ts holds both languages equal. */
const table = readFileSync(join(import.meta.dirname, "..", "..", "trainer", "src", "trainer", "data", "problems.py"), "utf8");

test("every reason that the trainer can give has words, and no others have", () => {
  const [, body = ""] = /REASONS: [^=]*= \{(.*?)\n\}/s.exec(table) ?? [];
  const reasons = [...body.matchAll(/"([a-z_]+)":/g)].map((match) => match[1]);
  expect(reasons.length).toBeGreaterThan(20);
  expect(Object.keys(en.reason).sort()).toEqual([...reasons].sort());
});
