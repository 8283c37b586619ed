import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DatasetId, ModelId } from "../../../lib/contract/ids";
import { isReady } from "../../../lib/domain/ready-dataset";
import { oneSet } from "../../../lib/domain/train-data";
import { canonicalRow, chatRow, makeDemoModel, makeReadyDataset } from "../../testing/make-ready";
import { makeTrainSpec } from "../../testing/make-run";
import { makeServer, type TestServer } from "../../testing/make-server";
import { lengthsKey } from "../datasets/tokens/lengths-key";
import { checkLearning } from "./check-learning";

let server: TestServer;
let modelId: ModelId;
beforeAll(async () => {
  server = await makeServer();
  modelId = makeDemoModel(server.ctx);
});
afterAll(() => server.remove());

const check = async (datasetId: DatasetId, cutoffLength: number) => {
  const { ctx } = server;
  const dataset = ctx.datasets.getOrThrow(datasetId);
  if (!isReady(dataset)) throw new Error("the data set is not ready");
  const { training } = makeTrainSpec();
  const spec = makeTrainSpec({ data: oneSet(datasetId, 0), modelId, training: { ...training, cutoffLength } });
  return checkLearning(ctx, spec, ctx.models.getOrThrow(modelId), { sets: [dataset], validation: [] });
};
const long = chatRow("why ".repeat(100), "Because.");
const talk = chatRow("Who are you?", "I am Pip.");

test("without a report and with a cold helper nobody waits for a look at the rows", async () => {
  await expect(check(makeReadyDataset(server.ctx, [long]), 32)).resolves.toBeUndefined();
  expect(server.ctx.warm.knowsTokens()).toBe(false);
});

test("where the helper is warm, some rows are looked at", async () => {
  const datasetId = makeReadyDataset(server.ctx, [...Array(300).fill(long)]);
  await server.fetch(`/api/datasets/${datasetId}/inspect`, { json: { row: 0, settings: { modelId, cutoffLength: 64 } } });
  expect(server.ctx.warm.knowsTokens()).toBe(true);
  await expect(check(datasetId, 32)).rejects.toMatchObject({
    code: "invalid_field",
    fields: [{ path: "spec.training.cutoffLength", value: 32 }],
  });
  await expect(check(datasetId, 4096)).resolves.toBeUndefined();
  await expect(check(makeReadyDataset(server.ctx, [talk, long]), 32)).resolves.toBeUndefined();
  const refused = makeReadyDataset(server.ctx, [canonicalRow({ messages: [{ role: "tool", content: "x" }] })]);
  const message = expect.stringContaining("This template knows");
  await expect(check(refused, 32)).rejects.toMatchObject({ fields: [{ path: "spec.data.sets.0.datasetId", message }] });
});

test("a report decides where there is one, and names a cutoff that would do", async () => {
  const datasetId = makeReadyDataset(server.ctx, [talk]);
  const cutoffs = [128, 192, 256].map((cutoff) => ({ cutoff, trainedTokens: cutoff === 256 ? 10 : 0 }));
  await writeReport(datasetId, { trainedTokens: 10, refusals: {}, cutoffs });
  const message = expect.stringContaining("Choose 256 or more");
  await expect(check(datasetId, 150)).rejects.toMatchObject({ fields: [{ path: "spec.training.cutoffLength", value: 150, message }] });
  await expect(check(datasetId, 200)).resolves.toBeUndefined();
  await writeReport(datasetId, { trainedTokens: 0, refusals: { template_refused: 3 }, cutoffs });
  await expect(check(datasetId, 200)).rejects.toMatchObject({ fields: [{ path: "spec.data.sets.0.datasetId" }] });
});

async function writeReport(datasetId: DatasetId, counts: { trainedTokens: number; refusals: object; cutoffs: object[] }): Promise<void> {
  const { env, datasets, models } = server.ctx;
  const key = await lengthsKey(server.ctx, datasets.getOrThrow(datasetId).report?.sha256 ?? "", models.getOrThrow(modelId).path ?? "");
  const file = join(env.home, "datasets", datasetId, "lengths", `${key}.json`);
  const shares = { paddingShare: 0, groupedPaddingShare: 0, packing: { bestFit: 1, wrapped: 1 } };
  const rest = { truncatedRows: 0, lostEndRows: 0, untrainedRows: 0, tokens: 100, ...shares };
  mkdirSync(dirname(file), { recursive: true });
  const percentiles = Object.fromEntries(["p1", "p5", "p25", "p50", "p75", "p95", "p99", "max"].map((name) => [name, 300]));
  const buckets = { length: [300], rows: [1], trained: [counts.trainedTokens] };
  const whole = { rows: 1, refusedRows: 0, tokens: 300, zeroTrainedRows: 0, percentiles, buckets, warnings: {}, ...counts };
  writeFileSync(file, JSON.stringify({ ...whole, cutoffs: counts.cutoffs.map((cutoff) => ({ ...rest, ...cutoff })) }));
}
