"use client";
import { type KeyboardEvent, type PointerEvent, useMemo, useRef } from "react";
import { useTranslations } from "use-intl";
import { useFormat } from "@/lib/client/use-format";
import type { LengthReport } from "@/lib/contract/inspect";
import { binLengths, type LengthBin, nearestCutoff } from "@/lib/domain/lengths";

const WIDTH = 1000;
const HEIGHT = 220;
const BINS = 72;

type LengthsChartProps = { report: LengthReport; cutoff: number; onCutoff: (cutoff: number) => void };

/** Rows by length, with the cutoff as a line that is dragged or moved by arrow keys, from one counted cutoff to the next. */
export function LengthsChart({ report, cutoff, onCutoff }: LengthsChartProps) {
  const t = useTranslations("dataset.lengths");
  const format = useFormat();
  const box = useRef<HTMLDivElement>(null);
  const bins = useMemo(() => binLengths(report, BINS), [report]);
  const cutoffs = useMemo(() => report.cutoffs.map((one) => one.cutoff).sort((a, b) => a - b), [report]);
  const axis = useMemo(() => lengthAxis(bins, cutoffs), [bins, cutoffs]);
  const most = Math.max(1, ...bins.map(({ rows }) => rows));

  const drag = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons === 0 || box.current === null) return;
    const { left, width } = box.current.getBoundingClientRect();
    const at = nearestCutoff(report.cutoffs, axis.lengthAt((event.clientX - left) / width));
    if (at) onCutoff(at.cutoff);
  };
  const step = (event: KeyboardEvent<HTMLElement>) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const next = by === undefined ? undefined : cutoffs[cutoffs.indexOf(cutoff) + by];
    if (by !== undefined) event.preventDefault();
    if (next !== undefined) onCutoff(next);
  };
  const share = axis.shareOf(cutoff);
  return (
    <div>
      <div
        ref={box}
        className="relative h-56 cursor-ew-resize touch-none select-none"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag(event);
        }}
        onPointerMove={drag}
      >
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="size-full" role="img" aria-label={t("chartLabel")}>
          {bins.map((bin) => (
            <Bar key={bin.from} bin={bin} most={most} axis={axis} cut={bin.from > cutoff} />
          ))}
          <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--line-strong)" vectorEffect="non-scaling-stroke" />
        </svg>
        <div
          role="slider"
          tabIndex={0}
          aria-label={t("cutoff")}
          aria-valuemin={cutoffs[0] ?? 0}
          aria-valuemax={cutoffs.at(-1) ?? 0}
          aria-valuenow={cutoff}
          onKeyDown={step}
          className="absolute inset-y-0 w-0.5 -translate-x-px bg-iris outline-offset-4 focus-visible:outline-2 focus-visible:outline-iris"
          style={{ left: `${share * 100}%` }}
        >
          <span
            className={`absolute top-0 whitespace-nowrap rounded-[5px] bg-iris px-1.5 py-0.5 font-medium text-on-iris text-xs tabular-nums ${share > 0.8 ? "right-1.5" : "left-1.5"}`}
          >
            {t("cutoffAt", { cutoff: format.count(cutoff) })}
          </span>
        </div>
      </div>
      <div className="relative mt-1 h-4 text-[11px] text-muted tabular-nums" aria-hidden>
        {axis.ticks.map((tick) => (
          <span key={tick} className="absolute -translate-x-1/2" style={{ left: `${axis.shareOf(tick) * 100}%` }}>
            {format.count(tick)}
          </span>
        ))}
      </div>
      <p className="mt-1 text-center text-muted text-xs">{t("axis")}</p>
    </div>
  );
}

type Axis = { shareOf(length: number): number; lengthAt(share: number): number; ticks: number[] };

function Bar({ bin, most, axis, cut }: { bin: LengthBin; most: number; axis: Axis; cut: boolean }) {
  const t = useTranslations("dataset.lengths");
  const x = axis.shareOf(bin.from) * WIDTH;
  const width = Math.max(1, axis.shareOf(bin.to) * WIDTH - x - 1);
  // One row among a million must still be seen.
  const height = bin.rows === 0 ? 0 : Math.max(2, (bin.rows / most) * (HEIGHT - 12));
  return (
    <rect x={x} y={HEIGHT - height} width={width} height={height} fill={cut ? "var(--warning)" : "var(--s1)"} opacity={cut ? 0.75 : 0.9}>
      <title>{t("bin", { from: bin.from, to: bin.to - 1, rows: bin.rows })}</title>
    </rect>
  );
}

/** Equal ratios are equal widths; every counted cutoff has a place on it. */
function lengthAxis(bins: readonly LengthBin[], cutoffs: readonly number[]): Axis {
  const low = Math.log2(Math.max(1, Math.min(bins[0]?.from ?? 1, cutoffs[0] ?? 1)));
  const high = Math.log2(Math.max(2, bins.at(-1)?.to ?? 2, (cutoffs.at(-1) ?? 2) * 1.05));
  const span = Math.max(high - low, 0.1);
  const every = Math.max(1, Math.ceil(span / 9));
  const first = Math.ceil(low / every) * every;
  const powers = Array.from({ length: Math.floor((high - first) / every) + 1 }, (_, index) => 2 ** (first + index * every));
  return {
    shareOf: (length) => Math.min(1, Math.max(0, (Math.log2(Math.max(1, length)) - low) / span)),
    lengthAt: (share) => 2 ** (low + share * span),
    ticks: powers,
  };
}
