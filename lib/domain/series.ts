import type { MetricValue } from "../contract/event";
import type { SeriesPoints } from "../contract/series";

/** One metric as the browser holds it: growing columns, of which the first `length` entries count. */
export type Curve = {
  length: number;
  step: Float64Array;
  /** Milliseconds since 1970. */
  t: Float64Array;
  tokens: Float64Array;
  /** NaN where the value was not finite: a gap in the line. */
  mean: Float64Array;
  min: Float64Array;
  max: Float64Array;
  /** The first `headLength` points came as buckets of `bucket` values each; the later ones are single values. */
  headLength: number;
  bucket: number;
  nonFinite: { step: number; value: MetricValue }[];
};

export type CurvePoint = { step: number; t: number; tokens: number; value: MetricValue };
export type XAxis = "step" | "time" | "tokens";

const columnNames = ["step", "t", "tokens", "mean", "min", "max"] as const;

export function emptyCurve(capacity = 256): Curve {
  const column = () => new Float64Array(capacity);
  return {
    length: 0,
    step: column(),
    t: column(),
    tokens: column(),
    mean: column(),
    min: column(),
    max: column(),
    headLength: 0,
    bucket: 1,
    nonFinite: [],
  };
}

export function curveFromPoints(points: SeriesPoints): Curve {
  const length = points.step.length;
  const curve = emptyCurve(Math.max(256, length * 2));
  for (let i = 0; i < length; i++) {
    curve.step[i] = points.step[i] ?? Number.NaN;
    curve.t[i] = points.t[i] ?? Number.NaN;
    curve.tokens[i] = points.tokens[i] ?? Number.NaN;
    curve.mean[i] = points.mean[i] ?? Number.NaN;
    curve.min[i] = points.min[i] ?? Number.NaN;
    curve.max[i] = points.max[i] ?? Number.NaN;
  }
  return { ...curve, length, headLength: points.bucket > 1 ? length : 0, bucket: points.bucket, nonFinite: [...points.nonFinite] };
}

/** Grows the columns in place by doubling, so that a long run costs no copy per point. */
export function appendPoint(curve: Curve, point: CurvePoint): void {
  if (curve.length === curve.step.length) growColumns(curve);
  const at = curve.length;
  const value = typeof point.value === "number" ? point.value : Number.NaN;
  curve.step[at] = point.step;
  curve.t[at] = point.t;
  curve.tokens[at] = point.tokens;
  curve.mean[at] = value;
  curve.min[at] = value;
  curve.max[at] = value;
  if (typeof point.value !== "number") curve.nonFinite.push({ step: point.step, value: point.value });
  curve.length = at + 1;
}

function growColumns(curve: Curve): void {
  for (const name of columnNames) {
    const grown = new Float64Array(Math.max(256, curve[name].length * 2));
    grown.set(curve[name]);
    curve[name] = grown;
  }
}

/** A run that goes on from a checkpoint repeats the steps after it: their old points are dropped. */
export function dropAfterStep(curve: Curve, toStep: number): void {
  let length = curve.length;
  while (length > 0 && (curve.step[length - 1] ?? 0) > toStep) length--;
  curve.length = length;
  curve.headLength = Math.min(curve.headLength, length);
  curve.nonFinite = curve.nonFinite.filter((point) => point.step <= toStep);
}

/**
 * TensorBoard's debiased moving average. A value that is not finite passes through and does not disturb the average.
 * A bucket of n values counts as n equal values, so that the line keeps its shape where a snapshot ends and live points begin.
 */
export function smoothCurve(curve: Pick<Curve, "mean" | "length" | "headLength" | "bucket">, weight: number): Float64Array {
  const { mean, length } = curve;
  const out = new Float64Array(length);
  if (weight <= 0 || isConstant(mean, length)) {
    out.set(mean.subarray(0, length));
    return out;
  }
  let last = 0;
  let remaining = 1;
  for (let i = 0; i < length; i++) {
    const value = mean[i] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      out[i] = value;
      continue;
    }
    const decay = i < curve.headLength ? weight ** curve.bucket : weight;
    last = last * decay + (1 - decay) * value;
    remaining *= decay;
    out[i] = last / (1 - remaining);
  }
  return out;
}

