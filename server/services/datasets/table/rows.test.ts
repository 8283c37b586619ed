import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { ShownRow } from "../../../../lib/contract/dataset";
import type { DatasetId } from "../../../../lib/contract/ids";
import { canonicalRow, chatRow, makeDemoModel, makeReadyDataset } from "../../../testing/make-ready";
import { makeServer, type TestServer } from "../../../testing/make-server";

let server: TestServer;
beforeAll(async () => {
  server = await makeServer();
});
afterAll(() => server.remove());

async function ask(datasetId: DatasetId, offset: number, limit: number) {
  const answer = await server.fetch(`/api/datasets/${datasetId}/rows?offset=${offset}&limit=${limit}`);
  const text = await answer.text();
  return { characters: text.length, ...z.object({ total: z.int(), rows: z.array(ShownRow) }).parse(JSON.parse(text)) };
}

test("rows come by number, whole", async () => {
  const datasetId = makeReadyDataset(
    server.ctx,
    ["a", "b", "c", "d"].map((word) => chatRow(word, `${word}!`)),
  );
  const page = await ask(datasetId, 1, 2);
  expect(page).toMatchObject({
    total: 4,
    rows: [
      { index: 1, cut: false },
      { index: 2, cut: false },
    ],
  });
  expect(page.rows[1]?.messages).toEqual([
    { role: "user", content: "c" },
    { role: "assistant", content: "c!" },
  ]);
  expect((await ask(datasetId, 4, 2)).rows).toEqual([]);
});

test("of a page of huge rows each is shortened, so that all together have two megabytes; short ones beside them stay whole", async () => {
  const huge = chatRow("?", "x".repeat(1_500_000));
  const many = canonicalRow({ messages: Array.from({ length: 40_000 }, (_, i) => ({ role: "user", content: `${i}` })) });
  const datasetId = makeReadyDataset(server.ctx, [chatRow("short", "and whole"), huge, many, huge, huge]);
  const page = await ask(datasetId, 0, 50);
  expect(page.characters).toBeLessThan(2_001_000);
  expect(page.rows.map(({ index, cut }) => ({ index, cut }))).toEqual(
    [false, true, true, true, true].map((cut, index) => ({ index, cut })),
  );
  expect(page.rows[0]?.messages?.[1]?.content).toBe("and whole");
  expect(page.rows[1]?.messages?.[1]?.content).toMatch(/^x{100000,}…$/);
  const alone = await ask(datasetId, 1, 1);
  expect(alone.rows[0]).toMatchObject({ cut: false });
  expect(alone.rows[0]?.messages?.[1]?.content.length).toBe(1_500_000);
});

test("a row too long for the inspector is refused with its size, and not read by it", async () => {
  const datasetId = makeReadyDataset(server.ctx, [chatRow("?", "y".repeat(3_000_000))]);
  const json = { row: 0, settings: { modelId: makeDemoModel(server.ctx), cutoffLength: 256 } };
  const answer = await server.fetch(`/api/datasets/${datasetId}/inspect`, { json });
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain("more than 1 MB");
});
