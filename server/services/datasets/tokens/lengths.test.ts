import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DatasetId, ModelId, RunId } from "../../../../lib/contract/ids";
import { isEnded } from "../../../../lib/domain/run-status";
import { canonicalRow, chatRow, makeDemoModel, makeReadyDataset } from "../../../testing/make-ready";
import { makeServer, type TestServer } from "../../../testing/make-server";

let server: TestServer;
let modelId: ModelId;
let modelPath: string;
beforeAll(async () => {
  server = await makeServer();
  modelPath = join(server.home, "model");
  cpSync(join(server.ctx.env.trainer, "demo", "model"), modelPath, { recursive: true });
  modelId = makeDemoModel(server.ctx, modelPath);
});
afterAll(() => server.remove());

const measure = async (datasetId: DatasetId, model = modelId) =>
  (await server.fetch(`/api/datasets/${datasetId}/lengths`, { json: { modelId: model } })).json();
const untilEnded = (id: RunId) => server.ctx.tasks.waitFor(id, (run) => isEnded(run.status), 60_000);
const rows = [
  chatRow("Who are you?", "I am Pip."),
  chatRow("What is 3 plus 4?", "3 plus 4 is 7."),
  canonicalRow({ messages: [{ role: "tool", content: "x" }] }),
];

test("the first question starts one task, whoever asks; its report answers all later ones at once", async () => {
  const datasetId = makeReadyDataset(server.ctx, rows);
  const [first, second] = await Promise.all([measure(datasetId), measure(datasetId)]);
  expect(first).toEqual({ report: null, taskId: second.taskId });
  expect(await untilEnded(first.taskId)).toMatchObject({ status: "succeeded", progress: { done: 3, total: 3, unit: "rows" } });
  const { report, taskId } = await measure(datasetId);
  expect(taskId).toBeNull();
  expect(report).toMatchObject({ rows: 2, refusedRows: 1, refusals: { template_refused: 1 }, zeroTrainedRows: 0 });
  expect(readdirSync(join(server.home, "datasets", datasetId, "lengths"))).toHaveLength(1);

  // Another template writes other tokens: what is known does not count for it, and counts again when it is back.
  const template = join(modelPath, "chat_template.jinja");
  writeFileSync(template, "{{ messages[0].content }} {{ messages[1].content }}{{ eos_token }}");
  const changed = await measure(datasetId);
  expect(changed.report).toBeNull();
  server.ctx.tasks.stop(changed.taskId, "abort");
  cpSync(join(server.ctx.env.trainer, "demo", "model", "chat_template.jinja"), template);
  expect((await measure(datasetId)).report).toEqual(report);
}, 90_000);

test("a model that is not on this machine and rows that were not checked are refused by field", async () => {
  const datasetId = makeReadyDataset(server.ctx, rows);
  expect((await measure(datasetId, makeDemoModel(server.ctx, null))).error.fields).toMatchObject([{ path: "modelId" }]);
  server.ctx.datasets.update({ ...server.ctx.datasets.getOrThrow(datasetId), status: "checking", report: null });
  expect((await measure(datasetId)).error.fields).toMatchObject([{ path: "datasetId" }]);
});
