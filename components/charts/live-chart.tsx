"use client";
import "uplot/dist/uPlot.min.css";
import { type RefObject, useEffect, useEffectEvent, useImperativeHandle, useRef } from "react";
import { cn } from "@/components/ui/cn";
import { formatReading, formatTick, formatX } from "./chart-format";
import type { LivePlot, PlotReading } from "./live-plot";
import type { PlotSeries, PlotSource, PlotView, Zoom } from "./plot-data";
import { type ChartImage, paintImage } from "./plot-image";

export type LiveChartHandle = { image: (title: string) => ChartImage | null };
export type LiveChartProps = {
  /** Says what is drawn to those who do not see it. */
  label: string;
  series: readonly PlotSeries[];
  source: PlotSource;
  view: PlotView;
  log?: boolean;
  height: number;
  syncKey: string;
  onZoom: (zoom: Zoom) => void;
  onPaint?: () => void;
  /** The box with a name and a value for each line; a single line shows its value only. */
  legend?: boolean;
  /** Stands in the middle until the first point has come. */
  emptyNote: string;
  handle?: RefObject<LiveChartHandle | null>;
  className?: string;
};

/** Curves that move while a run is on. React makes the box; points are drawn without a render. */
export function LiveChart({
  label,
  series,
  source,
  view,
  log = false,
  height,
  syncKey,
  onZoom,
  onPaint,
  legend,
  emptyNote,
  handle,
  className,
}: LiveChartProps) {
  const node = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDListElement>(null);
  const note = useRef<HTMLParagraphElement>(null);
  const plot = useRef<LivePlot | null>(null);

  const showReading = useEffectEvent((reading: PlotReading) => {
    if (note.current !== null) note.current.hidden = !reading.empty;
    if (box.current !== null) box.current.hidden = reading.empty;
    writeReading(box.current, reading, view.axis);
  });
  const zoomTo = useEffectEvent(onZoom);
  const painted = useEffectEvent(() => onPaint?.());
  const currentView = useEffectEvent(() => view);
  const formatAxis = useEffectEvent((value: number) => formatX(value, view.axis));
  const shape = series.map((one) => `${one.name}:${one.label}:${one.color}:${one.kind}`).join("|");

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for `series`, whose identity may change at each render
  useEffect(() => {
    let ended = false;
    import("./live-plot").then(({ createLivePlot }) => {
      if (ended || node.current === null) return;
      plot.current = createLivePlot(node.current, {
        series,
        source,
        view: currentView(),
        log,
        height,
        syncKey,
        formatX: (value) => formatAxis(value),
        formatY: formatTick,
        onZoom: (zoom) => zoomTo(zoom),
        onReading: (reading) => showReading(reading),
        onPaint: () => painted(),
      });
    });
    return () => {
      ended = true;
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape, source, log, height, syncKey]);

  useEffect(() => plot.current?.set(view), [view]);
  useImperativeHandle(handle, () => ({
    image: (title) => (plot.current === null ? null : paintImage(plot.current, title, series)),
  }));

  return (
    <div className={cn("relative min-w-0", className)} style={{ height }}>
      <div ref={node} role="img" aria-label={label} className="absolute inset-0" />
      <p
        ref={note}
        hidden
        className="pointer-events-none absolute top-[38%] left-1/2 w-max max-w-[90%] -translate-x-1/2 bg-panel px-2 py-0.5 text-center text-muted text-xs"
      >
        {emptyNote}
      </p>
      <dl
        ref={box}
        hidden
        className={cn(
          "pointer-events-none absolute top-3 right-3 grid [&[hidden]]:hidden grid-cols-[auto_1fr_auto] items-center gap-x-2 gap-y-1 rounded-md bg-[color-mix(in_oklab,var(--raised)_88%,transparent)] text-xs tabular-nums",
          legend ? "min-w-36 border border-line px-3 py-2" : "px-1",
        )}
      >
        {series.map((one) => (
          <div key={one.name} className="contents">
            <dt className="contents">
              {legend && <span aria-hidden className="h-0.5 w-4 rounded-full" style={{ background: `var(${one.color})` }} />}
              <span className={legend ? "text-muted" : "sr-only"}>{one.label}</span>
            </dt>
            <dd data-value className={cn("text-right text-strong", !legend && "col-span-2")} />
          </div>
        ))}
        <div className="contents">
          <dt className="sr-only">x</dt>
          <dd data-x hidden className="col-span-3 text-right text-muted" />
        </div>
      </dl>
    </div>
  );
}

/** Twenty times a second at most; text is written straight into the page so that nothing else renders. */
function writeReading(box: HTMLElement | null, reading: PlotReading, axis: PlotView["axis"]): void {
  if (box === null) return;
  box.querySelectorAll("[data-value]").forEach((cell, i) => {
    const value = reading.values[i];
    const text = value === null || value === undefined ? "–" : formatReading(value);
    if (cell.textContent !== text) cell.textContent = text;
  });
  const at = box.querySelector<HTMLElement>("[data-x]");
  if (at === null) return;
  at.hidden = reading.x === null;
  if (reading.x !== null) at.textContent = `${axisUnit[axis]}${formatX(reading.x, axis)}`;
}
const axisUnit: Record<PlotView["axis"], string> = { step: "# ", time: "", tokens: "" };
