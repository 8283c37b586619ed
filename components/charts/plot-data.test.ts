import { expect, test } from "vitest";
import { curveFromPoints } from "@/lib/domain/series";
import { type PlotView, xRange } from "./plot-data";

const series = [{ name: "loss", label: "Loss", color: "--s1", kind: "curve" as const }];
const view: PlotView = { axis: "step", smoothing: 0, zoom: null, marks: [], endStep: 1380, startedAt: 0 };

function rangeAt(step: number, endStep: number | null): [number, number] {
  const curve = curveFromPoints({
    step: [1, step],
    t: [0, 1],
    tokens: [0, 1],
    mean: [2, 1],
    min: [2, 1],
    max: [2, 1],
    nonFinite: [],
    total: 2,
    bucket: 1,
  });
  return xRange(series, { curve: () => curve, subscribe: () => () => undefined }, { ...view, endStep });
}

test("the first steps of a long run fill a good part of the chart", () => {
  const [, end] = rangeAt(24, 1380);
  expect(end).toBeGreaterThanOrEqual(30);
  expect(end).toBeLessThanOrEqual(60);
});

test("the whole run is seen once a good part is done", () => {
  expect(rangeAt(700, 1380)).toEqual([0, 1380]);
  expect(rangeAt(1380, 1380)).toEqual([0, 1380]);
});

test("an ended run fills its chart, and a run without points shows its plan", () => {
  expect(rangeAt(91, null)).toEqual([0, 91]);
  expect(xRange(series, { curve: () => undefined, subscribe: () => () => undefined }, view)).toEqual([0, 1380]);
});
