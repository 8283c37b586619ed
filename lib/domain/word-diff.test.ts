import { expect, test } from "vitest";
import { diffWords } from "./word-diff";

const marked = (before: string, after: string): string =>
  diffWords(before, after)
    .map(({ text, is }) => ({ same: text, removed: `[-${text}-]`, added: `{+${text}+}` })[is])
    .join("");

test.each([
  ["a b c", "a b c", "a b c"],
  ["a b c", "a x c", "a [-b-]{+x+} c"],
  ["", "new", "{+new+}"],
  ["old", "", "[-old-]"],
  ["one two three four", "one three four five", "one [-two -]three four{+ five+}"],
  ["我是尖米助手", "我是小帮手", "我是[-尖米助-]{+小帮+}手"],
  ["The cat, the dog.", "The cow, the dog!", "The [-cat-]{+cow+}, the dog[-.-]{+!+}"],
])("%j and %j", (before, after, expected) => {
  expect(marked(before, after)).toBe(expected);
});

test("both texts can be read from the parts, whatever they are", () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  const text = () => Array.from({ length: random(40) }, () => ["a", "b", "我", " ", "c.", "\n"][random(6)]).join("");
  for (let n = 0; n < 500; n++) {
    const [before, after] = [text(), text()];
    const parts = diffWords(before, after);
    const read = (without: string) => parts.map((part) => (part.is === without ? "" : part.text)).join("");
    expect([read("added"), read("removed")]).toEqual([before, after]);
  }
});

test("two long texts that have nothing in common take no time", () => {
  const [before, after] = ["x", "y"].map((letter) => Array.from({ length: 50_000 }, (_, n) => `${letter}${n}`).join(" "));
  const began = performance.now();
  const parts = diffWords(before ?? "", after ?? "");
  expect(performance.now() - began).toBeLessThan(2000);
  expect(parts.map(({ is }) => is)).toEqual(["removed", "added"]);
});