function isConstant(values: Float64Array, length: number): boolean {
  for (let i = 1; i < length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** Where a point lies on the chosen axis: its step, seconds since the first point, or tokens seen. */
export function xOf(curve: Curve, index: number, axis: XAxis, startedAt: number): number {
  if (axis === "step") return curve.step[index] ?? 0;
  if (axis === "tokens") return curve.tokens[index] ?? 0;
  return ((curve.t[index] ?? startedAt) - startedAt) / 1000;
}

/** Index of the first point whose step is not below `step`; `curve.length` when there is none. */
export function indexAtStep(curve: Curve, step: number): number {
  let low = 0;
  let high = curve.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((curve.step[middle] ?? 0) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

export type DrawnCurve = {
  x: number[];
  mean: (number | null)[];
  smooth: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
};
export type DrawOptions = { axis: XAxis; startedAt: number; weight: number; maxPoints: number; from?: number; to?: number };

/**
 * At most about `maxPoints` points of the window (one more on each side, so that the line runs out of the picture).
 * Buckets are powers of two and aligned to point 0: history keeps its shape while the run grows.
 */
export function drawCurve(curve: Curve, { axis, startedAt, weight, maxPoints, from, to }: DrawOptions): DrawnCurve {
  const smooth = smoothCurve(curve, weight);
  const first = from === undefined ? 0 : Math.max(0, firstIndexAtX(curve, from, axis, startedAt) - 1);
  const last = to === undefined ? curve.length : Math.min(curve.length, firstIndexAtX(curve, to, axis, startedAt) + 2);
  const size = bucketSize(last - first, maxPoints);
  const drawn: DrawnCurve = { x: [], mean: [], smooth: [], low: [], high: [] };
  for (let start = first - (first % size); start < last; start += size) {
    const end = Math.min(curve.length, start + size);
    pushBucket(drawn, { curve, smooth, start, end, x: xOf(curve, end - 1, axis, startedAt) });
  }
  return drawn;
}

function pushBucket(
  drawn: DrawnCurve,
  { curve, smooth, start, end, x }: { curve: Curve; smooth: Float64Array; start: number; end: number; x: number },
): void {
  let sum = 0;
  let count = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let lastSmooth: number | null = null;
  for (let i = start; i < end; i++) {
    const value = curve.mean[i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
    low = Math.min(low, curve.min[i] ?? value);
    high = Math.max(high, curve.max[i] ?? value);
    lastSmooth = smooth[i] ?? null;
  }
  drawn.x.push(x);
  drawn.mean.push(count === 0 ? null : sum / count);
  drawn.smooth.push(lastSmooth);
  drawn.low.push(count === 0 ? null : low);
  drawn.high.push(count === 0 ? null : high);
}

function firstIndexAtX(curve: Curve, x: number, axis: XAxis, startedAt: number): number {
  let low = 0;
  let high = curve.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xOf(curve, middle, axis, startedAt) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The smallest power of two that brings `count` points down to `maxPoints`. */
export function bucketSize(count: number, maxPoints: number): number {
  let size = 1;
  while (count / size > maxPoints) size *= 2;
  return size;
}

export type Table = { x: number[]; columns: (number | null)[][] };

/**
 * Several tables with their own x (sorted) on one x. `undefined` means "not of this table" (the line goes on),
 * `null` a real gap.
 */
export function joinTables(tables: Table[]): { x: number[]; columns: (number | null | undefined)[][] } {
  const only = tables[0];
  if (tables.length === 1 && only !== undefined) return only;
  const x: number[] = [];
  const at = tables.map(() => 0);
  const columns: (number | null | undefined)[][] = tables.flatMap((table) => table.columns.map(() => []));
  for (;;) {
    const next = Math.min(...tables.map((table, i) => table.x[at[i] ?? 0] ?? Number.POSITIVE_INFINITY));
    if (next === Number.POSITIVE_INFINITY) return { x, columns };
    x.push(next);
    let column = 0;
    tables.forEach((table, i) => {
      const index = at[i] ?? 0;
      const has = table.x[index] === next;
      for (const values of table.columns) columns[column++]?.push(has ? values[index] : undefined);
      if (has) at[i] = index + 1;
    });
  }
}

/** A y-range that ends on round numbers, so that the axis stands still while points come in. */
export function niceRange(low: number, high: number, log: boolean): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return log ? [0.1, 1] : [0, 1];
  if (log) return niceLogRange(low, high);
  if (low === high) {
    const pad = Math.abs(low) * 0.1 || 0.5;
    return niceRange(low - pad, high + pad, false);
  }
  const unit = niceUnit((high - low) / 8);
  const bottom = Math.floor(low / unit + 1e-9) * unit;
  const top = Math.ceil(high / unit - 1e-9) * unit;
  // A quantity that is never negative gets its zero when the zero is near anyway.
  return [low >= 0 && bottom < (high - low) * 0.3 ? 0 : bottom, top];
}

/** Round numbers inside [low, high], at most `most` of them. */
export function niceTicks([low, high]: readonly [number, number], most: number): number[] {
  if (!Number.isFinite(low) || !Number.isFinite(high) || high <= low) return [];
  const unit = niceUnit((high - low) / (most - 1));
  const first = Math.ceil(low / unit - 1e-9);
  const count = Math.floor(high / unit + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * unit).toPrecision(12)));
}

function niceLogRange(low: number, high: number): [number, number] {
  if (high <= 0) return [0.1, 1];
  const bottom = low > 0 ? low : high / 1000;
  const step = (value: number, round: (v: number) => number) => {
    const decade = 10 ** Math.floor(Math.log10(value));
    return round((value / decade) * 2) * decade * 0.5;
  };
  const floor = step(bottom, Math.floor);
  const ceil = step(high, Math.ceil);
  return floor === ceil ? [floor / 2, ceil * 2] : [floor, ceil];
}

function niceUnit(rough: number): number {
  const decade = 10 ** Math.floor(Math.log10(rough));
  const fraction = rough / decade;
  return (fraction <= 1 ? 1 : fraction <= 2 ? 2 : fraction <= 5 ? 5 : 10) * decade;
}
