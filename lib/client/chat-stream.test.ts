import { expect, test } from "vitest";
import { type ChatPart, readChatStream, readEventData, toChatRequest } from "./chat-stream";
import { ApiError } from "./request";

const bytes = new TextEncoder();
const streamOf = (text: string, size: number) => {
  const all = bytes.encode(text);
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < all.length; i += size) controller.enqueue(all.slice(i, i + size));
      controller.close();
    },
  });
};
const collect = async <T>(source: AsyncGenerator<T>) => {
  const out: T[] = [];
  for await (const item of source) out.push(item);
  return out;
};
const chunk = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const answer =
  chunk({ choices: [{ delta: { role: "assistant", content: "" }, finish_reason: null }] }) +
  chunk({ choices: [{ delta: { content: "你好, " }, finish_reason: null }] }) +
  ": keep-alive\n\n" +
  chunk({ choices: [{ delta: { content: "**Tuneboard** 🎛" }, finish_reason: null }] }) +
  chunk({ choices: [{ delta: {}, finish_reason: "stop" }] }) +
  chunk({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 7 }, tuneboard: { tokens_per_second: 41.5, first_token_ms: 38 } }) +
  "data: [DONE]\n\n";

test.each([1, 2, 3, 5, 7, 64, 10_000])("reads the same answer from pieces of %d bytes", async (size) => {
  const parts = await collect<ChatPart>(readChatStream(streamOf(answer, size)));
  expect(parts.map((part) => (part.type === "text" ? part.text : "")).join("")).toBe("你好, **Tuneboard** 🎛");
  expect(parts.slice(-2)).toEqual([
    { type: "end", reason: "stop" },
    { type: "figures", figures: { tokens: 7, tokensPerSecond: 41.5, firstTokenMs: 38 } },
  ]);
});

test.each([1, 2, 1000])("takes every kind of line end, in pieces of %d bytes", async (size) => {
  expect(await collect(readEventData(streamOf("data: a\r\n\r\ndata:b\r\rdata: c\ndata: d\n\n", size)))).toEqual(["a", "b", "c\nd"]);
});

test("a stream that breaks off before its end is an error", async () => {
  const parts = await collect(readChatStream(streamOf(answer.slice(0, answer.indexOf("data: [DONE]")), 100)));
  expect(parts.at(-1)?.type).toBe("error");
});

test("an error inside the stream keeps its sentence", async () => {
  const parts = await collect(readChatStream(streamOf(`${chunk({ error: { message: "Out of memory." } })}data: [DONE]\n\n`, 9)));
  expect(parts).toEqual([{ type: "error", error: new ApiError(200, { code: "chat_worker_failed", message: "Out of memory." }) }]);
});

test("no seed is sent when none is chosen", () => {
  const sampling = { temperature: 0.7, topP: 1, topK: 0, maxTokens: 64, repetitionPenalty: 1, seed: null };
  expect("seed" in toChatRequest("demo", [], sampling)).toBe(false);
  expect(toChatRequest("demo", [], { ...sampling, seed: 0 })).toMatchObject({ seed: 0, max_tokens: 64 });
});
