import * as z from "zod";

const MAX_CHARACTERS = 400_000;

/** Half of a character, as cut texts have at their end, is nothing that a tokenizer can read. */
function withoutHalves(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}

/** OpenAI allows a message as a list of parts; those of text are joined. */
const Content = z.union([
  z.string().max(MAX_CHARACTERS, `A message has at most ${MAX_CHARACTERS} characters.`).transform(withoutHalves),
  z
    .array(z.object({ type: z.literal("text", "Only text can be read by these models."), text: z.string().max(MAX_CHARACTERS) }))
    .transform((parts) => withoutHalves(parts.map((part) => part.text).join(""))),
]);

/** OpenAI's request. Fields that are not named here go to the worker as they are: it refuses what it can't honour. */
export const ChatRequest = z
  .looseObject({
    model: z.string().min(1, "Name a model; GET /v1/models lists them.").max(200),
    messages: z
      .array(z.object({ role: z.enum(["system", "developer", "user", "assistant", "tool"]), content: Content }))
      .min(1, "Send at least one message.")
      .max(2000, "A conversation has at most 2,000 messages."),
    stream: z.boolean().default(false),
    stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
    temperature: z.number().min(0, "Temperature is 0 or more.").max(2, "Temperature is at most 2.").nullish(),
    top_p: z.number().gt(0, "top_p is above 0.").max(1, "top_p is at most 1.").nullish(),
    top_k: z.int().min(0).max(100_000).nullish(),
    max_tokens: z.int().min(1, "Ask for at least 1 token.").max(100_000).nullish(),
    max_completion_tokens: z.int().min(1, "Ask for at least 1 token.").max(100_000).nullish(),
    repetition_penalty: z.number().gt(0).max(10).nullish(),
    seed: z.int().nullish(),
    stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]).nullish(),
  })
  .transform(({ max_completion_tokens, ...request }) => dropEmpty({ ...request, max_tokens: request.max_tokens ?? max_completion_tokens }));
export type ChatRequest = z.output<typeof ChatRequest>;

/** A field that is null means the default, as one that is not there. */
const dropEmpty = <T extends object>(request: T): T =>
  Object.fromEntries(Object.entries(request).filter(([, value]) => value != null)) as T;
