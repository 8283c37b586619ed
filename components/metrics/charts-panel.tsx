"use client";
import { useId, useState, useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { EmptyState, LoadingState } from "@/components/layout/states";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { seriesStoreOf } from "@/lib/client/series-store";
import type { Run } from "@/lib/contract/run";
import type { ChartChoices } from "./chart-choices";
import { MetricCard, metricLabel } from "./metric-card";
import { chartsOf } from "./metric-charts";

/** Every metric of the run, with what they have in common chosen once above them. */
export function ChartsPanel({ run, choices }: { run: Run; choices: ChartChoices }) {
  const t = useTranslations("run");
  const store = seriesStoreOf(run.id);
  const names = useSyncExternalStore(store.subscribe, store.names, store.names);
  const charts = chartsOf(names, (name) => metricLabel(t, name));
  // The run has points already: they are on their way.
  if (charts.length === 0 && run.step > 0) return <LoadingCharts />;
  if (charts.length === 0) return <EmptyState title={t("charts.empty")} body={t("charts.emptyBody")} />;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-x-5 gap-y-2 text-sm">
        <Segmented
          aria-label={t("charts.xAxis")}
          value={choices.axis}
          onValueChange={choices.setAxis}
          options={(["step", "time", "tokens"] as const).map((value) => ({ value, label: t(`charts.axis.${value}`) }))}
        />
        <SmoothingSlider value={choices.smoothing} onChange={choices.setSmoothing} />
        {choices.zoom !== null ? (
          <Button size="sm" onClick={() => choices.setZoom(null)}>
            {t("charts.resetZoom")}
          </Button>
        ) : (
          <span className="hidden text-muted text-xs md:inline">{t("charts.zoomHint")}</span>
        )}
      </div>
      <div className="grid gap-4 md:grid-cols-2 2xl:grid-cols-3">
        {charts.map((chart) => (
          <MetricCard key={chart.id} run={run} chart={chart} choices={choices} height={220} large={chart.id === "loss"} />
        ))}
      </div>
    </>
  );
}

function LoadingCharts() {
  return (
    <LoadingState className="grid gap-4 pt-12 md:grid-cols-2 2xl:grid-cols-3">
      {[0, 1, 2, 3].map((chart) => (
        <Skeleton key={chart} className="h-[284px]" />
      ))}
    </LoadingState>
  );
}

/** Moves freely while it is held; the address and the curves follow when it is let go. */
function SmoothingSlider({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  const t = useTranslations("run");
  const id = useId();
  const [held, setHeld] = useState<number | null>(null);
  const shown = held ?? value;
  const letGo = () => {
    if (held !== null && held !== value) onChange(held);
    setHeld(null);
  };
  return (
    <div className="flex items-center gap-2">
      <label htmlFor={id} className="text-muted">
        {t("charts.smoothing")}
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={0.99}
        step={0.01}
        value={shown}
        onChange={(event) => setHeld(Number(event.target.value))}
        onPointerUp={letGo}
        onKeyUp={letGo}
        onBlur={letGo}
        className="w-36 accent-iris"
      />
      <output htmlFor={id} className="w-8 text-strong tabular-nums">
        {shown.toFixed(2)}
      </output>
    </div>
  );
}
