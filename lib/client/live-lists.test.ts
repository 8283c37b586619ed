import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { Dataset } from "../contract/dataset";
import type { Run } from "../contract/run";
import { applyDevices, upsertDatasets, upsertRuns } from "./live-lists";
import { datasetQueries } from "./queries/datasets";
import { exportQueries } from "./queries/exports";
import { runQueries } from "./queries/runs";
import { systemQueries } from "./queries/system";

const makeRun = (id: string, seq: number, createdAt: number, kind = "train") =>
  ({ id, seq, createdAt, attempt: 1, spec: { kind } }) as unknown as Run;
const list = (client: QueryClient) => client.getQueryData<Run[]>(runQueries.list().queryKey)?.map((run) => [run.id, run.seq]);

function clientWith(runs: Run[]) {
  const client = new QueryClient();
  client.setQueryData(runQueries.list().queryKey, runs);
  return client;
}

test("a pushed row replaces its older self and a new one is put in by age", () => {
  const client = clientWith([makeRun("a", 5, 100)]);
  upsertRuns(client, { upserts: [makeRun("a", 6, 100), makeRun("b", 0, 200)], removed: [] });
  expect(list(client)).toEqual([
    ["b", 0],
    ["a", 6],
  ]);
});

test("a row that comes late never turns back the clock", () => {
  const client = clientWith([makeRun("a", 5, 100)]);
  client.setQueryData(runQueries.detail("a").queryKey, makeRun("a", 5, 100));
  upsertRuns(client, { upserts: [makeRun("a", 4, 100)], removed: [] });
  expect(list(client)).toEqual([["a", 5]]);
  expect(client.getQueryData(runQueries.detail("a").queryKey)?.seq).toBe(5);
});

test("a removed run leaves the list and its page's cache", () => {
  const client = clientWith([makeRun("a", 5, 100)]);
  client.setQueryData(runQueries.detail("a").queryKey, makeRun("a", 5, 100));
  upsertRuns(client, { upserts: [], removed: ["a"] });
  expect(list(client)).toEqual([]);
  expect(client.getQueryData(runQueries.detail("a").queryKey)).toBeUndefined();
});

test("exports go into their own list, and a list that nobody has loaded stays unloaded", () => {
  const client = new QueryClient();
  client.setQueryData(exportQueries.list().queryKey, []);
  upsertRuns(client, { upserts: [makeRun("e", 0, 1, "export"), makeRun("a", 0, 1)], removed: [] });
  expect(client.getQueryData(exportQueries.list().queryKey)?.map((run) => run.id)).toEqual(["e"]);
  expect(list(client)).toBeUndefined();
});

test("devices come into the report without touching the rest", () => {
  const client = new QueryClient();
  const report = { version: "0.1.0", devices: [], queued: 0, running: 0 };
  client.setQueryData(systemQueries.report().queryKey, report as never);
  applyDevices(client, { devices: [], queued: 2, running: 1 });
  expect(client.getQueryData(systemQueries.report().queryKey)).toEqual({ ...report, queued: 2, running: 1 });
});

test("a data set that is pushed is in the list and on its page; one that is gone is on neither", () => {
  const client = new QueryClient();
  const dataset = (id: string, createdAt: number, status = "ready") => ({ id, createdAt, status }) as unknown as Dataset;
  const key = datasetQueries.every().queryKey;
  client.setQueryData(key, [dataset("old", 1), dataset("b", 2, "checking")]);
  upsertDatasets(client, { upserts: [dataset("b", 2), dataset("new", 3, "new")], removed: [] });
  expect(client.getQueryData(key)?.map(({ id, status }) => [id, status])).toEqual([
    ["new", "new"],
    ["b", "ready"],
    ["old", "ready"],
  ]);
  expect(client.getQueryData(datasetQueries.detail("b").queryKey)?.status).toBe("ready");
  const gone = dataset("b", 2).id;
  upsertDatasets(client, { upserts: [], removed: [gone] });
  expect(client.getQueryData(key)?.map(({ id }) => id)).toEqual(["new", "old"]);
  expect(client.getQueryData(datasetQueries.detail("b").queryKey)).toBeUndefined();
});
