import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dataset, RowsChange } from "../../../../lib/contract/dataset";
import type { Comparison } from "../../../../lib/contract/dataset-view";
import { noColumns } from "../../../../lib/domain/dataset-columns";
import { isEnded } from "../../../../lib/domain/run-status";
import { chatRow, makeReadyDataset } from "../../../testing/make-ready";
import { makeServer, type TestServer } from "../../../testing/make-server";
import { createFrom, untilSettled } from "../../../testing/make-upload";

let server: TestServer;
beforeAll(async () => {
  server = await makeServer();
});
afterAll(() => server.remove());

const row = (n: number, answer = `Reply ${n * 7} from 尖米`) => ({ instruction: `Question ${n} of many`, output: answer });
const lines = (rows: unknown[]) => rows.map((one) => `${JSON.stringify(one)}\n`).join("");
const paste = async (rows: unknown[]): Promise<Dataset> => {
  const { status, body } = await createFrom(server, { source: { type: "paste", text: lines(rows) } });
  expect(status, JSON.stringify(body)).toBe(201);
  return untilSettled(server, body.id);
};
const ask = async (path: string, json?: unknown) =>
  (await server.fetch(`/api/datasets/${path}`, json === undefined ? {} : { json })).json();
const change = (id: string, wish: RowsChange) => ask(`${id}/change`, { change: wish });
const made = async (id: string, wish: RowsChange): Promise<Dataset> => untilSettled(server, (await change(id, wish)).id);
const mapping = {
  format: "alpaca" as const,
  columns: { ...noColumns, prompt: "instruction", response: "output" },
  tags: null,
  xtunerMap: null,
  systemText: null,
};
const everywhere = { paths: null, matchCase: true, wholeWord: false };
const replace = (find: string, to: string, scope = {}): RowsChange & { type: "replace" } => ({
  type: "replace",
  pairs: [{ find, replace: to }],
  scope: { ...everywhere, ...scope },
});
const folder = (id: string) => join(server.home, "datasets", id);
const failure = (dataset: Dataset) => server.ctx.runs.getOrThrow(dataset.taskId ?? expect.unreachable()).failure?.message;

describe("text that is replaced", () => {
  test("is previewed as it will be, and makes a version whose parent keeps its file and its rows", async () => {
    const first = await paste(Array.from({ length: 30 }, (_, n) => row(n)));
    const before = readFileSync(first.files[0]?.path ?? "");
    const wish = replace("尖米", "Jasmine", { paths: [["output"]] });
    const preview = await ask(`${first.id}/replace`, { change: wish });
    expect(preview).toMatchObject({ lookedAt: 30, changedRows: 30, counts: [30], paths: [["instruction"], ["output"]] });
    expect(preview.changes[2]).toEqual({
      row: 2,
      field: "output",
      parts: [
        { text: "Reply 14 from ", is: "same" },
        { text: "尖米", is: "removed" },
        { text: "Jasmine", is: "added" },
      ],
    });
    const second = await made(first.id, wish);
    expect(second).toMatchObject({
      status: "ready",
      version: 2,
      parentId: first.id,
      familyId: first.id,
      change: wish,
      files: [{ name: "rows.jsonl", managed: true, kind: "jsonl" }],
      report: { usableRows: 30, replaced: { rows: 30, counts: [30] } },
    });
    expect((await ask(`${second.id}/rows?offset=2&limit=1`)).rows[0].messages[1].content).toBe("Reply 14 from Jasmine");
    expect((await ask(`${second.id}/raw/2`)).value).toEqual(row(2, "Reply 14 from Jasmine"));
    expect(readFileSync(first.files[0]?.path ?? "")).toEqual(before);
    expect(server.ctx.datasets.getOrThrow(first.id)).toMatchObject({ status: "ready", report: first.report });
    expect(second.files[0]?.path).not.toBe(first.files[0]?.path);
  });

  test("comes to nothing where it stands nowhere: the version says why, holds no file and can be deleted", async () => {
    const first = await paste([row(1), row(2)]);
    const second = await made(first.id, replace("nowhere", "x"));
    expect(second).toMatchObject({ status: "failed", files: [], report: null });
    expect(failure(second)).toContain("“nowhere”");
    expect(await ask(`${second.id}/check`, { mapping: first.mapping })).toMatchObject({ error: { code: "invalid_field" } });
    expect(await (await server.fetch(`/api/datasets/${second.id}`, { method: "DELETE" })).json()).toEqual({ ok: true });
    expect(existsSync(folder(second.id))).toBe(false);
  });

  test("may be stopped, and then nothing of it stays; meanwhile its parent can't be deleted", async () => {
    const first = await paste(Array.from({ length: 3000 }, (_, n) => row(n)));
    expect(await ask(`${first.id}/replace`, { change: replace("Reply", "Answer"), from: 2990 })).toMatchObject({
      lookedAt: 10,
      counts: [10],
    });
    const begun: Dataset = await change(first.id, replace("Reply", "Answer"));
    const taskId = begun.taskId ?? expect.unreachable();
    expect(await (await server.fetch(`/api/datasets/${first.id}?force=true`, { method: "DELETE" })).json()).toMatchObject({
      error: { code: "in_use" },
    });
    server.ctx.tasks.stop(taskId, "abort");
    await server.ctx.tasks.waitFor(taskId, (run) => isEnded(run.status), 25_000);
    expect(await untilSettled(server, begun.id)).toMatchObject({ status: "failed", files: [] });
    expect(existsSync(folder(begun.id)) ? readdirSync(folder(begun.id)) : []).toEqual([]);
  });

  test.each([
    [
      "the same text twice",
      {
        ...replace("a", "b"),
        pairs: [
          { find: "a", replace: "b" },
          { find: "a", replace: "c" },
        ],
      },
      "change.pairs.1.find",
    ],
    ["what it takes out", replace("a", "a"), "change.pairs.0.replace"],
    ["no text", replace("", "a"), "change.pairs.0.find"],
    ["no place", replace("a", "b", { paths: [] }), "change.scope.paths"],
    ["more rows than there are", { type: "sample", rows: 3, seed: 1 }, "change.rows"],
  ])("is refused at its field when it asks for %s", async (_, wish, path) => {
    const id = makeReadyDataset(server.ctx, [chatRow("a", "b"), chatRow("c", "d")]);
    server.ctx.datasets.update({ ...server.ctx.datasets.getOrThrow(id), mapping });
    expect(await ask(`${id}/change`, { change: wish })).toMatchObject({ error: { fields: [{ path }] } });
  });
});

