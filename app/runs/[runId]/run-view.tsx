"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { type ChartChoices, useChartChoices } from "@/components/metrics/chart-choices";
import { ChartsPanel } from "@/components/metrics/charts-panel";
import { FiguresStrip } from "@/components/metrics/figures-strip";
import { OverviewCharts } from "@/components/metrics/overview-charts";
import { CheckpointsTable } from "@/components/run/checkpoints-table";
import { DataCard } from "@/components/run/data-card";
import { RunBanners } from "@/components/run/run-banner";
import { RunHeader } from "@/components/run/run-header";
import { RunNotFound } from "@/components/run/run-not-found";
import { SummaryCard } from "@/components/run/summary-card";
import { Skeleton } from "@/components/ui/skeleton";
import { Tabs } from "@/components/ui/tabs";
import { runQueries } from "@/lib/client/queries/runs";
import { ApiError } from "@/lib/client/request";
import { useLiveRun } from "@/lib/client/use-live-run";
import type { RunId } from "@/lib/contract/ids";
import type { Run } from "@/lib/contract/run";
import { isEnded } from "@/lib/domain/run-status";

const LogPanel = dynamic(() => import("@/components/logs/log-panel").then((module) => module.LogPanel));
const FilesPanel = dynamic(() => import("@/components/run/files-panel").then((module) => module.FilesPanel));
const ConfigurationPanel = dynamic(() => import("@/components/run/configuration-panel").then((module) => module.ConfigurationPanel));

const tabs = ["overview", "charts", "log", "files", "configuration"] as const;
type Tab = (typeof tabs)[number];

/** The page of one run: header, what needs a person, and one panel at a time. */
export function RunView({ runId }: { runId: RunId }) {
  const live = useLiveRun(runId);
  const run = useQuery(runQueries.detail(runId));
  if (run.data !== undefined) return <LoadedRun run={run.data} reconnecting={live.name === "reconnecting"} />;
  if (run.error instanceof ApiError && run.error.status === 404) return <RunNotFound runId={runId} />;
  if (run.isError) return <ErrorState error={run.error} onRetry={() => void run.refetch()} />;
  return (
    <LoadingState>
      <Skeleton className="mb-4 h-8 w-1/2" />
      <Skeleton className="mb-4 h-6" />
      <Skeleton className="mb-4 h-20" />
      <Skeleton className="h-96" />
    </LoadingState>
  );
}

function LoadedRun({ run, reconnecting }: { run: Run; reconnecting: boolean }) {
  const t = useTranslations("run");
  const [tab, setTab] = useTab();
  const choices = useChartChoices();
  useEffect(() => {
    document.title = `${run.name} · Tuneboard`;
  }, [run.name]);
  return (
    <>
      <RunHeader run={run} reconnecting={reconnecting} smoothing={choices.smoothing} />
      <RunBanners run={run} />
      <Tabs
        className="mb-4"
        aria-label={t("tabs.label")}
        value={tab}
        onValueChange={setTab}
        items={tabs.map((value) => ({ value, label: t(`tabs.${value}`) }))}
      />
      <div role="tabpanel" aria-label={t(`tabs.${tab}`)}>
        <Panel run={run} tab={tab} choices={choices} />
      </div>
    </>
  );
}

function Panel({ run, tab, choices }: { run: Run; tab: Tab; choices: ChartChoices }) {
  switch (tab) {
    case "overview":
      return (
        <>
          {isEnded(run.status) && run.step > 0 && <SummaryCard run={run} />}
          <FiguresStrip run={run} smoothing={choices.smoothing} />
          <OverviewCharts run={run} choices={choices} />
          <CheckpointsTable run={run} />
          <DataCard run={run} className="mt-4" />
        </>
      );
    case "charts":
      return <ChartsPanel run={run} choices={choices} />;
    case "log":
      return <LogPanel runId={run.id} />;
    case "files":
      return <FilesPanel run={run} />;
    case "configuration":
      return (
        <>
          <ConfigurationPanel run={run} />
          <DataCard run={run} className="mt-4" />
        </>
      );
  }
}

function useTab(): [Tab, (tab: Tab) => void] {
  const router = useRouter();
  const path = usePathname();
  const search = useSearchParams();
  const tab = tabs.find((one) => one === search.get("tab")) ?? "overview";
  const setTab = (next: Tab) => {
    const query = new URLSearchParams(search);
    if (next === "overview") query.delete("tab");
    else query.set("tab", next);
    router.replace(`${path}?${query}`, { scroll: false });
  };
  return [tab, setTab];
}
