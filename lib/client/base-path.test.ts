import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../contract/api";

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("NEXT_PUBLIC_BASE_PATH", "/studio");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const answered = (status: number, body: object) => {
  const fetched = vi.fn(async (_path: string) => Response.json(body, { status }));
  vi.stubGlobal("fetch", fetched);
  return () => fetched.mock.calls.map(([path]) => path);
};

test("calls of the API and of chats go below the base path", async () => {
  const paths = answered(200, {});
  const { call } = await import("./request");
  const { askChat, defaultSettings } = await import("./ask-chat");
  await call(api.listRuns, { limit: 3 });
  for await (const _piece of askChat("demo", defaultSettings)([], new AbortController().signal));
  expect(paths()).toEqual(["/studio/api/runs?limit=3", "/studio/v1/chat/completions"]);
});

test("who is not signed in is led to the login below the base path, and back to where the address was", async () => {
  answered(401, { error: { code: "not_signed_in", message: "Sign in." } });
  const assign = vi.fn();
  vi.stubGlobal("location", { pathname: "/studio/runs/run_1", search: "?tab=log", assign });
  const { call } = await import("./request");
  await expect(call(api.listRuns, { limit: 3 })).rejects.toThrow("Sign in.");
  expect(assign).toHaveBeenCalledWith("/studio/login?next=%2Fruns%2Frun_1%3Ftab%3Dlog");
});
