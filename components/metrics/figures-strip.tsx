"use client";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { seriesStoreOf } from "@/lib/client/series-store";
import { useFormat } from "@/lib/client/use-format";
import type { RunId } from "@/lib/contract/ids";
import type { Run } from "@/lib/contract/run";
import { formatLoss } from "@/lib/domain/format";
import { tokenRate } from "@/lib/domain/run-progress";
import { smoothCurve } from "@/lib/domain/series";

/** Five figures that say how the run is doing. */
export function FiguresStrip({ run, smoothing }: { run: Run; smoothing: number }) {
  const t = useTranslations("run");
  const format = useFormat();
  const { last, bestEval } = run;
  const rate = tokenRate(run);
  const [memory, memoryUnit] = splitUnit(run.rssBytes === null ? null : format.bytes(run.rssBytes));
  const scheduler = run.spec.kind === "train" ? run.spec.training.scheduler : "";
  const worse = last.eval_loss !== undefined && bestEval !== null && last.eval_loss > bestEval.loss;
  return (
    <dl className="mb-4 grid grid-cols-2 overflow-hidden rounded-lg border border-line bg-panel sm:grid-cols-3 lg:grid-cols-5 [&>div]:border-line [&>div]:border-r [&>div]:border-b [&>div]:-mr-px [&>div]:-mb-px">
      <Figure label={t("figure.trainingLoss")} note={smoothing > 0 ? t("charts.smoothed") : undefined}>
        <SmoothedLoss runId={run.id} smoothing={smoothing} fallback={last.loss} />
      </Figure>
      <Figure
        label={t("figure.validationLoss")}
        note={bestEval === null ? undefined : t("figure.best", { loss: formatLoss(bestEval.loss), step: format.count(bestEval.step) })}
        noteTone={worse ? "warning" : undefined}
      >
        {last.eval_loss === undefined ? "–" : formatLoss(last.eval_loss)}
      </Figure>
      <Figure label={t("figure.throughput")} note="tok/s">
        {rate === null ? "–" : format.count(Math.round(rate))}
      </Figure>
      <Figure label={t("figure.learningRate")} note={scheduler}>
        {last.learning_rate === undefined ? "–" : formatLoss(last.learning_rate)}
      </Figure>
      <Figure label={t("figure.memory")} note={memoryUnit} className="col-span-2 sm:col-span-1">
        {memory ?? "–"}
      </Figure>
    </dl>
  );
}

type FigureProps = { label: string; note?: string | undefined; noteTone?: "warning" | undefined; className?: string; children: ReactNode };

function Figure({ label, note, noteTone, className, children }: FigureProps) {
  return (
    <div className={cn("min-w-0 px-4 py-3.5", className)}>
      <dt className="truncate text-muted text-xs">{label}</dt>
      <dd className="flex flex-wrap items-baseline gap-x-1.5">
        <span className="font-semibold text-2xl text-strong leading-[34px] tracking-[-0.02em] tabular-nums" style={{ fontSize: 24 }}>
          {children}
        </span>
        {note && <span className={cn("truncate text-xs", noteTone === "warning" ? "text-warning" : "text-muted")}>{note}</span>}
      </dd>
    </div>
  );
}

/** Follows the curve itself, so it is written into the page without a render. */
function SmoothedLoss({ runId, smoothing, fallback }: { runId: RunId; smoothing: number; fallback: number | undefined }) {
  const node = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const store = seriesStoreOf(runId);
    const write = () => {
      const curve = store.curve("loss");
      if (curve === undefined || curve.length === 0 || node.current === null) return;
      const value = smoothCurve(curve, smoothing).findLast(Number.isFinite);
      if (value !== undefined) node.current.textContent = formatLoss(value);
    };
    write();
    return store.subscribe(write);
  }, [runId, smoothing]);
  return <span ref={node}>{fallback === undefined ? "–" : formatLoss(fallback)}</span>;
}

function splitUnit(text: string | null): [string | null, string | undefined] {
  const [value, unit] = (text ?? "").split(" ");
  return [value === "" || value === undefined ? null : value, unit];
}
