import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as z from "zod";
import type { ServerContext } from "../context";
import { AppError, fromZod, statusOf, toWire } from "../errors";
import { ChatRequest } from "../services/chat/chat-request";
import { type Answer, completeChat } from "../services/chat/complete";
import { getChatChoice } from "../services/chat/get-choice";
import { listChatChoices } from "../services/chat/targets";
import { asDiskError } from "../stores/disk-error";
import type { Mount } from "./router";

const BODY_LIMIT_BYTES = 4_000_000;
const MAX_DEPTH = 64;
const KEEP_ALIVE_MS = 5_000;
/** A worker that is ready answers or refuses within this; then a refusal still has a status of its own. */
const HEAD_START_MS = 400;

/** `/v1` as OpenAI's clients know it. */
export const mountOpenAi: Mount = (app, ctx) => {
  app.get("/v1/models", async (c) =>
    c.json({
      object: "list",
      data: (await listChatChoices(ctx)).map(({ id, label }) => ({
        id,
        object: "model",
        created: Math.floor(ctx.startedAt / 1000),
        owned_by: "tuneboard",
        label,
      })),
    }),
  );
  app.post("/v1/chat/completions", bodyLimit({ maxSize: BODY_LIMIT_BYTES, onError: (c) => answerError(c, ctx, tooLarge()) }), async (c) => {
    try {
      const request = parseRequest(await c.req.text());
      getChatChoice(ctx, request.model);
      return await (request.stream ? streamAnswer(c, ctx, request) : wholeAnswer(c, ctx, request));
    } catch (error) {
      return answerError(c, ctx, error);
    }
  });
};

function parseRequest(text: string): ChatRequest {
  const body = parseJson(text);
  if (isDeeperThan(body, MAX_DEPTH)) throw new AppError("bad_request", `The body is nested more than ${MAX_DEPTH} levels deep.`);
  const parsed = ChatRequest.safeParse(body);
  if (!parsed.success) throw fromZod(parsed.error, body);
  return parsed.data;
}

/** Fields that we do not know are passed on: what neither side could write or read is refused here. */
const isDeeperThan = (value: unknown, levels: number): boolean =>
  typeof value === "object" && value !== null && (levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1)));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("bad_request", "The body is not JSON.", { cause });
  }
}

const tooLarge = (): AppError =>
  new AppError("upload_too_large", `A request has at most ${BODY_LIMIT_BYTES} bytes.`, { params: { limitBytes: BODY_LIMIT_BYTES } });

async function wholeAnswer(c: Context, ctx: ServerContext, request: ChatRequest): Promise<Response> {
  return passOn(await completeChat(ctx, { request, signal: c.req.raw.signal }));
}

async function passOn({ response, end }: Answer): Promise<Response> {
  try {
    const text = Buffer.concat(await response.toArray()).toString("utf8");
    return new Response(text, { status: response.statusCode ?? 502, headers: { "content-type": "application/json" } });
  } finally {
    end();
  }
}

