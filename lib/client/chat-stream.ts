import * as z from "zod";
import { ErrorCode, FieldProblem } from "../contract/errors";
import { ApiError } from "./request";

export type ChatMessage = { role: "system" | "user" | "assistant"; content: string };
export type Sampling = {
  temperature: number;
  topP: number;
  topK: number;
  maxTokens: number;
  repetitionPenalty: number;
  seed: number | null;
};
export type ChatFigures = { tokens: number; tokensPerSecond: number | null; firstTokenMs: number | null };
export type ChatPart =
  | { type: "text"; text: string }
  | { type: "figures"; figures: ChatFigures }
  | { type: "end"; reason: string }
  /** Null: the stream ended without a word. */
  | { type: "error"; error: Error | null };

const Chunk = z.object({
  choices: z
    .array(z.object({ delta: z.object({ content: z.string().nullish() }).optional(), finish_reason: z.string().nullish() }))
    .default([]),
  usage: z.object({ completion_tokens: z.number() }).nullish(),
  tuneboard: z.object({ tokens_per_second: z.number().nullish(), first_token_ms: z.number().nullish() }).nullish(),
  error: z
    .object({
      message: z.string(),
      code: ErrorCode.catch("chat_worker_failed"),
      params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      fields: z.array(FieldProblem).optional(),
    })
    .optional(),
});

/** The body of an OpenAI request; what the worker adds to the standard is named as vLLM names it. */
export const toChatRequest = (model: string, messages: ChatMessage[], sampling: Sampling) => ({
  model,
  messages,
  stream: true,
  stream_options: { include_usage: true },
  temperature: sampling.temperature,
  top_p: sampling.topP,
  top_k: sampling.topK,
  max_tokens: sampling.maxTokens,
  repetition_penalty: sampling.repetitionPenalty,
  ...(sampling.seed !== null && { seed: sampling.seed }),
});

/** The parts of a streamed answer, however the network cuts the bytes. */
export async function* readChatStream(body: ReadableStream<Uint8Array>): AsyncGenerator<ChatPart> {
  for await (const data of readEventData(body)) {
    if (data === "[DONE]") return;
    yield* toParts(Chunk.parse(JSON.parse(data)));
  }
  // A worker that died leaves the stream without its last line.
  yield { type: "error", error: null };
}

function* toParts(chunk: z.infer<typeof Chunk>): Generator<ChatPart> {
  if (chunk.error !== undefined) yield { type: "error", error: new ApiError(200, chunk.error) };
  const choice = chunk.choices[0];
  if (choice?.delta?.content) yield { type: "text", text: choice.delta.content };
  if (choice?.finish_reason) yield { type: "end", reason: choice.finish_reason };
  if (chunk.usage)
    yield {
      type: "figures",
      figures: {
        tokens: chunk.usage.completion_tokens,
        tokensPerSecond: chunk.tuneboard?.tokens_per_second ?? null,
        firstTokenMs: chunk.tuneboard?.first_token_ms ?? null,
      },
    };
}

/** Data of server-sent events (text/event-stream): lines end in LF, CRLF or CR; an empty line ends an event. */
export async function* readEventData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      // A CR at the very end may be half of a CRLF: it waits for the next bytes.
      const lines = rest.slice(0, !done && rest.endsWith("\r") ? -1 : undefined).split(/\r\n|\n|\r/);
      const held = !done && rest.endsWith("\r") ? "\r" : "";
      rest = (lines.pop() ?? "") + held;
      for (const line of lines) {
        if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
        else if (line === "" && data.length > 0) {
          yield data.join("\n");
          data = [];
        }
      }
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
