import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DatasetId, RunId } from "../../../../lib/contract/ids";
import { isEnded } from "../../../../lib/domain/run-status";
import { chatRow, makeReadyDataset } from "../../../testing/make-ready";
import { makeServer, type TestServer } from "../../../testing/make-server";

let server: TestServer;
beforeAll(async () => {
  server = await makeServer();
});
afterAll(() => server.remove());

type Sets = { trainIds: DatasetId[]; validationIds: DatasetId[] };
const ask = async (path: string, input: object) => (await server.fetch(`/api/overlap${path}`, { json: input })).json();
const untilEnded = (id: RunId) => server.ctx.tasks.waitFor(id, (run) => isEnded(run.status), 60_000);

const trained = Array.from({ length: 20 }, (_, at) => chatRow(`What is ${at} plus ${at}?`, `It is ${2 * at}.`));
const held = [chatRow("what is 3 plus 3", "it is 6"), chatRow("Who are you?", "I am Pip."), chatRow("What is 4 plus 4?", "Nine.")];
const makeSets = (): Sets => ({
  trainIds: [makeReadyDataset(server.ctx, trained)],
  validationIds: [makeReadyDataset(server.ctx, held)],
});

test("sets are compared by one task, whoever asks; its report answers all later questions, and its findings come page by page", async () => {
  const sets = makeSets();
  expect(await ask("", { ...sets, start: false })).toEqual({ report: null, taskId: null });
  expect(await ask("/findings", sets)).toEqual({ total: 0, findings: [] });
  const [first, second] = await Promise.all([ask("", sets), ask("", sets)]);
  expect(first).toEqual({ report: null, taskId: second.taskId });
  expect(await untilEnded(first.taskId)).toMatchObject({ status: "succeeded", spec: { kind: "data", task: { type: "overlap", ...sets } } });
  const { report } = await ask("", { ...sets, start: false });
  expect(report).toMatchObject({
    trainingSets: 1,
    sets: [{ rows: 20, comparedRows: 20, leakingRows: 2 }, { rows: 3 }],
    counts: { conversation_normalised: 1, prompt_same: 1, conversation_same: 0, contradiction: 1 },
  });
  const { total, findings } = await ask("/findings", sets);
  expect(total).toBe(3);
  expect(findings[0]).toMatchObject({
    kind: "conversation_normalised",
    text: "what is 3 plus 3",
    places: [
      { set: 1, row: 0 },
      { set: 0, row: 3 },
    ],
  });
  expect(await ask("/findings", { ...sets, kind: "contradiction" })).toMatchObject({ total: 1, findings: [{ answers: 2, rows: 2 }] });
  expect((await ask("/findings", { ...sets, offset: 1, limit: 1 })).findings).toMatchObject([{ kind: "prompt_same" }]);
  expect(readdirSync(join(server.home, "datasets", sets.trainIds[0] ?? "", "overlap"))).toHaveLength(1);
}, 90_000);

test("a set in the middle of a comparison is not deleted, and a stopped comparison can be begun again", async () => {
  const sets = makeSets();
  const { taskId } = await ask("", sets);
  const removed = await server.fetch(`/api/datasets/${sets.validationIds[0]}`, { method: "DELETE" });
  expect((await removed.json()).error.code).toBe("in_use");
  server.ctx.tasks.stop(taskId, "abort");
  expect((await untilEnded(taskId)).status).toBe("stopped");
  expect((await ask("", sets)).taskId).not.toBe(taskId);
}, 90_000);

test("a set that is named twice or was not checked is refused by field", async () => {
  const { trainIds, validationIds } = makeSets();
  expect((await ask("", { trainIds, validationIds: trainIds })).error.fields).toMatchObject([{ path: "validationIds.0" }]);
  const [id] = validationIds;
  if (id === undefined) throw new Error("no set");
  server.ctx.datasets.update({ ...server.ctx.datasets.getOrThrow(id), status: "checking", report: null });
  expect((await ask("", { trainIds, validationIds })).error.fields).toMatchObject([{ path: "validationIds.0", code: "notChecked" }]);
  expect((await ask("", { trainIds: [], validationIds })).error.fields).toMatchObject([{ path: "trainIds" }]);
});
