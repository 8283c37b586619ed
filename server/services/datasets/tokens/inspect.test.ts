import { afterAll, beforeAll, expect, test } from "vitest";
import type { DatasetId, ModelId } from "../../../../lib/contract/ids";
import { InspectedRow } from "../../../../lib/contract/inspect";
import { canonicalRow, chatRow, makeDemoModel, makeReadyDataset } from "../../../testing/make-ready";
import { makeServer, type TestServer } from "../../../testing/make-server";

let server: TestServer;
let modelId: ModelId;
let datasetId: DatasetId;
beforeAll(async () => {
  server = await makeServer();
  modelId = makeDemoModel(server.ctx);
  const problem = {
    row: 1,
    line: 2,
    field: "output",
    value: "",
    reason: "empty_answer",
    message: "The answer is empty.",
    severity: "drop" as const,
  };
  datasetId = makeReadyDataset(server.ctx, [
    chatRow("Who are you?", "I am Pip."),
    canonicalRow({ problem }),
    canonicalRow({ text: "All of this is learned." }),
    canonicalRow({ messages: [{ role: "tool", content: "rain" }] }),
  ]);
});
afterAll(() => server.remove());

const inspect = (row: number, settings: object = {}) =>
  server.fetch(`/api/datasets/${datasetId}/inspect`, { json: { row, settings: { modelId, cutoffLength: 256, ...settings } } });
const inspected = async (row: number, settings: object = {}) => InspectedRow.parse(await (await inspect(row, settings)).json());

test("a conversation is shown with its answer lit, and with the line of the cutoff", async () => {
  const row = await inspected(0, { cutoffLength: 16 });
  expect(row).toMatchObject({
    index: 0,
    text: "<|bos|><|user|>Who are you?<|end|><|assistant|>I am Pip.<|end|>",
    maskMethod: "generation",
  });
  expect(row.pieces.filter((_, at) => row.trained[at]).join("")).toBe("I am Pip.<|end|>");
  expect([row.ids.length, row.trained.length, row.special.length]).toEqual(Array(3).fill(row.tokens));
});

test("a row that was left out is shown with the reason", async () => {
  expect(await inspected(1)).toMatchObject({ index: 1, ids: [], refused: { code: "empty_answer", message: "The answer is empty." } });
});

test("plain text is learned from its second token on", async () => {
  const row = await inspected(2);
  expect(row).toMatchObject({ maskMethod: "all", text: "All of this is learned.<|end|>" });
  expect(row.trained).toEqual(row.ids.map((_, at) => at > 0));
});

test("a row that the template refuses is shown with the template's words", async () => {
  expect((await inspected(3)).refused).toMatchObject({ code: "template_refused", message: expect.stringContaining("This template knows") });
});

test("a row beyond the end, an unknown model and a model that is not here are refused by their fields", async () => {
  const fields = async (answer: Response) => ({ status: answer.status, ...(await answer.json()).error });
  expect(await fields(await inspect(9))).toMatchObject({ status: 422, fields: [{ path: "row", value: 9 }] });
  expect(await fields(await inspect(0, { modelId: "mod_000000000000" }))).toMatchObject({ status: 404, code: "model_not_found" });
  const remote = makeDemoModel(server.ctx, null);
  expect(await fields(await inspect(0, { modelId: remote }))).toMatchObject({ status: 422, fields: [{ path: "settings.modelId" }] });
});
