"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { EmptyState, ErrorState, LoadingState } from "@/components/layout/states";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { datasetViewQueries } from "@/lib/client/queries/dataset-view";
import { useFormat } from "@/lib/client/use-format";
import type { LengthReport } from "@/lib/contract/inspect";
import { nearestCutoff, suggestCutoff } from "@/lib/domain/lengths";
import { TaskProgress } from "../task-progress";
import { RenderControls } from "../tokens/render-controls";
import { useRenderSettings } from "../tokens/use-render-settings";
import { LengthsChart } from "./lengths-chart";

/** What each cutoff would cut, over all rows: counted by the code that trains, with the chosen model's tokenizer. */
export function LengthsPanel({ datasetId }: { datasetId: string }) {
  const t = useTranslations("dataset.lengths");
  const choice = useRenderSettings();
  if (choice.error) return <ErrorState error={choice.error} />;
  if (choice.models?.length === 0)
    return (
      <Card>
        <EmptyState title={t("noModel")} />
      </Card>
    );
  return (
    <Card title={t("title")} actions={<RenderControls choice={choice} cutoff={false} />}>
      {choice.model ? <Measured key={choice.model.id} datasetId={datasetId} modelId={choice.model.id} /> : <Waiting />}
    </Card>
  );
}

function Measured({ datasetId, modelId }: { datasetId: string; modelId: string }) {
  const t = useTranslations("dataset.lengths");
  const lengths = useQuery(datasetViewQueries.lengths(datasetId, modelId));
  if (lengths.isError) return <ErrorState error={lengths.error} onRetry={() => lengths.refetch()} />;
  if (!lengths.data) return <Waiting />;
  const { report, taskId } = lengths.data;
  if (report !== null) return <Lengths report={report} />;
  return taskId === null ? (
    <Waiting />
  ) : (
    <TaskProgress taskId={taskId} words={t("counting")} onDone={() => lengths.refetch()} onAgain={() => lengths.refetch()} />
  );
}

const Waiting = () => (
  <LoadingState>
    <Skeleton className="h-64" />
  </LoadingState>
);

function Lengths({ report }: { report: LengthReport }) {
  const t = useTranslations("dataset.lengths");
  const [wanted, setWanted] = useState(() => suggestCutoff(report) ?? 2048);
  const at = nearestCutoff(report.cutoffs, wanted);
  if (report.rows === 0 || at === null) return <EmptyState title={t("empty")} body={t("emptyBody", { count: report.refusedRows })} />;
  return (
    <>
      <LengthsChart report={report} cutoff={at.cutoff} onCutoff={setWanted} />
      <Figures report={report} at={at} />
      <Refusals refusals={report.refusals} />
    </>
  );
}

function Figures({ report, at }: { report: LengthReport; at: LengthReport["cutoffs"][number] }) {
  const t = useTranslations("dataset.lengths");
  const format = useFormat();
  const ofRows = (rows: number) => `${format.count(rows)} · ${format.percent(rows / report.rows)}`;
  const { percentiles: p } = report;
  const trainedShare = at.tokens === 0 ? 0 : at.trainedTokens / at.tokens;
  return (
    <dl className="mt-5 grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 xl:grid-cols-5">
      <Figure name={t("truncated", { cutoff: format.count(at.cutoff) })} value={ofRows(at.truncatedRows)} warn={at.truncatedRows > 0} />
      <Figure name={t("lostEnd")} value={ofRows(at.lostEndRows)} warn={at.lostEndRows > 0} help={t("lostEndHelp")} />
      <Figure name={t("untrained")} value={ofRows(at.untrainedRows)} warn={at.untrainedRows > 0} help={t("untrainedHelp")} />
      <Figure
        name={t("trainedShare")}
        value={format.percent(trainedShare)}
        warn={trainedShare < 0.05}
        help={t("trainedShareHelp", { trained: format.count(at.trainedTokens), total: format.count(at.tokens) })}
      />
      <Figure name={t("percentiles")} value={`${format.count(p.p50)} · ${format.count(p.p95)} · ${format.count(p.max)}`} />
      <Figure name={t("padding")} value={format.percent(at.paddingShare)} help={t("paddingHelp")} />
      <Figure name={t("paddingGrouped")} value={format.percent(at.groupedPaddingShare)} help={t("paddingGroupedHelp")} />
      <Figure name={t("packBestFit")} value={format.percent(at.packing.bestFit)} help={t("packBestFitHelp")} />
      <Figure name={t("packWrapped")} value={format.percent(at.packing.wrapped)} help={t("packWrappedHelp")} />
      <Figure name={t("rows")} value={format.count(report.rows)} />
    </dl>
  );
}

function Figure({ name, value, help, warn }: { name: string; value: string; help?: string; warn?: boolean }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted text-xs">{name}</dt>
      <dd className={`mt-0.5 font-semibold text-base tabular-nums ${warn ? "text-warning" : "text-strong"}`}>{value}</dd>
      {help && <dd className="mt-0.5 text-muted text-xs">{help}</dd>}
    </div>
  );
}

function Refusals({ refusals }: { refusals: LengthReport["refusals"] }) {
  const t = useTranslations("dataset.lengths");
  const tokens = useTranslations("dataset.tokens");
  const format = useFormat();
  const entries = Object.entries(refusals);
  if (entries.length === 0) return null;
  return (
    <div className="mt-5">
      <p className="text-sm text-strong">{t("refused")}</p>
      <p className="mt-1.5 flex flex-wrap gap-2">
        {entries.map(([code, count]) => (
          <Badge key={code} tone="warning">
            {tokens.has(`warning.${code}`) ? tokens(`warning.${code}`) : code} <b className="font-semibold">{format.count(count)}</b>
          </Badge>
        ))}
      </p>
    </div>
  );
}
