import type { ErrorCode, FieldProblem, WireError } from "../contract/errors";
import type { Route } from "./api";
import { withBase } from "./base-path";

export { api } from "./api";

/** `unreachable`: no answer at all; the server is down or the network is. */
export type ClientErrorCode = ErrorCode | "unreachable";

export class ApiError extends Error {
  override name = "ApiError";
  readonly code: ClientErrorCode;
  readonly params: Record<string, string | number>;
  readonly fields: FieldProblem[];
  readonly status: number;
  readonly requestId: string | undefined;

  constructor(status: number, error: Omit<WireError["error"], "code"> & { code: ClientErrorCode }, cause?: unknown) {
    super(error.message, { cause });
    this.code = error.code;
    this.params = error.params ?? {};
    this.fields = error.fields ?? [];
    this.status = status;
    this.requestId = error.requestId;
  }
}

/** `await call(api.createRun, { spec })`: the endpoint's answer, or an ApiError. */
export async function call<I extends object, O>(route: Route<I, O>, input: I, signal?: AbortSignal): Promise<O> {
  const { path, rest } = fillPath(route.path, input);
  const asQuery = route.method === "GET" || route.method === "DELETE";
  const response = await send(`/api${path}${asQuery ? queryOf(rest) : ""}`, {
    method: route.method,
    signal,
    ...(asQuery ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(rest) }),
  });
  return asOutput<O>(await response.json());
}

/** fetch below the base path that throws an ApiError for every answer that is not ok; for files and streams. */
export async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(withBase(path), { credentials: "same-origin", ...init }).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new ApiError(0, { code: "unreachable", message: "The server does not answer." }, cause);
  });
  if (response.ok) return response;
  const error = await readError(response);
  if (error.code === "not_signed_in") leaveToLogin();
  throw error;
}

async function readError(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  if (isWireError(body)) return new ApiError(response.status, body.error);
  return new ApiError(response.status, { code: "internal", message: `The server answered ${response.status} ${response.statusText}.` });
}

function leaveToLogin(): void {
  if (typeof location === "undefined" || location.pathname === withBase("/login")) return;
  const here = location.pathname.slice(withBase("").length) + location.search;
  location.assign(withBase(`/login?next=${encodeURIComponent(here)}`));
}

function fillPath(template: string, input: object): { path: string; rest: Record<string, unknown> } {
  const rest: Record<string, unknown> = { ...input };
  const path = template.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  return { path, rest };
}

function queryOf(rest: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) query.set(name, String(value));
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** Whether a body is a refusal in the server's own words. */
export const isWireError = (body: unknown): body is WireError =>
  typeof body === "object" &&
  body !== null &&
  "error" in body &&
  typeof body.error === "object" &&
  body.error !== null &&
  "code" in body.error;

/** The server's router has parsed the answer with the endpoint's own schema before sending it. */
const asOutput = <O>(body: unknown): O => body as O;
