import { describe, expect, test } from "vitest";
import type { MetricValue, TaskEvent } from "../../lib/contract/event";
import { appendEvent, emptySeries, readMetrics, rowsAfter, type Series } from "./series";

const metric = (seq: number, step: number, values: Record<string, MetricValue>): TaskEvent => ({
  seq,
  t: step * 1000,
  type: "metric",
  step,
  epoch: 0,
  tokens: step * 10,
  seconds: step,
  values,
});
const rewind = (seq: number, toStep: number): TaskEvent => ({ seq, t: 0, type: "rewind", toStep });
function seriesOf(...events: TaskEvent[]): Series {
  const series = emptySeries();
  for (const event of events) appendEvent(series, event);
  return series;
}
const stepsOf = (series: Series) => lossOf(series, { points: 1000 }).step;
const losses = (n: number, value = (step: number): MetricValue => step) =>
  Array.from({ length: n }, (_, i) => metric(i, i + 1, { loss: value(i + 1) }));
const whole = { names: null, fromStep: null, toStep: null };
const lossOf = (series: Series, query: { points: number; fromStep?: number; toStep?: number }) => {
  const { loss } = Object.fromEntries([...readMetrics(series, { ...whole, ...query })].filter((piece) => piece !== null));
  if (!loss) throw new Error("no loss");
  return loss;
};

describe("a window", () => {
  test("holds each point as it is where they are few", () => {
    const loss = lossOf(seriesOf(...losses(5)), { points: 5 });
    expect(loss).toMatchObject({ bucket: 1, step: [1, 2, 3, 4, 5], mean: [1, 2, 3, 4, 5], total: 5 });
  });

  test.each([2, 7, 100, 999])("never has more than %i points, in buckets of a power of two", (points) => {
    const loss = lossOf(seriesOf(...losses(1000)), { points });
    expect(loss.step.length).toBeLessThanOrEqual(points);
    expect(Math.log2(loss.bucket) % 1).toBe(0);
    expect(loss.step.at(-1)).toBe(1000);
  });

  test("of a long run is read with pauses, also where a metric has far more points than are asked for", () => {
    const series = seriesOf(...losses(40_000));
    const pieces = [...readMetrics(series, { ...whole, points: 50 })];
    expect(pieces.map((piece) => piece?.[0] ?? null)).toEqual([null, null, "loss"]);
    expect(pieces.at(-1)?.[1]).toMatchObject({ total: 40_000, bucket: 1024 });
  });

  test("keeps a spike of one step exactly", () => {
    const loss = lossOf(seriesOf(...losses(10_000, (step) => (step === 7777 ? 50 : 1))), { points: 100 });
    expect(Math.max(...loss.max.map(Number))).toBe(50);
    expect(Math.min(...loss.min.map(Number))).toBe(1);
  });

  test("keeps its older buckets when points are added", () => {
    const before = lossOf(seriesOf(...losses(900)), { points: 256 });
    const after = lossOf(seriesOf(...losses(1000)), { points: 256 });
    expect(after.bucket).toBe(before.bucket);
    const closed = Math.floor(900 / before.bucket);
    expect(after.mean.slice(0, closed)).toEqual(before.mean.slice(0, closed));
  });

  test("holds one moment: what comes while it is read is not in it", () => {
    const series = seriesOf(metric(0, 1, { loss: 1, grad_norm: 2 }));
    const reading = readMetrics(series, { ...whole, points: 10 });
    const [first] = [reading.next().value];
    appendEvent(series, metric(1, 2, { loss: "nan", grad_norm: "nan" }));
    const second = reading.next().value;
    expect([first?.[1].step, second?.[1].step]).toEqual([[1], [1]]);
    expect(second?.[1].nonFinite).toEqual([]);
  });

  test("is cut by step", () => {
    expect(lossOf(seriesOf(...losses(100)), { points: 50, fromStep: 10, toStep: 14 }).step).toEqual([10, 11, 12, 13, 14]);
  });

  test("shows values that are not finite as marks, never in a mean", () => {
    const loss = lossOf(seriesOf(...losses(4, (step) => (step === 2 ? "nan" : step))), { points: 2 });
    expect(loss.mean).toEqual([1, 3.5]);
    expect(loss.nonFinite).toEqual([{ step: 2, value: "nan" }]);
    expect(lossOf(seriesOf(metric(0, 1, { loss: "inf" })), { points: 2 }).mean).toEqual([null]);
  });
});

describe("events", () => {
  test("count once, however often they come", () => {
    const events = losses(3);
    expect(stepsOf(seriesOf(...events, ...events))).toEqual([1, 2, 3]);
  });

  test("after a rewind take the place of the points that it dropped", () => {
    const series = seriesOf(...losses(10), metric(10, 10, { eval_loss: 1 }), rewind(11, 4), metric(12, 5, { loss: 99 }));
    expect(stepsOf(series)).toEqual([1, 2, 3, 4, 5]);
    expect(lossOf(series, { points: 10 }).mean).toEqual([1, 2, 3, 4, 99]);
    expect(series.metrics.has("eval_loss")).toBe(false);
  });
});

describe("rows after an event", () => {
  test("are those with a greater number, with null where a row lacks the metric", () => {
    const series = seriesOf(metric(0, 1, { loss: 1 }), metric(1, 1, { eval_loss: 5 }), metric(2, 2, { loss: "nan" }));
    expect(rowsAfter(series, 0, 10)).toMatchObject({ seq: [1, 2], step: [1, 2], values: { eval_loss: [5, null], loss: [null, "nan"] } });
  });

  test("are refused over a rewind, and where a snapshot is smaller", () => {
    const series = seriesOf(...losses(10), rewind(10, 4), metric(11, 5, { loss: 1 }));
    expect(rowsAfter(series, 7, 100)).toBeNull();
    expect(rowsAfter(series, 10, 100)?.seq).toEqual([11]);
    expect(rowsAfter(seriesOf(...losses(10)), -1, 9)).toBeNull();
  });
});
