import { expect, test } from "vitest";
import { at, cut, emptyColumn, push, valuesFrom } from "./column";

const columnOf = (count: number) => {
  const column = emptyColumn();
  for (let i = 0; i < count; i += 1) push(column, i * 2);
  return column;
};

test.each([0, 1, 8191, 8192, 8193, 20_000])("a column of %i numbers gives each back, and all from any place on", (count) => {
  const column = columnOf(count);
  expect(column.length).toBe(count);
  const all = Array.from({ length: count }, (_, i) => i * 2);
  expect(all.every((value, i) => at(column, i) === value)).toBe(true);
  for (const start of [0, 1, 8191, 8192, 12_000, count]) expect(valuesFrom(column, start)).toEqual(all.slice(start));
});

test.each([0, 1, 8191, 8192, 8193, 20_000])("a column that was cut to %i numbers grows from there", (length) => {
  const column = columnOf(20_000);
  cut(column, length);
  push(column, -1);
  expect(column.length).toBe(length + 1);
  expect(valuesFrom(column, Math.max(0, length - 1))).toEqual(length === 0 ? [-1] : [(length - 1) * 2, -1]);
});
