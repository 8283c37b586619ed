import * as z from "zod";
import { RunId } from "../ids";

/** One endpoint: the browser's `call`, the router and the OpenAPI document are all drawn from it. */
export type Endpoint<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path below /api; `:name` parts are taken from the input and left out of body and query. */
  path: string;
  tag: "session" | "runs" | "exports" | "chat" | "models" | "data" | "system";
  summary: string;
  input: I;
  output: O;
  /** Answers without being signed in. */
  open?: true;
  status?: 200 | 201 | 202 | 204;
  /** Where a body may be larger than usual. */
  maxBodyBytes?: number;
};
export const endpoint = <I extends z.ZodType, O extends z.ZodType>(e: Endpoint<I, O>) => e;

export const Nothing = z.strictObject({});
export const Done = z.object({ ok: z.literal(true) });
export const ByRun = z.strictObject({ runId: RunId });

/** A size or number that arrives in a query string. */
export const queryInt = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
