import type { LivePlot } from "./live-plot";
import type { PlotSeries } from "./plot-data";
import { scaledFont } from "./plot-marks";

export type ChartImage = Promise<Blob>;

/** The chart as a picture that stands alone: background, title, legend, axes. */
export function paintImage(plot: LivePlot, title: string, series: readonly PlotSeries[]): ChartImage {
  const drawn = plot.canvas();
  const colors = plot.colors();
  const unit = devicePixelRatio;
  const canvas = document.createElement("canvas");
  const [side, top] = [16 * unit, 52 * unit];
  canvas.width = drawn.width + 2 * side;
  canvas.height = drawn.height + top + side;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser gives no canvas to paint the picture on.");
  context.fillStyle = colors.panel;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colors.strong;
  context.font = scaledFont(colors.titleFont);
  context.fillText(title, side, 26 * unit);
  context.font = scaledFont(colors.font);
  let left = side;
  for (const one of series) {
    context.fillStyle = colors.of(one.color);
    context.fillRect(left, 40 * unit, 14 * unit, 2 * unit);
    context.fillStyle = colors.muted;
    context.fillText(one.label, left + 20 * unit, 44 * unit);
    left += 36 * unit + context.measureText(one.label).width;
  }
  context.drawImage(drawn, side, top);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("The browser refused to encode the picture.")) : resolve(blob)), "image/png");
  });
}
