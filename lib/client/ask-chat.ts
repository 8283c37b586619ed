import { readChatStream, type Sampling, toChatRequest } from "./chat-stream";
import type { Ask } from "./conversation";
import { send } from "./request";

export type ChatSettings = { system: string; sampling: Sampling };
export const defaultSettings: ChatSettings = {
  system: "",
  sampling: { temperature: 0.7, topP: 0.9, topK: 50, maxTokens: 512, repetitionPenalty: 1, seed: null },
};

/** Asks one model over the OpenAI address of this server. */
export const askChat = (model: string, { system, sampling }: ChatSettings): Ask =>
  async function* (messages, signal) {
    const all = system.trim() === "" ? messages : [{ role: "system" as const, content: system.trim() }, ...messages];
    const response = await send("/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(toChatRequest(model, all, sampling)),
      signal,
    });
    if (response.body === null) throw new Error("The answer has no body.");
    yield* readChatStream(response.body);
  };
