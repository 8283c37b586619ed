import { describe, expect, test } from "vitest";
import type { MetricValue } from "../contract/event";
import {
  appendPoint,
  bucketSize,
  curveFromPoints,
  drawCurve,
  dropAfterStep,
  emptyCurve,
  joinTables,
  niceRange,
  smoothCurve,
} from "./series";

const curveOf = (values: MetricValue[]) => {
  const curve = emptyCurve(4);
  values.forEach((value, i) => {
    appendPoint(curve, { step: i + 1, t: 1000 * i, tokens: 10 * i, value });
  });
  return curve;
};

/** TensorBoard's resmoothDataset, word for word. */
function tensorboardSmoothing(values: number[], weight: number): number[] {
  let last = values.length > 0 ? 0 : Number.NaN;
  let numAccum = 0;
  const isConstant = values.every((v) => v === values[0]);
  return values.map((next) => {
    if (isConstant || !Number.isFinite(next)) return next;
    last = last * weight + (1 - weight) * next;
    numAccum++;
    const debias = weight === 1 ? 1 : 1 - weight ** numAccum;
    return last / debias;
  });
}

describe("smoothing", () => {
  const values = Array.from({ length: 500 }, (_, i) => 2 * Math.exp(-i / 90) + Math.sin(i * 12.9898) * 0.2);

  test.each([0, 0.3, 0.6, 0.9, 0.99, 0.999])("equals TensorBoard's formula at weight %d", (weight) => {
    const ours = smoothCurve(curveOf(values), weight);
    tensorboardSmoothing(values, weight).forEach((expected, i) => {
      expect(ours[i]).toBeCloseTo(expected, 9);
    });
  });

  test("keeps a constant line as it is", () => {
    expect([...smoothCurve(curveOf([0.1, 0.1, 0.1]), 0.9)]).toEqual([0.1, 0.1, 0.1]);
  });

  test("lets a value that is not finite pass without disturbing its neighbours", () => {
    const ours = smoothCurve(curveOf([1, "nan", 3]), 0.5);
    expect(ours[1]).toBeNaN();
    expect(ours[2]).toBeCloseTo(tensorboardSmoothing([1, 3], 0.5)[1] ?? 0, 12);
  });

  test("counts a bucket as that many equal values", () => {
    const points = { step: [4, 8], t: [0, 0], tokens: [0, 0], mean: [1, 3], min: [1, 3], max: [1, 3], nonFinite: [], total: 8 };
    const ours = smoothCurve(curveFromPoints({ ...points, bucket: 4 }), 0.6);
    const full = tensorboardSmoothing([1, 1, 1, 1, 3, 3, 3, 3], 0.6);
    expect(ours[1]).toBeCloseTo(full[7] ?? 0, 12);
  });
});

test("columns grow past their capacity and keep every point", () => {
  const curve = curveOf(Array.from({ length: 1000 }, (_, i) => i));
  expect(curve.length).toBe(1000);
  expect(curve.mean[999]).toBe(999);
  expect(curve.step[0]).toBe(1);
});

test("a rewind drops the points after its step, also the non-finite ones", () => {
  const curve = curveOf([5, 4, "inf", 2]);
  dropAfterStep(curve, 2);
  expect(curve.length).toBe(2);
  expect(curve.nonFinite).toEqual([]);
  appendPoint(curve, { step: 3, t: 0, tokens: 0, value: 9 });
  expect(curve.mean[2]).toBe(9);
});

describe("drawing", () => {
  test("keeps the extremes of a spike in few points", () => {
    const values = Array.from({ length: 10_000 }, (_, i) => (i === 7777 ? 50 : 1));
    const drawn = drawCurve(curveOf(values), { axis: "step", startedAt: 0, weight: 0, maxPoints: 500 });
    expect(drawn.x.length).toBeLessThanOrEqual(500);
    expect(Math.max(...drawn.high.map((v) => v ?? 0))).toBe(50);
  });

  test("leaves the drawn history as it was when points are added", () => {
    const values = Array.from({ length: 900 }, (_, i) => Math.sin(i));
    const options = { axis: "step", startedAt: 0, weight: 0.6, maxPoints: 256 } as const;
    const before = drawCurve(curveOf(values), options);
    const after = drawCurve(curveOf([...values, 0.5, 0.25]), options);
    const whole = before.x.length - 1;
    expect(after.mean.slice(0, whole)).toEqual(before.mean.slice(0, whole));
  });

  test("takes one neighbour on each side of a window", () => {
    const drawn = drawCurve(curveOf([1, 2, 3, 4, 5, 6]), { axis: "step", startedAt: 0, weight: 0, maxPoints: 100, from: 3, to: 4 });
    expect(drawn.x).toEqual([2, 3, 4, 5]);
  });

  test("shows time as seconds since the start", () => {
    expect(drawCurve(curveOf([1, 2, 3]), { axis: "time", startedAt: 0, weight: 0, maxPoints: 9 }).x).toEqual([0, 1, 2]);
  });

  test("shows a value that is not finite as a gap", () => {
    expect(drawCurve(curveOf([1, "nan", 3]), { axis: "step", startedAt: 0, weight: 0, maxPoints: 9 }).mean).toEqual([1, null, 3]);
  });
});

test("bucket sizes are powers of two", () => {
  expect([10, 100, 101, 999].map((n) => bucketSize(n, 100))).toEqual([1, 1, 2, 16]);
});

test("tables are joined on one x, with undefined where a table has no point", () => {
  const joined = joinTables([
    { x: [1, 2, 3], columns: [[10, null, 30]] },
    { x: [2, 5], columns: [[7, 8]] },
  ]);
  expect(joined.x).toEqual([1, 2, 3, 5]);
  expect(joined.columns).toEqual([
    [10, null, 30, undefined],
    [undefined, 7, undefined, 8],
  ]);
});

describe("the y-range", () => {
  test("ends on round numbers that contain all values", () => {
    expect(niceRange(0.52, 2.43, false)).toEqual([0, 2.5]);
    expect(niceRange(3120, 3480, false)).toEqual([3100, 3500]);
    expect(niceRange(-0.3, 0.31, false)[0]).toBeLessThanOrEqual(-0.3);
  });
  test("opens around a single value", () => {
    const [low, high] = niceRange(2e-4, 2e-4, false);
    expect(low).toBeLessThan(2e-4);
    expect(high).toBeGreaterThan(2e-4);
  });
  test("on a log axis stays above zero", () => {
    expect(niceRange(0, 10, true)[0]).toBeGreaterThan(0);
    expect(niceRange(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true)).toEqual([0.1, 1]);
  });
});
