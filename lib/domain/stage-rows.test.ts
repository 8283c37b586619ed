import { expect, test } from "vitest";
import { isOtherKind, trainableRows } from "./stage-rows";

const report = (format: "alpaca" | "text" | "preference" | "ranked" | "kto", unwantedRows = 0) => ({
  format,
  usableRows: 10,
  unwantedRows,
});

test("each stage counts the rows that it learns from", () => {
  expect(trainableRows(report("alpaca"), "sft")).toBe(10);
  expect(trainableRows(report("kto", 3), "sft")).toBe(7);
  expect(trainableRows(report("text"), "pt")).toBe(10);
  expect(trainableRows(report("alpaca"), "pt")).toBe(0);
  expect(trainableRows(report("preference"), "dpo")).toBe(10);
  expect(trainableRows(report("ranked"), "rm")).toBe(10);
  expect(trainableRows(report("alpaca"), "orpo")).toBe(0);
  expect(trainableRows(report("kto", 3), "kto")).toBe(10);
  expect(trainableRows(report("preference"), "kto")).toBe(20);
});

test("a set with rows for another stage is told from one without any", () => {
  expect(isOtherKind(report("alpaca"), "pt")).toBe(true);
  expect(isOtherKind({ ...report("alpaca"), usableRows: 0 }, "pt")).toBe(false);
  expect(isOtherKind(report("text"), "pt")).toBe(false);
});
