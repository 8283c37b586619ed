"use client";
import { useMemo, useRef } from "react";
import { useTranslations } from "use-intl";
import { ChartCard } from "@/components/charts/chart-card";
import type { PlotMark, PlotView } from "@/components/charts/plot-data";
import { readSeriesCsv } from "@/lib/client/series-csv";
import { seriesStoreOf } from "@/lib/client/series-store";
import { useExactWindow } from "@/lib/client/use-exact-window";
import type { Run } from "@/lib/contract/run";
import { formatLoss } from "@/lib/domain/format";
import { isEnded } from "@/lib/domain/run-status";
import type { ChartChoices } from "./chart-choices";
import type { MetricChart } from "./metric-charts";

export type MetricCardProps = {
  run: Run;
  chart: MetricChart;
  choices: ChartChoices;
  height: number;
  /** With a box of names and values, checkpoints and the best evaluation. */
  large?: boolean;
};

export function MetricCard({ run, chart, choices, height, large = false }: MetricCardProps) {
  const t = useTranslations("run");
  const store = seriesStoreOf(run.id);
  const { axis, smoothing, zoom } = choices;
  const startedAt = run.startedAt ?? run.createdAt;
  const source = useExactWindow({ runId: run.id, store, zoom, axis, startedAt });
  // Room for what is to come; an ended run fills its charts.
  const endStep = isEnded(run.status) ? null : (run.plan?.totalSteps ?? null);
  const { checkpoints, bestEval } = run;
  const isLoss = chart.id === "loss";
  // A schedule has no noise: smoothed, it would show rates that were never used.
  const weight = chart.id === "learning_rate" ? 0 : smoothing;

  const view = useMemo<PlotView>(() => {
    const best: PlotMark[] =
      bestEval === null || !isLoss
        ? []
        : [{ step: bestEval.step, kind: "best", label: t("charts.best", { loss: formatLoss(bestEval.loss) }) }];
    const saved = checkpoints.map(({ step }): PlotMark => ({ step, kind: "checkpoint" }));
    return { axis, smoothing: weight, zoom, marks: large ? [...saved, ...best] : [], endStep, startedAt };
  }, [axis, weight, zoom, checkpoints, bestEval, isLoss, large, endStep, startedAt, t]);

  const title = metricTitle(t, chart.id);
  return (
    <ChartCard
      title={title}
      note={large ? t("charts.note", { weight, axis: t(`charts.axis.${axis}`) }) : undefined}
      series={chart.series}
      source={source}
      view={view}
      height={height}
      log={choices.log.includes(chart.id)}
      onLog={() => choices.toggleLog(chart.id)}
      syncKey={run.id}
      onZoom={choices.setZoom}
      onPaint={usePaintMark(run)}
      emptyNote={isEnded(run.status) ? t("charts.noPoints") : t("charts.firstPoint")}
      legend={large || chart.series.length > 1}
      readCsv={() =>
        readSeriesCsv(
          run.id,
          chart.series.map((one) => one.name),
        )
      }
      fileName={`${run.name}-${chart.id.replaceAll("/", "-")}`}
    />
  );
}

type Translate = ReturnType<typeof useTranslations<"run">>;

/** A metric of a recipe that we have no word for keeps its own name, written as words: `rewards/format_ok` is Rewards · format ok. */
export function metricTitle(t: Translate, name: string): string {
  if (t.has(`chartTitle.${name}`)) return t(`chartTitle.${name}`);
  const words = name.replaceAll("/", " · ").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function metricLabel(t: Translate, name: string): string {
  if (t.has(`metric.${name}`)) return t(`metric.${name}`);
  const judged = name.startsWith("eval_");
  if (name.endsWith("/chosen")) return t(judged ? "metricSide.evalChosen" : "metricSide.chosen");
  if (name.endsWith("/rejected")) return t(judged ? "metricSide.evalRejected" : "metricSide.rejected");
  return judged ? t("metric.eval_loss") : metricTitle(t, name);
}

/** Says when the newest event was painted: what bench/paint-latency measures. The marks are few and cheap. */
function usePaintMark(run: Run) {
  const painted = useRef(0);
  return () => {
    if (++painted.current % 256 === 0) performance.clearMarks("tb:paint");
    performance.mark("tb:paint", { detail: { runId: run.id, seq: seriesStoreOf(run.id).seq() } });
  };
}
