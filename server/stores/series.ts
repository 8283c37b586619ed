import type { MetricValue, TaskEvent } from "../../lib/contract/event";
import type { MetricColumns, SeriesPoints } from "../../lib/contract/series";
import { at, type Column, cut, emptyColumn, push, valuesFrom } from "./column";

/** Read in about 1 ms, and in 5 by a server that has just begun; several readers take their turns in the same round. */
const POINTS_AT_ONCE = 16_384;

type Metric = { row: Column; value: Column; nonFinite: { row: number; value: MetricValue }[] };

/** The curves of one run in memory: one row a metric event, a sparse column a metric. */
export type Series = {
  seq: number;
  /** Number of the last event that took points away; rows before it can't be continued. */
  rewoundAt: number;
  rowSeq: Column;
  step: Column;
  t: Column;
  tokens: Column;
  epoch: Column;
  metrics: Map<string, Metric>;
};

export type SeriesQuery = { names: readonly string[] | null; fromStep: number | null; toStep: number | null; points: number };

export const emptySeries = (): Series => ({
  seq: -1,
  rewoundAt: -1,
  rowSeq: emptyColumn(),
  step: emptyColumn(),
  t: emptyColumn(),
  tokens: emptyColumn(),
  epoch: emptyColumn(),
  metrics: new Map(),
});

/** Idempotent by `seq`, as the reducer of the row is. */
export function appendEvent(series: Series, event: TaskEvent): void {
  if (event.seq <= series.seq) return;
  series.seq = event.seq;
  if (event.type === "rewind") {
    series.rewoundAt = event.seq;
    cutAfter(series, event.toStep);
  }
  if (event.type !== "metric") return;
  const row = series.rowSeq.length;
  push(series.rowSeq, event.seq);
  push(series.step, event.step);
  push(series.t, event.t);
  push(series.tokens, event.tokens);
  push(series.epoch, event.epoch);
  for (const [name, value] of Object.entries(event.values)) appendValue(series, name, row, value);
}

/** Metric by metric, each with the points that there are when the first is asked for; null in between is a place for a pause. */
export function* readMetrics(series: Series, { names, ...query }: SeriesQuery): Generator<[string, SeriesPoints] | null> {
  const rows = series.rowSeq.length;
  for (const name of names ?? [...series.metrics.keys()]) {
    const metric = series.metrics.get(name);
    if (metric !== undefined) yield [name, yield* readMetric(series, metric, { ...query, rows })];
  }
}

/** The rows after an event; null where a rewind lies between, or where there are more than `maxRows`. */
export function rowsAfter(series: Series, seq: number, maxRows: number): MetricColumns | null {
  if (series.rewoundAt > seq) return null;
  const from = lowerBound(series.rowSeq.length, (row) => at(series.rowSeq, row) > seq);
  if (series.rowSeq.length - from > maxRows) return null;
  const columns: MetricColumns = {
    seq: valuesFrom(series.rowSeq, from),
    step: valuesFrom(series.step, from),
    t: valuesFrom(series.t, from),
    tokens: valuesFrom(series.tokens, from),
    epoch: valuesFrom(series.epoch, from),
    values: {},
  };
  for (const [name, metric] of series.metrics) {
    const start = lowerBound(metric.row.length, (i) => at(metric.row, i) >= from);
    if (start === metric.row.length) continue;
    const column: (MetricValue | null)[] = columns.seq.map(() => null);
    for (let i = start; i < metric.row.length; i++) column[at(metric.row, i) - from] = at(metric.value, i);
    for (const mark of metric.nonFinite) if (mark.row >= from) column[mark.row - from] = mark.value;
    columns.values[name] = column;
  }
  return columns;
}

/** Metric events as columns, for a batch; null when there are none. */
export function toColumns(events: readonly TaskEvent[]): MetricColumns | null {
  const series = emptySeries();
  for (const event of events) if (event.type === "metric") appendEvent(series, event);
  return series.rowSeq.length === 0 ? null : rowsAfter(series, -1, Number.POSITIVE_INFINITY);
}

function appendValue(series: Series, name: string, row: number, value: MetricValue): void {
  const metric = series.metrics.get(name) ?? { row: emptyColumn(), value: emptyColumn(), nonFinite: [] };
  series.metrics.set(name, metric);
  push(metric.row, row);
  push(metric.value, typeof value === "number" ? value : Number.NaN);
  if (typeof value !== "number") metric.nonFinite.push({ row, value });
}

function cutAfter(series: Series, step: number): void {
  const length = lowerBound(series.step.length, (row) => at(series.step, row) > step);
  for (const column of [series.rowSeq, series.step, series.t, series.tokens, series.epoch]) cut(column, length);
  for (const [name, metric] of series.metrics) {
    const kept = lowerBound(metric.row.length, (i) => at(metric.row, i) >= length);
    cut(metric.row, kept);
    cut(metric.value, kept);
    metric.nonFinite = metric.nonFinite.filter((mark) => mark.row < length);
    if (kept === 0) series.metrics.delete(name);
  }
}

type MetricQuery = Omit<SeriesQuery, "names"> & { rows: number };

function* readMetric(series: Series, metric: Metric, { fromStep, toStep, points, rows }: MetricQuery): Generator<null, SeriesPoints> {
  const stepAt = (i: number): number => at(series.step, at(metric.row, i));
  const total = lowerBound(metric.row.length, (i) => at(metric.row, i) >= rows);
  const from = fromStep === null ? 0 : lowerBound(total, (i) => stepAt(i) >= fromStep);
  const to = toStep === null ? total : lowerBound(total, (i) => stepAt(i) > toStep);
  const bucket = bucketFor(from, to, points);
  const answer: SeriesPoints = { bucket, step: [], t: [], tokens: [], mean: [], min: [], max: [], nonFinite: [], total };
  // Buckets are aligned to point 0, so that a growing curve keeps its drawn history as it was.
  let sincePause = 0;
  for (let start = from - (from % bucket); start < to; start += bucket) {
    addBucket(answer, series, metric, start, Math.min(start + bucket, total));
    sincePause += bucket;
    if (sincePause < POINTS_AT_ONCE) continue;
    sincePause = 0;
    yield null;
  }
  for (const { row, value } of metric.nonFinite) {
    if (row >= rows) break;
    const step = at(series.step, row);
    if (step >= (fromStep ?? Number.NEGATIVE_INFINITY) && step <= (toStep ?? Number.POSITIVE_INFINITY) && answer.nonFinite.length < points)
      answer.nonFinite.push({ step, value });
  }
  return answer;
}

/** The smallest power of two with which the aligned buckets that touch the window are at most `points`. */
function bucketFor(from: number, to: number, points: number): number {
  let bucket = 1;
  while (Math.ceil(to / bucket) - Math.floor(from / bucket) > points) bucket *= 2;
  return bucket;
}

/** A bucket stands at its last point, so that the newest bucket ends where the run is. */
function addBucket(answer: SeriesPoints, series: Series, metric: Metric, start: number, end: number): void {
  let sum = 0;
  let count = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i++) {
    const value = at(metric.value, i);
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const row = at(metric.row, end - 1);
  answer.step.push(at(series.step, row));
  answer.t.push(at(series.t, row));
  answer.tokens.push(at(series.tokens, row));
  answer.mean.push(count === 0 ? null : sum / count);
  answer.min.push(count === 0 ? null : min);
  answer.max.push(count === 0 ? null : max);
}

/** First index for which `holds` is true; the answers go from false to true. */
function lowerBound(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
