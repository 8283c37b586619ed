import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeServer } from "../testing/make-server";
import { prepareHome } from "./prepare-home";
import { quickStart } from "./runs/quick-start";

test("the demo is there after the first start and not twice after the second; leftovers of an upload go", async () => {
  const { ctx, home, remove } = await makeServer();
  mkdirSync(join(home, "datasets", ".ds_half.partial"));
  await prepareHome(ctx);
  expect(ctx.datasets.list().map(({ status }) => status)).toEqual(["ready", "ready"]);
  await prepareHome(ctx);
  expect(ctx.models.list().map((model) => [model.name, model.facts?.chatTemplate])).toEqual([["tuneboard-demo", true]]);
  const datasets = ctx.datasets.list();
  expect(datasets.map((dataset) => dataset.fileName).sort()).toEqual(["first-steps.jsonl", "small-talk-alpaca.json"]);
  expect(datasets.every((dataset) => (dataset.report?.usableRows ?? 0) > 0)).toBe(true);
  expect(readdirSync(join(home, "datasets"))).toHaveLength(2);
  expect((await quickStart(ctx, {})).spec.data.sets[0]?.datasetId).toBe(
    datasets.find((dataset) => dataset.fileName === "first-steps.jsonl")?.id,
  );
  await remove();
});