describe("a sample", () => {
  test("has as many rows that train as were asked for, without what its parent leaves out; the same seed draws the same", async () => {
    const rows = Array.from({ length: 60 }, (_, n) => row(n, n % 12 === 0 ? "" : `Reply ${n * 7}`));
    const first = await paste(rows);
    expect(first.report).toMatchObject({ rows: 60, usableRows: 55 });
    const [one, two] = [await sample(9), await sample(9)];
    expect(one).toMatchObject({ status: "ready", report: { rows: 20, usableRows: 20 }, change: { type: "sample", rows: 20, seed: 9 } });
    expect(two.report?.sha256).toBe(one.report?.sha256);

    function sample(seed: number): Promise<Dataset> {
      return made(first.id, { type: "sample", rows: 20, seed });
    }
  });
});

describe("two versions", () => {
  const compare = async (afterId: string, beforeId: string): Promise<Comparison> => {
    const asked = await ask(`${afterId}/compare`, { beforeId });
    expect(asked, JSON.stringify(asked)).toMatchObject({ comparison: null });
    await server.ctx.tasks.waitFor(asked.taskId, (run) => isEnded(run.status), 25_000);
    const again = await ask(`${afterId}/compare`, { beforeId });
    expect(again.taskId).toBeNull();
    return again.comparison;
  };

  test("are compared row by row where the rows kept their numbers, and the rows that differ are paged", async () => {
    const first = await paste([...Array.from({ length: 50 }, (_, n) => row(n, `Reply ${n * 7}`)), row(99, "")]);
    const second = await made(first.id, replace("Reply 7", "Answer 7"));
    expect(await compare(second.id, first.id)).toEqual({ byNumber: true, same: 47, changed: 3, removed: 0, added: 0 });
    const page = await ask(`${second.id}/compare/${first.id}?kind=changed&offset=1&limit=2`);
    expect(page.total).toBe(3);
    expect(
      page.rows.map(({ before, after }: { before: { index: number }; after: { index: number } }) => [before.index, after.index]),
    ).toEqual([
      [10, 10],
      [11, 11],
    ]);
    expect([page.rows[0].before.messages[1].content, page.rows[0].after.messages[1].content]).toEqual(["Reply 70", "Answer 70"]);
    expect(await ask(`${second.id}/compare/${first.id}?kind=added`)).toEqual({ total: 0, rows: [] });
  });

  test("are compared by content where one was drawn from the other", async () => {
    const first = await paste(Array.from({ length: 40 }, (_, n) => row(n)));
    const second = await made(first.id, { type: "sample", rows: 15, seed: 3 });
    expect(await compare(second.id, first.id)).toEqual({ byNumber: false, same: 15, changed: 0, removed: 25, added: 0 });
    const page = await ask(`${second.id}/compare/${first.id}?kind=removed&limit=50`);
    expect(page.rows).toHaveLength(25);
    expect(page.rows[0]).toMatchObject({ after: null, before: { problem: null } });
  });

  test("of different data sets, and a version with itself, are not compared", async () => {
    const [one, other] = [makeReadyDataset(server.ctx, [chatRow("a", "b")]), makeReadyDataset(server.ctx, [chatRow("a", "b")])];
    for (const beforeId of [one, other])
      expect(await ask(`${one}/compare`, { beforeId })).toMatchObject({ error: { code: "invalid_field", fields: [{ path: "beforeId" }] } });
  });
});
