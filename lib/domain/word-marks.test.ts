import { expect, test } from "vitest";
import { markWords, type Piece } from "./word-marks";

const shown = (pieces: readonly Piece[]) => pieces.map(({ text, same }) => (same ? text : `[${text}]`)).join("");
const both = (one: string, other: string) => markWords(one, other).map(shown);

test("words that differ are marked on both sides", () => {
  expect(both("What is the capital of France?", "What was the big capital of France?")).toEqual([
    "What [is] the capital of France?",
    "What [was] the[ big] capital of France?",
  ]);
});

test("characters of Chinese are words", () => {
  expect(both("请介绍北京的历史", "请介绍上海的历史")).toEqual(["请介绍[北京]的历史", "请介绍[上海]的历史"]);
});

test("the same text has no marks, and nothing shared is marked whole", () => {
  expect(both("a b", "a b")).toEqual(["a b", "a b"]);
  expect(both("", "new")).toEqual(["", "[new]"]);
});

test("of very long texts all between the same beginning and end is marked", () => {
  const words = (seed: number) => Array.from({ length: 3000 }, (_, at) => `w${at * seed}`).join(" ");
  const [left] = markWords(`start ${words(3)} end`, `start ${words(7)} end`);
  expect(left.map(({ same }) => same)).toEqual([true, false, true]);
});
