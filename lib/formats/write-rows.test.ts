import { expect, test } from "vitest";
import type { DatasetRow, Message } from "../contract/dataset";
import { writeRow } from "./write-rows";

const row = (change: Partial<DatasetRow>): DatasetRow => ({
  index: 0,
  messages: null,
  text: null,
  tools: null,
  rejected: null,
  ranked: null,
  label: null,
  problem: null,
  warnings: [],
  ...change,
});
const user = (content: string): Message => ({ role: "user", content });
const answer = (content: string, more: Partial<Message> = {}): Message => ({ role: "assistant", content, ...more });
const call = (name: string) => ({ id: "c1", name, arguments: '{"x":1}' });

test("several calls and their results are one turn each, as LLaMA-Factory has them", () => {
  const messages: Message[] = [
    user("go"),
    answer("", { toolCalls: [call("a"), call("b")], reasoning: "both" }),
    { role: "tool", content: "1" },
    { role: "tool", content: "2" },
    answer("done"),
  ];
  expect(writeRow(row({ messages }), "sharegpt")).toMatchObject({
    record: {
      conversations: [
        { from: "human", value: "go" },
        { from: "function_call", value: '<think>\nboth\n</think>\n\n[{"name":"a","arguments":{"x":1}},{"name":"b","arguments":{"x":1}}]' },
        { from: "observation", value: "1\n2" },
        { from: "gpt", value: "done" },
      ],
    },
  });
});

test.each([
  ["two questions in a row", [user("a"), user("b"), answer("c"), answer("d")], "not_alternating"],
  ["a question at the end", [user("a"), answer("b"), user("c")], "no_answer"],
  ["words beside a call", [user("a"), answer("wait", { toolCalls: [call("f")] })], "text_beside_call"],
] as const)("%s has no place in sharegpt, and is said to be left out", (_, messages, left) => {
  expect(writeRow(row({ messages: [...messages] }), "sharegpt")).toEqual({ left });
});

test("alpaca takes earlier turns as history, and no tools", () => {
  const messages = [{ role: "system", content: "S" } as const, user("a"), answer("b"), user("c"), answer("d")];
  expect(writeRow(row({ messages }), "alpaca")).toEqual({
    record: { instruction: "c", input: "", history: [["a", "b"]], system: "S", output: "d" },
  });
  expect(writeRow(row({ messages, tools: [{}] }), "alpaca")).toEqual({ left: "tools_in_alpaca" });
});

test("of a ranking the best and the worst answer become a pair", () => {
  const ranked = [answer("good"), answer("fair"), answer("bad")];
  expect(writeRow(row({ messages: [user("q"), answer("good")], ranked }), "alpaca")).toMatchObject({
    record: { instruction: "q", chosen: "good", rejected: "bad" },
  });
});

test("as messages nothing is lost: thoughts, calls, names, answers that are not trained", () => {
  const messages = [
    user("q"),
    answer("a", { reasoning: "r", train: false, toolCalls: [call("f")] }),
    { role: "tool", content: "1", name: "f" } as const,
  ];
  expect(writeRow(row({ messages }), "messages")).toMatchObject({
    record: {
      messages: [
        {},
        { reasoning_content: "r", weight: 0, tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: '{"x":1}' } }] },
        { name: "f" },
      ],
    },
  });
});
