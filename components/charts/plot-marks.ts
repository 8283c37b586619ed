import type uPlot from "uplot";
import { indexAtStep, xOf } from "@/lib/domain/series";
import { faded, type PlotColors } from "./plot-colors";
import { type PlotMark, type PlotSeries, type PlotSource, type PlotView, valueColumn, xOfStep } from "./plot-data";

const MAX_MARKS = 200;
type Scene = { series: readonly PlotSeries[]; source: PlotSource; view: PlotView; colors: PlotColors };

/** What is drawn over the lines: checkpoints, the best evaluation, values that are not finite, and where the run is now. */
export function drawMarks(u: uPlot, scene: Scene): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top - 8 * devicePixelRatio, bbox.width + 6 * devicePixelRatio, bbox.height + 8 * devicePixelRatio);
  ctx.clip();
  for (const mark of scene.view.marks.slice(-MAX_MARKS)) drawMark(u, scene, mark);
  drawNonFinite(u, scene);
  drawNow(u, scene);
  ctx.restore();
}

function drawMark(u: uPlot, { series, source, view, colors }: Scene, mark: PlotMark): void {
  const x = xOfStep(series, source, view, mark.step);
  if (x === null) return;
  const left = Math.round(u.valToPos(x, "x", true)) + 0.5;
  const best = mark.kind === "best";
  line(u, left, { color: best ? colors.warning : faded(colors.muted, 0.4), dash: best ? [3, 3] : [1, 5] });
  if (mark.label === undefined) return;
  const { ctx, bbox } = u;
  ctx.font = scaledFont(colors.font);
  ctx.fillStyle = colors.warning;
  const width = ctx.measureText(mark.label).width;
  const gap = 6 * devicePixelRatio;
  const fits = left + gap + width < bbox.left + bbox.width;
  ctx.textAlign = fits ? "left" : "right";
  ctx.textBaseline = "top";
  // At the right the legend stands above it; at the bottom the curves do.
  const below = left > bbox.left + bbox.width * 0.6 ? 78 : 4;
  ctx.fillText(mark.label, fits ? left + gap : left - gap, bbox.top + below * devicePixelRatio);
}

function drawNonFinite(u: uPlot, { series, source, view, colors }: Scene): void {
  const size = 4 * devicePixelRatio;
  for (const one of series) {
    const curve = source.curve(one.name);
    if (curve === undefined) continue;
    for (const point of curve.nonFinite.slice(-MAX_MARKS)) {
      const index = Math.min(indexAtStep(curve, point.step), curve.length - 1);
      const left = u.valToPos(view.axis === "step" ? point.step : xOf(curve, index, view.axis, view.startedAt), "x", true);
      const { ctx, bbox } = u;
      ctx.fillStyle = colors.failed;
      ctx.beginPath();
      ctx.moveTo(left - size, bbox.top - size);
      ctx.lineTo(left + size, bbox.top - size);
      ctx.lineTo(left, bbox.top + size);
      ctx.fill();
    }
  }
}

/** A thin line and a dot at the newest point, while there is still room to the right of it. */
function drawNow(u: uPlot, { series, source, view, colors }: Scene): void {
  const first = series[0];
  const curve = first === undefined ? undefined : source.curve(first.name);
  if (curve === undefined || curve.length === 0) return;
  const lastStep = curve.step[curve.length - 1] ?? 0;
  if (view.endStep === null || lastStep >= view.endStep) return;
  const column = u.data[valueColumn(series, 0)] ?? [];
  const index = column.findLastIndex((value) => value !== null && value !== undefined);
  const value = column[index];
  const x = u.data[0][index];
  if (value === null || value === undefined || x === undefined) return;
  const left = u.valToPos(x, "x", true);
  if (left > u.bbox.left + u.bbox.width + 1) return;
  line(u, Math.round(left) + 0.5, { color: faded(colors.running, 0.5), dash: [] });
  u.ctx.fillStyle = colors.running;
  u.ctx.beginPath();
  u.ctx.arc(left, u.valToPos(value, "y", true), 3.5 * devicePixelRatio, 0, 2 * Math.PI);
  u.ctx.fill();
}

function line({ ctx, bbox }: uPlot, left: number, { color, dash }: { color: string; dash: number[] }): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash(dash.map((part) => part * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(left, bbox.top);
  ctx.lineTo(left, bbox.top + bbox.height);
  ctx.stroke();
  ctx.setLineDash([]);
}

export const scaledFont = (font: string): string => font.replace(/(\d+)px/, (_, size) => `${Number(size) * devicePixelRatio}px`);
