"use client";
import { type ReactNode, useCallback } from "react";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { useFormat } from "@/lib/client/use-format";
import { type LastValue, useLastValue } from "@/lib/client/use-last-value";
import type { Run } from "@/lib/contract/run";
import { formatLoss } from "@/lib/domain/format";
import { tokenRate } from "@/lib/domain/run-progress";

/** Five figures that say how the run is doing. */
export function FiguresStrip({ run, smoothing }: { run: Run; smoothing: number }) {
  const t = useTranslations("run");
  const format = useFormat();
  const { last, bestEval } = run;
  const wholeCount = useCallback((value: number) => format.count(Math.round(value)), [format]);
  const [memory, memoryUnit] = splitUnit(run.rssBytes === null ? null : format.bytes(run.rssBytes));
  const scheduler = run.spec.kind === "train" ? run.spec.training.scheduler : "";
  const worse = last.eval_loss !== undefined && bestEval !== null && last.eval_loss > bestEval.loss;
  return (
    <dl className="mb-4 grid grid-cols-2 overflow-hidden rounded-lg border border-line bg-panel sm:grid-cols-3 lg:grid-cols-5 [&>div]:border-line [&>div]:border-r [&>div]:border-b [&>div]:-mr-px [&>div]:-mb-px">
      <Figure label={t("figure.trainingLoss")} note={smoothing > 0 ? t("charts.smoothed") : undefined}>
        <LastValueOf runId={run.id} name="loss" weight={smoothing} fallback={last.loss ?? null} format={formatLoss} />
      </Figure>
      <Figure
        label={t("figure.validationLoss")}
        note={bestEval === null ? undefined : t("figure.best", { loss: formatLoss(bestEval.loss), step: format.count(bestEval.step) })}
        noteTone={worse ? "warning" : undefined}
      >
        {last.eval_loss === undefined ? "–" : formatLoss(last.eval_loss)}
      </Figure>
      <Figure label={t("figure.throughput")} note={smoothing > 0 ? `tok/s · ${t("charts.smoothed")}` : "tok/s"}>
        <LastValueOf runId={run.id} name="tokens_per_second" weight={smoothing} fallback={tokenRate(run)} format={wholeCount} />
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

/** The figure of a chart beside the chart: the same number, by the same smoothing. */
function LastValueOf(value: LastValue) {
  return <span ref={useLastValue(value)} />;
}

function splitUnit(text: string | null): [string | null, string | undefined] {
  const [value, unit] = (text ?? "").split(" ");
  return [value === "" || value === undefined ? null : value, unit];
}
