import { expect, test } from "vitest";
import { asPieces } from "./get-log";

test("a long slice in pieces is the slice, also where a piece ends in the middle of a letter", () => {
  const text = `${"x".repeat(64 * 1024 - 1)}😀 "quoted"\n${"é\\".repeat(70_000)}\u0000`;
  const slice = { from: 3, to: 3 + text.length, size: 1_000_000, text };
  const pieces = [...asPieces(slice)];
  expect(pieces.length).toBeGreaterThan(4);
  expect(JSON.parse(pieces.join(""))).toEqual(slice);
});

test("an empty slice is told too", () => {
  const slice = { from: 0, to: 0, size: 0, text: "" };
  expect(JSON.parse([...asPieces(slice)].join(""))).toEqual(slice);
});
