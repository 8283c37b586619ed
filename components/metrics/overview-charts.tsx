"use client";
import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { seriesStoreOf } from "@/lib/client/series-store";
import type { Run } from "@/lib/contract/run";
import type { ChartChoices } from "./chart-choices";
import { MetricCard, metricLabel } from "./metric-card";
import { seriesOf } from "./metric-charts";

/** Loss large, gradient norm (or the margin of judged answers) and throughput small beside it. */
export function OverviewCharts({ run, choices }: { run: Run; choices: ChartChoices }) {
  const t = useTranslations("run");
  const store = seriesStoreOf(run.id);
  const names = useSyncExternalStore(store.subscribe, store.names, store.names);
  const chart = (id: string) => ({ id, series: seriesOf(id, names, (name) => metricLabel(t, name)) });
  // What a training from judged answers is about says more than the length of its gradients.
  const telling = ["rewards/margins", "margin", "grad_norm"].find((name) => names.includes(name)) ?? "grad_norm";
  return (
    <div className="mb-4 grid gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <MetricCard run={run} chart={chart("loss")} choices={choices} height={322} large />
      <div className="grid min-w-0 content-between gap-4 sm:grid-cols-2 lg:grid-cols-1">
        <MetricCard run={run} chart={chart(telling)} choices={choices} height={118} />
        <MetricCard run={run} chart={chart("tokens_per_second")} choices={choices} height={118} />
      </div>
    </div>
  );
}
