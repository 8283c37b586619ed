import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { compress } from "hono/compress";
import type * as z from "zod";
import { API_PREFIX, api, type Endpoint } from "../../lib/contract/api";
import type { Call, ServerContext } from "../context";
import { AppError, fromZod, statusOf, toWire } from "../errors";
import { asDiskError } from "../stores/disk-error";
import { readText } from "./body";

/** One line of a route list: `route(api.getRun, getRun)`. */
export type Route = { endpoint: Endpoint; handle(ctx: ServerContext, input: unknown, call: Call): Promise<unknown> };

export function route<I extends z.ZodType, O extends z.ZodType>(
  endpoint: Endpoint<I, O>,
  handle: (ctx: ServerContext, input: z.output<I>, call: Call) => Promise<z.input<O>>,
): Route {
  return { endpoint, handle: (ctx, input, call) => handle(ctx, parseInput(endpoint, input), call) };
}

/** The same for an answer that is long: its text comes in pieces, each as soon as the one before was taken. */
export function textRoute<I extends z.ZodType>(
  endpoint: Endpoint<I>,
  handle: (ctx: ServerContext, input: z.output<I>) => AsyncGenerator<string>,
): Route {
  return { endpoint, handle: async (ctx, input) => asPieces(await firstPiece(handle(ctx, parseInput(endpoint, input)))) };
}

export type App = Hono<{ Bindings: HttpBindings; Variables: { requestId: string } }>;
/** Routes that carry files or streams register themselves; they are behind the same sign-in and error mapping. */
export type Mount = (app: App, ctx: ServerContext) => void;

/** The API as one function from request to response. Host, origin and base path were dealt with before (front.ts). */
export function createRouter(ctx: ServerContext, routes: readonly Route[], mounts: readonly Mount[]): App {
  const app: App = new Hono();
  app.use(async (c, next) => {
    c.set("requestId", randomUUID().slice(0, 8));
    c.header("x-request-id", c.get("requestId"));
    c.header("cache-control", "no-store");
    if (!isOpen(c) && !isSignedIn(ctx, c)) {
      throw new AppError("not_signed_in", "Sign in with the token that the server printed, or send it as a bearer.");
    }
    await next();
  });
  // Lists of runs are long and alike; files and streams are mounted beside and stay as they are.
  const smaller = compress({ threshold: 1024 });
  for (const { endpoint, handle } of routes) {
    app.on(endpoint.method, API_PREFIX + endpoint.path, smaller, async (c) => {
      const output = await handle(ctx, await readInput(c, endpoint.maxBodyBytes), callOf(ctx, c));
      const body = output instanceof ReadableStream ? output : JSON.stringify(output);
      return c.newResponse(body, endpoint.status ?? 200, { "content-type": "application/json" });
    });
  }
  for (const mount of mounts) mount(app, ctx);
  app.notFound((c) => answerError(ctx, c, new AppError("not_found", `There is nothing at ${c.req.method} ${c.req.path}.`)));
  app.onError((error, c) => answerError(ctx, c, error));
  return app;
}

/** A fault before the first word still has a status of its own. */
async function firstPiece(pieces: AsyncGenerator<string>): Promise<AsyncGenerator<string>> {
  const first = await pieces.next();
  return (async function* () {
    if (first.done) return;
    yield first.value;
    yield* pieces;
  })();
}

// Node's stream and the browser's differ in their types only.
const asPieces = (pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> =>
  Readable.toWeb(Readable.from(pieces, { objectMode: false })) as ReadableStream<Uint8Array>;

function answerError(
  ctx: ServerContext,
  c: Context<{ Bindings: HttpBindings; Variables: { requestId: string } }>,
  thrown: unknown,
): Response {
  const requestId = c.get("requestId");
  const error = asDiskError(thrown, ctx.env.home);
  if (error instanceof AppError && error.code !== "internal") return c.json(toWire(error, requestId), statusOf(error.code));
  ctx.log.error("http.fault", { requestId, method: c.req.method, path: c.req.path, error });
  const hidden = new AppError("internal", `The server met a fault of its own. Its log has the cause under ${requestId}.`, {
    params: { requestId },
  });
  return c.json(toWire(hidden, requestId), 500);
}

function parseInput<I extends z.ZodType>(endpoint: Endpoint<I>, input: unknown): z.output<I> {
  const parsed = endpoint.input.safeParse(input);
  if (!parsed.success) throw fromZod(parsed.error, input);
  return parsed.data;
}

/** Path, query and JSON body make one object; the path wins, so that a body can't name another run. */
async function readInput(c: Context, maxBodyBytes?: number): Promise<Record<string, unknown>> {
  return { ...c.req.query(), ...(await readBody(c, maxBodyBytes)), ...c.req.param() };
}

async function readBody(c: Context, limitBytes: number | undefined): Promise<object> {
  if (c.req.method === "GET" || c.req.method === "DELETE") return {};
  const text = await readText(c.req.raw.body, limitBytes === undefined ? {} : { limitBytes });
  if (text === "") return {};
  if (!c.req.header("content-type")?.startsWith("application/json"))
    throw new AppError("bad_request", "Send the body as application/json.");
  const body = parseJson(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new AppError("bad_request", "The body is one JSON object.");
  return body;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("bad_request", `The body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

const openPaths = new Set(
  Object.values<Endpoint>(api)
    .filter((endpoint) => endpoint.open)
    .map((endpoint) => `${endpoint.method} ${API_PREFIX}${endpoint.path}`),
);
const isOpen = (c: Context): boolean => openPaths.has(`${c.req.method} ${c.req.path}`);

const isSignedIn = (ctx: ServerContext, c: Context): boolean =>
  ctx.session.isSignedIn({ cookie: c.req.header("cookie"), authorization: c.req.header("authorization") });

function callOf(ctx: ServerContext, c: Context<{ Bindings: HttpBindings; Variables: { requestId: string } }>): Call {
  return {
    address: c.env?.incoming?.socket.remoteAddress ?? "unknown",
    signedIn: isSignedIn(ctx, c),
    signal: c.req.raw.signal,
    setCookie: (value) => c.header("set-cookie", value, { append: true }),
  };
}
