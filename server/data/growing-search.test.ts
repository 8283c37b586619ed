import { expect, test } from "vitest";
import type { RowQuery } from "../../lib/contract/dataset-view";
import { createGrowingSearch, type FindRows } from "./growing-search";
import type { GrowingStore, Relation } from "./relation";

/** A store whose parts hold ten rows each; every third row matches. `asked` are the parts that were searched, question by question. */
function makeStore() {
  const asked: number[][] = [];
  const store = {
    parts: 0,
    since: (part: number): Relation | null =>
      part < store.parts ? { sql: JSON.stringify(Array.from({ length: store.parts - part }, (_, i) => part + i)), columns: [] } : null,
  } satisfies GrowingStore;
  const find: FindRows = async ({ offset, limit, sort }, relation) => {
    const parts: number[] = JSON.parse(relation.sql);
    asked.push(parts);
    const found = parts.flatMap((part) => Array.from({ length: 10 }, (_, i) => part * 10 + i)).filter((row) => row % 3 === 0);
    return (sort ? found.reverse() : found).slice(offset, offset + limit);
  };
  const search = createGrowingSearch();
  return { store, asked, ask: (query: Partial<RowQuery>) => search({ ...plain, ...query }, store, find) };
}

const plain: RowQuery = { offset: 0, limit: 5, search: "x", filters: [], reason: null, sort: null };

test("only new parts are searched while the page is not full, and nothing at all once it is", async () => {
  const { store, asked, ask } = makeStore();
  expect(await ask({})).toEqual([]);
  store.parts = 1;
  expect(await ask({})).toEqual([0, 3, 6, 9]);
  expect(await ask({})).toEqual([0, 3, 6, 9]);
  store.parts = 4;
  expect(await ask({})).toEqual([0, 3, 6, 9, 12]);
  store.parts = 9;
  expect(await ask({})).toEqual([0, 3, 6, 9, 12]);
  expect(asked).toEqual([[0], [1, 2, 3]]);
});

test("the next page goes on behind the parts that are known, and another question begins anew", async () => {
  const { store, asked, ask } = makeStore();
  store.parts = 3;
  expect(await ask({})).toEqual([0, 3, 6, 9, 12]);
  expect(await ask({ offset: 5 })).toEqual([15, 18, 21, 24, 27]);
  expect(await ask({ offset: 5, limit: 20 })).toEqual([15, 18, 21, 24, 27]);
  store.parts = 4;
  expect(await ask({ offset: 10 })).toEqual([30, 33, 36, 39]);
  expect(asked).toEqual([[0, 1, 2], [0, 1, 2], [0, 1, 2], [3]]);
  expect(await ask({ search: "y" })).toEqual([0, 3, 6, 9, 12]);
});

test("what is sorted is asked again when the store has grown by a quarter", async () => {
  const { store, asked, ask } = makeStore();
  const sort = { column: "a", descending: true };
  store.parts = 8;
  expect(await ask({ sort })).toEqual([78, 75, 72, 69, 66]);
  store.parts = 9;
  expect(await ask({ sort })).toEqual([78, 75, 72, 69, 66]);
  store.parts = 10;
  expect(await ask({ sort })).toEqual([99, 96, 93, 90, 87]);
  expect(asked).toHaveLength(2);
});
