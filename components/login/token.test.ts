import { expect, test } from "vitest";
import { safeNext, tokenOf } from "./token";

test("a pasted address gives its token", () => {
  expect(tokenOf(" http://127.0.0.1:4173/login?token=abc-123_x \n")).toBe("abc-123_x");
  expect(tokenOf("abc-123_x")).toBe("abc-123_x");
});

test("after sign-in one goes on to pages of ours only", () => {
  expect(safeNext("/runs/run_1?tab=log")).toBe("/runs/run_1?tab=log");
  for (const trap of [null, "https://evil.example", "//evil.example", "/\\evil.example", "/login?next=/"]) expect(safeNext(trap)).toBe("/");
});
