import { expect, test } from "vitest";
import { formatClock, formatReading, formatTick, formatX } from "./chart-format";

test("axis numbers are short", () => {
  expect([0, 0.5, 2.5, 300, 1200, 12_500, 4_000_000, 2e-4, -0.25].map(formatTick)).toEqual([
    "0",
    "0.5",
    "2.5",
    "300",
    "1,200",
    "12.5k",
    "4M",
    "2e-4",
    "-0.25",
  ]);
});

test("a number to read off has its significant digits", () => {
  expect([0.8423, 12.345, 3120.4, 8.14e-5].map(formatReading)).toEqual(["0.842", "12.35", "3,120", "8.14e-5"]);
});

test("time on the x axis is a clock", () => {
  expect([0, 45, 750, 3900].map((seconds) => formatX(seconds, "time"))).toEqual(["0:00", "0:45", "12:30", "1:05:00"]);
  expect(formatClock(59.6)).toBe("1:00");
});
