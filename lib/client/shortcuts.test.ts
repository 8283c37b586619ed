import { expect, test } from "vitest";
import { makeKeyReader, type Shortcut } from "./shortcuts";

const shortcut = (keys: string): Shortcut => ({ keys, label: keys, group: "page", run: () => {} });
const shortcuts = ["g r", "n", "r", "/", "mod+k"].map(shortcut);

function type(presses: readonly [press: string, atMs: number, typing?: boolean][]) {
  const read = makeKeyReader();
  return presses.map(([press, atMs, typing = false]) => read({ press, atMs, typing }, shortcuts)?.keys ?? null);
}

test("two presses in a row make a sequence, and win over the second key alone", () => {
  expect(
    type([
      ["g", 0],
      ["r", 300],
      ["r", 400],
    ]),
  ).toEqual([null, "g r", "r"]);
});

test("a second press that comes late stands for itself", () => {
  expect(
    type([
      ["g", 0],
      ["r", 5000],
    ]),
  ).toEqual([null, "r"]);
});

test("while a person types, only keys with ⌘ or Ctrl count", () => {
  expect(
    type([
      ["n", 0, true],
      ["g", 1, true],
      ["r", 2, true],
      ["mod+k", 3, true],
    ]),
  ).toEqual([null, null, null, "mod+k"]);
});

test("the key registered last wins, so that a page may take a key for itself", () => {
  const own = { ...shortcut("n"), label: "own" };
  expect(makeKeyReader()({ press: "n", atMs: 0, typing: false }, [...shortcuts, own])?.label).toBe("own");
});
