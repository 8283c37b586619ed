import uPlot from "uplot";
import { niceRange } from "@/lib/domain/series";
import { faded, type PlotColors, readColors } from "./plot-colors";
import {
  extremes,
  type PlotSeries,
  type PlotSource,
  type PlotView,
  plotColumns,
  SMOOTH_COLUMN,
  valueColumn,
  xRange,
  type Zoom,
} from "./plot-data";
import { drawMarks } from "./plot-marks";

/** `empty`: no point has come yet. */
export type PlotReading = { x: number | null; values: (number | null)[]; empty: boolean };
export type PlotSetup = {
  series: readonly PlotSeries[];
  source: PlotSource;
  view: PlotView;
  log: boolean;
  height: number;
  /** Charts with the same key share their cursor. */
  syncKey: string;
  formatX: (value: number) => string;
  formatY: (value: number) => string;
  onZoom: (zoom: Zoom) => void;
  /** Values under the cursor, or the newest ones. Called outside React. */
  onReading: (reading: PlotReading) => void;
  onPaint?: (() => void) | undefined;
};
export type LivePlot = ReturnType<typeof createLivePlot>;

/** One uPlot in `node`, fed from the source and redrawn at most once a frame; React only makes and ends it. */
export function createLivePlot(node: HTMLElement, setup: PlotSetup) {
  const { series, source, log } = setup;
  let view = setup.view;
  let colors = readColors(node);
  let visible = true;
  let data = plotColumns(series, source, view, pointsFor(node));
  let range = xRange(series, source, view);

  const isEmpty = () => data[0].length === 0;
  const plot = new uPlot(
    {
      width: Math.max(node.clientWidth, 60),
      height: setup.height,
      padding: [10, 18, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false },
        sync: { key: setup.syncKey, scales: ["x", null], filters: { pub: isCursorMove, sub: isCursorMove } },
        points: { size: (_, index) => (isValueColumn(series, index) ? 7 : 0) },
        bind: { dblclick: () => () => resetZoom(setup.onZoom) },
      },
      scales: {
        x: { time: false, range: () => range },
        y: { distr: log ? 3 : 1, range: () => niceRange(...extremes(data, range[0], range[1], log), log) },
      },
      axes: [
        {
          ...axisStyle(() => colors),
          grid: { show: false },
          size: 26,
          gap: 8,
          space: 70,
          incrs: () => (view.axis === "time" ? clockSteps : countSteps),
          // Without a point and without a plan the range is made up, so it has no words.
          values: (_, ticks) => ticks.map((tick) => (isEmpty() && view.endStep === null ? "" : setup.formatX(tick))),
        },
        {
          ...axisStyle(() => colors),
          grid: { stroke: () => colors.line, width: 1 },
          gap: 8,
          space: setup.height < 160 ? 24 : 36,
          size: (_, labels) => 14 + 6.4 * Math.max(3, ...(labels ?? []).map((label) => label.length)),
          values: (_, ticks) => ticks.map((tick) => (tick === null || isEmpty() ? "" : setup.formatY(tick))),
        },
      ],
      series: [
        {},
        ...series.flatMap((one) =>
          seriesLines(
            one,
            () => colors,
            () => view.smoothing > 0,
          ),
        ),
      ],
      bands: series.flatMap((one, i) =>
        one.kind === "dots" ? [] : [{ series: bandOf(series, i), fill: () => faded(colors.of(one.color), 0.13) }],
      ),
      hooks: {
        setSelect: [(u) => takeZoom(u, setup.onZoom)],
        setCursor: [tell],
        draw: [
          (u) => {
            drawMarks(u, { series, source, view, colors });
            setup.onPaint?.();
          },
        ],
      },
    },
    data,
    node,
  );

  function tell({ cursor }: uPlot) {
    const at = cursor.idxs;
    const hovered = cursor.left !== undefined && cursor.left >= 0;
    const index = cursor.idx;
    setup.onReading({
      empty: isEmpty(),
      x: hovered && typeof index === "number" ? (data[0][index] ?? null) : null,
      values: series.map((_, i) => {
        const column = valueColumn(series, i);
        const hoveredIndex = hovered ? at?.[column] : undefined;
        return (typeof hoveredIndex === "number" ? data[column]?.[hoveredIndex] : newest(data[column])) ?? null;
      }),
    });
  }

  const redraw = () => {
    // The first points are drawn even out of sight: a chart that is scrolled to must never look empty.
    if (!visible && !isEmpty()) return;
    data = plotColumns(series, source, view, pointsFor(node));
    range = xRange(series, source, view);
    plot.setData(data, true);
    tell(plot);
  };

  const stopListening = source.subscribe(redraw);
  const resizes = new ResizeObserver(() => {
    if (node.clientWidth > 0 && node.clientWidth !== plot.width) plot.setSize({ width: node.clientWidth, height: setup.height });
  });
  resizes.observe(node);
  const sight = new IntersectionObserver((entries) => {
    const wasVisible = visible;
    // On a busy page several looks come at once; the last one is the present.
    visible = entries.at(-1)?.isIntersecting ?? true;
    if (visible && !wasVisible) redraw();
  }, nearby);
  sight.observe(node);
  const themes = new MutationObserver(() => {
    colors = readColors(node);
    plot.redraw(false);
  });
  themes.observe(document.documentElement, { attributeFilter: ["data-theme", "class"] });
  tell(plot);

  return {
    set(next: PlotView): void {
      view = next;
      redraw();
    },
    canvas: (): HTMLCanvasElement => plot.ctx.canvas,
    colors: () => colors,
    destroy(): void {
      stopListening();
      resizes.disconnect();
      sight.disconnect();
      themes.disconnect();
      plot.destroy();
    },
  };
}

