import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WorkerSpec } from "./worker-spec";

/** The same folder is read by trainer/tests/test_spec.py: zod and pydantic must agree on every file. */
const fixtures = join(import.meta.dirname, "..", "..", "trainer", "tests", "fixtures", "specs");
const load = (kind: "good" | "bad") =>
  readdirSync(join(fixtures, kind)).map((name) => ({
    name,
    spec: JSON.parse(readFileSync(join(fixtures, kind, name), "utf8")) as unknown,
  }));

describe("zod and pydantic read one contract", () => {
  test.each(load("good"))("accepts $name", ({ spec }) => {
    expect(WorkerSpec.safeParse(spec).error?.issues ?? []).toEqual([]);
  });

  test.each(load("bad"))("refuses $name", ({ spec }) => {
    expect(WorkerSpec.safeParse(spec).success).toBe(false);
  });
});
