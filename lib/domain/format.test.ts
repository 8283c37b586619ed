import { expect, test } from "vitest";
import { formatAgo, formatBytes, formatCount, formatDuration, formatLoss, formatPercent, formatRate } from "./format";

test("bytes have three figures and binary units", () => {
  expect([0, 512, 1536, 38 * 2 ** 20, 62.04 * 2 ** 30, 1023.99 * 2 ** 20].map(formatBytes)).toEqual([
    "0 B",
    "512 B",
    "1.5 KiB",
    "38 MiB",
    "62 GiB",
    "1 GiB",
  ]);
});

test("counts are exact below a million and short above", () => {
  expect([0, 7, 12_480, 999_999, 2_290_000, 1_100_000_000].map((value) => formatCount(value, "en"))).toEqual([
    "0",
    "7",
    "12,480",
    "999,999",
    "2.29 M",
    "1.1 B",
  ]);
  expect(formatCount(2.71428, "en")).toBe("2.71");
});

test("a share reads as 100 % only when nothing is left", () => {
  expect([0, 0.0038, 0.0123, 0.62, 0.9999, 1].map((ratio) => formatPercent(ratio, "en"))).toEqual([
    "0 %",
    "0.38 %",
    "1.2 %",
    "62 %",
    "99 %",
    "100 %",
  ]);
  expect(formatPercent(0.62, "zh")).toBe("62%");
});

test("durations name two units at most", () => {
  const seconds = [0, 2.34, 48, 60, 200, 7440, 97_200];
  expect(seconds.map((value) => formatDuration(value, "en"))).toEqual([
    "0 s",
    "2.3 s",
    "48 s",
    "1 min",
    "3 min 20 s",
    "2 h 04 min",
    "1 d 03 h",
  ]);
  expect(formatDuration(200, "zh")).toBe("3 分 20 秒");
});

test("a loss keeps enough figures to see it move", () => {
  expect([0, 0.0000314, 0.84213, 1.4, 12.345, 250.04, 2.5e7].map(formatLoss)).toEqual([
    "0",
    "3.1e-5",
    "0.842",
    "1.400",
    "12.35",
    "250.0",
    "2.50e7",
  ]);
});

test("time ago is told in the reader's language", () => {
  const now = 1_700_000_000_000;
  expect([5_000, 60_000, 7_200_000, 3 * 86_400_000].map((ms) => formatAgo(now - ms, now, "en"))).toEqual([
    "just now",
    "1 min ago",
    "2 h ago",
    "3 d ago",
  ]);
  expect(formatAgo(now - 60_000, now, "zh")).toBe("1 分钟前");
  expect(formatRate(3120, "tok/s", "en")).toBe("3,120 tok/s");
});