/** A chart is drawn a little before it scrolls into sight. */
const nearby = { rootMargin: "300px" };

/** Distances between ticks: whole seconds, minutes and hours of a clock; 1, 2, 5 times a power of ten for steps and tokens. */
const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];
const countSteps = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/** Two points for each pixel show everything that a screen can. */
const pointsFor = (node: HTMLElement) => Math.max(200, Math.round(node.clientWidth) * 2);

const isCursorMove = (type: string) => type === "mousemove" || type === "mouseleave";

const axisStyle = (colors: () => PlotColors): uPlot.Axis => ({
  stroke: () => colors().muted,
  font: colors().font,
  ticks: { show: false },
  border: { show: false },
});

function seriesLines(series: PlotSeries, colors: () => PlotColors, smoothed: () => boolean): uPlot.Series[] {
  const color = () => colors().of(series.color);
  if (series.kind === "dots")
    return [{ stroke: color, width: 2, spanGaps: true, points: { show: true, size: 5, fill: color, stroke: color, width: 0 } }];
  const hidden: uPlot.Series = { width: 0, points: { show: false } };
  const single = (u: uPlot, index: number) => (u.data[index]?.length ?? 0) < 2;
  return [
    hidden,
    hidden,
    { stroke: () => (smoothed() ? faded(color(), 0.28) : "transparent"), width: 1, points: { show: false } },
    { stroke: color, width: 1.75, points: { show: single, size: 5, fill: color, stroke: color } },
  ];
}

function bandOf(series: readonly PlotSeries[], index: number): [number, number] {
  const first = valueColumn(series, index) - SMOOTH_COLUMN;
  return [first + 1, first];
}

function isValueColumn(series: readonly PlotSeries[], column: number): boolean {
  return series.some((_, i) => valueColumn(series, i) === column);
}

function takeZoom(u: uPlot, onZoom: (zoom: Zoom) => void): void {
  const { left, width } = u.select;
  if (width < 4) return;
  onZoom({ from: u.posToVal(left, "x"), to: u.posToVal(left + width, "x") });
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

function resetZoom(onZoom: (zoom: Zoom) => void): null {
  onZoom(null);
  return null;
}

function newest(values: readonly (number | null | undefined)[] | undefined): number | null {
  if (values === undefined) return null;
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}
