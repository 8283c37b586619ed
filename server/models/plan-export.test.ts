import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readWeights } from "./inspect-model";
import { countShards, planMerged } from "./plan-export";

const root = join(import.meta.dirname, "../..");
const path = join(root, "trainer/demo/model");
const cases = (["auto", "float32", "float16"] as const).flatMap((dtype) =>
  [1_000_000, 1_500_000, 100_000_000].map((maxShardBytes) => ({ dtype, maxShardBytes })),
);

/** What the worker's own planning says for each case: [shards, bytes]. */
const program = `
import json, sys
from pathlib import Path
from trainer.merge import plan_merge
from trainer.export_weights import group_shards
plan = {dtype: plan_merge(Path(sys.argv[1]), None, dtype) for dtype in ("auto", "float32", "float16")}
print(json.dumps([[len(group_shards(plan[c["dtype"]].tensors, c["maxShardBytes"])), plan[c["dtype"]].total_bytes] for c in json.loads(sys.argv[2])]))
`;

test("the forecast of an export is the worker's own plan", async () => {
  const python = process.env.TUNEBOARD_PYTHON ?? join(root, ".venv/bin/python");
  const env = { ...process.env, PYTHONPATH: join(root, "trainer/src") };
  const planned = JSON.parse(execFileSync(python, ["-c", program, path, JSON.stringify(cases)], { env, encoding: "utf8" }));
  const headers = await readWeights(path, [path]);
  const forecast = cases.map((options) => planMerged(headers, { path, adapter: false, ...options }));
  expect(forecast.map(({ shards }) => shards)).toEqual(planned.map(([shards]: [number]) => shards));
  for (const [index, [, bytes]] of planned.entries()) expect((forecast[index]?.bytes ?? 0) / bytes).toBeCloseTo(1, 2);
}, 60_000);

test("a tensor larger than a shard has a shard of its own", () => {
  expect(countShards([3, 10, 3, 3], 6)).toBe(3);
  expect(countShards([2, 2, 2], 4)).toBe(2);
  expect(countShards([], 4)).toBe(0);
});
