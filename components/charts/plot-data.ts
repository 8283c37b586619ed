import { type Curve, type DrawnCurve, drawCurve, indexAtStep, joinTables, type Table, type XAxis, xOf } from "@/lib/domain/series";

export type PlotSeries = {
  /** Name of the metric. */
  name: string;
  label: string;
  /** CSS variable such as --s1. */
  color: string;
  /** curve: raw faint, smoothed strong, extremes as a band; dots: few values, each of which counts. */
  kind: "curve" | "dots";
};
export type PlotMark = { step: number; kind: "checkpoint" | "best"; label?: string };
export type PlotSource = { curve: (name: string) => Curve | undefined; subscribe: (listener: () => void) => () => void };
export type Zoom = { from: number; to: number } | null;

export type PlotView = {
  axis: XAxis;
  smoothing: number;
  zoom: Zoom;
  marks: PlotMark[];
  /** The last step of the plan, on the step axis: what is to come is seen as room. */
  endStep: number | null;
  startedAt: number;
};

/** Columns of a "curve": low, high, mean, smooth; of "dots": the value. */
export const CURVE_COLUMNS = 4;
export const SMOOTH_COLUMN = 3;

/** Index in uPlot's data of the line that a reader takes the value from. Column 0 is x. */
export function valueColumn(series: readonly PlotSeries[], index: number): number {
  const before = series.slice(0, index).reduce((sum, one) => sum + (one.kind === "curve" ? CURVE_COLUMNS : 1), 1);
  return series[index]?.kind === "curve" ? before + SMOOTH_COLUMN : before;
}

type PlotColumns = [x: number[], ...columns: (number | null | undefined)[][]];

export function plotColumns(series: readonly PlotSeries[], source: PlotSource, view: PlotView, maxPoints: number): PlotColumns {
  const tables = series.map((one): Table => {
    const curve = source.curve(one.name);
    const drawn = curve === undefined ? nothing : drawCurve(curve, { ...view, weight: view.smoothing, maxPoints, ...(view.zoom ?? {}) });
    const columns = one.kind === "curve" ? [drawn.low, drawn.high, drawn.mean, drawn.smooth] : [drawn.mean];
    return { x: drawn.x, columns };
  });
  const joined = joinTables(tables);
  return [joined.x, ...joined.columns];
}
const nothing: DrawnCurve = { x: [], mean: [], smooth: [], low: [], high: [] };

export function xRange(series: readonly PlotSeries[], source: PlotSource, view: PlotView): [number, number] {
  if (view.zoom !== null) return [view.zoom.from, view.zoom.to];
  const ends = series.map((one) => {
    const curve = source.curve(one.name);
    return curve === undefined || curve.length === 0 ? 0 : xOf(curve, curve.length - 1, view.axis, view.startedAt);
  });
  const reached = Math.max(...ends);
  const end = view.axis === "step" && view.endStep !== null ? roomFor(reached, view.endStep) : reached;
  return [0, end > 0 ? end : 1];
}

/** The whole run once a good part is done; before, a half, a quarter … of it, so that the first steps are not a needle at the edge. */
function roomFor(reached: number, endStep: number): number {
  let end = Math.max(reached, endStep);
  while (reached > 0 && end / 2 >= reached * 1.25) end /= 2;
  return end;
}

/** Where a step lies on the chosen axis; null where no curve has reached it. */
export function xOfStep(series: readonly PlotSeries[], source: PlotSource, view: PlotView, step: number): number | null {
  if (view.axis === "step") return step;
  for (const one of series) {
    const curve = source.curve(one.name);
    const index = curve === undefined ? 0 : indexAtStep(curve, step);
    if (curve !== undefined && index < curve.length) return xOf(curve, index, view.axis, view.startedAt);
  }
  return null;
}

/** Least and greatest drawn value inside [from, to]; a log axis looks only at values above 0. */
export function extremes(columns: PlotColumns, from: number, to: number, log: boolean): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const [x, ...lines] = columns;
  for (const line of lines)
    for (let i = 0; i < x.length; i++) {
      const at = x[i] ?? 0;
      const value = line[i];
      if (at < from || at > to || value === null || value === undefined || (log && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return [low, high];
}