/** The head goes out soon and comments follow while weights are loaded, so that no client gives up waiting. */
async function streamAnswer(c: Context, ctx: ServerContext, request: ChatRequest): Promise<Response> {
  const gone = new AbortController();
  c.req.raw.signal.addEventListener("abort", () => gone.abort(), { once: true });
  const asked = completeChat(ctx, { request, signal: gone.signal });
  // It may fail while a comment is on its way; whoever awaits it below hears of it all the same.
  asked.catch(() => undefined);
  const early = await answerOrTick(asked, gone.signal, HEAD_START_MS).catch((error) => {
    asked.then(dismiss, () => undefined);
    throw error;
  });
  if (early && early.response.statusCode !== 200) return passOn(early);
  // Readable asks for the next piece when the last one was taken: the browser's pace is the worker's pace.
  const stream = Readable.from(answerEvents(ctx, asked, gone.signal), { objectMode: false, highWaterMark: 16_384 });
  stream.once("close", () => gone.abort());
  gone.signal.addEventListener("abort", () => stream.destroy(), { once: true });
  return new Response(toWeb(stream), {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}

async function* answerEvents(ctx: ServerContext, asked: Promise<Answer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  let answer: Answer | null = null;
  try {
    while (answer === null) {
      yield Buffer.from(": waiting for the model\n\n");
      answer = await answerOrTick(asked, signal, KEEP_ALIVE_MS);
    }
    if (answer.response.statusCode !== 200) yield eventOf(await readError(answer.response));
    else yield* wholeEvents(answer.response);
  } catch (error) {
    if (!signal.aborted) yield eventOf(errorBody(ctx, answer === null ? error : brokenOff(error)));
  } finally {
    // Left while the weights were still being loaded: the worker stays for the next question.
    if (answer === null) asked.then(dismiss, () => undefined);
    else dismiss(answer);
  }
}

const END_OF_EVENT = Buffer.from("\n\n");
const DONE = "data: [DONE]\n\n";

/** Event by event, so that a worker that dies leaves no half of one; without a last word it has not finished. */
async function* wholeEvents(response: IncomingMessage): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  let done = false;
  for await (const piece of response) {
    const bytes = Buffer.concat([rest, piece]);
    const end = bytes.lastIndexOf(END_OF_EVENT) + END_OF_EVENT.length;
    rest = end < END_OF_EVENT.length ? bytes : bytes.subarray(end);
    if (end < END_OF_EVENT.length) continue;
    done = bytes.subarray(0, end).toString("latin1").endsWith(DONE);
    yield bytes.subarray(0, end);
  }
  if (!done) throw new Error("the worker ended before its last word");
}

const brokenOff = (cause: unknown): AppError =>
  new AppError(
    "chat_worker_failed",
    "The model's worker ended in the middle of the answer. Ask again; the System page shows the free memory.",
    {
      params: { failure: "broken_off" },
      cause,
    },
  );

function dismiss({ response, end }: Answer): void {
  response.destroy();
  end();
}

/** The answer, or null when it is not there after `afterMs`. */
async function answerOrTick(asked: Promise<Answer>, signal: AbortSignal, afterMs: number): Promise<Answer | null> {
  const wake = new AbortController();
  const tick = new Promise<null>((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), afterMs);
    const leave = () => reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    wake.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
    });
  });
  return Promise.race([asked, tick]).finally(() => wake.abort());
}

const WorkerError = z.object({ error: z.object({ message: z.string() }) });

async function readError(response: IncomingMessage): Promise<object> {
  const text = Buffer.concat(await response.toArray()).toString("utf8");
  const parsed = WorkerError.safeParse(parseJson(text));
  return { error: { message: parsed.data?.error.message ?? text, type: "server_error", code: "chat_worker_failed" } };
}

const eventOf = (body: object): Buffer => Buffer.from(`data: ${JSON.stringify(body)}\n\ndata: [DONE]\n\n`);

function answerError(c: Context, ctx: ServerContext, thrown: unknown): Response {
  const error = asDiskError(thrown, ctx.env.home);
  const status = error instanceof AppError ? statusOf(error.code) : 500;
  return c.json(errorBody(ctx, error), status);
}

/** OpenAI's shape, with our code and fields beside it. */
function errorBody(ctx: ServerContext, error: unknown): object {
  const known =
    error instanceof AppError
      ? error
      : new AppError("internal", "The server met a fault of its own; its log has the cause.", { cause: error });
  if (known.code === "internal") ctx.log.error("chat.fault", { error });
  const { error: wire } = toWire(known);
  const type = statusOf(known.code) < 500 ? "invalid_request_error" : "server_error";
  return { error: { ...wire, type, param: wire.fields?.[0]?.path ?? null } };
}

// Node's stream and the browser's differ in their types only.
const toWeb = (stream: Readable): ReadableStream<Uint8Array> => Readable.toWeb(stream) as ReadableStream<Uint8Array>;
