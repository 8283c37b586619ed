"use client";
import Link from "next/link";
import { useMemo, useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { CalmLine } from "@/components/charts/calm-line";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { type SeriesStore, seriesStoreOf } from "@/lib/client/series-store";
import { useFormat } from "@/lib/client/use-format";
import type { Run } from "@/lib/contract/run";
import { recommendedCheckpoint } from "@/lib/domain/best-checkpoint";
import { canSpeak, chatTargetKey } from "@/lib/domain/chat-target";
import { formatLoss } from "@/lib/domain/format";
import { drawCurve } from "@/lib/domain/series";

/** What came out of a run that has ended, and where to go from here. */
export function SummaryCard({ run }: { run: Run }) {
  const t = useTranslations("run");
  const format = useFormat();
  const checkpoint = recommendedCheckpoint(run);
  const peak = peakMemory(run);
  const processes = run.plan?.processes ?? 1;
  const devices = processes === 1 ? [] : [t("summary.processes", { count: processes })];
  const facts: [string, string | null][] = [
    [t("summary.duration"), run.startedAt === null || run.endedAt === null ? null : format.duration((run.endedAt - run.startedAt) / 1000)],
    [t("summary.steps"), run.plan === null ? null : `${format.count(run.step)} / ${format.count(run.plan.totalSteps)}`],
    [t("summary.tokens"), run.tokens > 0 ? format.count(run.tokens) : null],
    [t("summary.finalLoss"), run.last.loss === undefined ? null : formatLoss(run.last.loss)],
    [
      t("summary.bestEval"),
      run.bestEval === null ? null : t("figure.best", { loss: formatLoss(run.bestEval.loss), step: format.count(run.bestEval.step) }),
    ],
    [t("summary.peakMemory"), peak === null ? null : format.bytes(peak)],
    [
      t("summary.trainable"),
      run.plan === null ? null : `${format.count(run.plan.trainableParameters)} / ${format.count(run.plan.totalParameters)}`,
    ],
    [t("summary.device"), run.plan === null ? null : [...devices, run.plan.deviceName, run.plan.precision].join(" · ")],
  ];
  return (
    <Card
      title={t(`summary.title.${run.status === "succeeded" ? "succeeded" : run.status === "stopped" ? "stopped" : "ended"}`)}
      className="mb-4"
    >
      <div className="grid gap-x-8 gap-y-4 md:grid-cols-[minmax(0,1fr)_minmax(0,340px)]">
        <div>
          <dl className="grid grid-cols-2 gap-x-6 gap-y-3 text-sm xl:grid-cols-4">
            {facts.map(([label, value]) =>
              value === null ? null : (
                <div key={label} className="min-w-0">
                  <dt className="text-muted text-xs">{label}</dt>
                  <dd className="truncate text-strong tabular-nums" title={value}>
                    {value}
                  </dd>
                </div>
              ),
            )}
          </dl>
          {checkpoint !== null && (
            <div className="mt-4 flex flex-wrap gap-2">
              {canSpeak(run) && (
                <>
                  <Button asChild variant="primary">
                    <Link href={`/chat?model=${encodeURIComponent(chatTargetKey({ type: "checkpoint", runId: run.id, checkpoint }))}`}>
                      {t("summary.chat", { name: checkpoint })}
                    </Link>
                  </Button>
                  <Button asChild>
                    <Link href={`/exports?run=${run.id}&checkpoint=${checkpoint}`}>{t("summary.export")}</Link>
                  </Button>
                </>
              )}
              <Button asChild variant="ghost">
                <Link href={`/launch?from=${run.id}`}>{t("runAgain")}</Link>
              </Button>
            </div>
          )}
        </div>
        <LossOverview run={run} />
      </div>
    </Card>
  );
}

/** The whole way down in one small picture that does not move any more. */
function LossOverview({ run }: { run: Run }) {
  const t = useTranslations("run");
  const store = seriesStoreOf(run.id);
  const seq = useSyncExternalStore(store.subscribe, store.seq, store.seq);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `seq` says when the store's contents are others
  const curves = useMemo(() => ({ loss: pointsOf(store, "loss"), validation: pointsOf(store, "eval_loss") }), [store, seq]);
  if (curves.loss.length < 2) return null;
  const others = curves.validation.length > 0 ? [{ label: t("metric.eval_loss"), color: "--s2", points: curves.validation }] : [];
  return (
    <CalmLine
      label={t("summary.overview")}
      height={128}
      color="--s1"
      points={curves.loss}
      yLabel={t("metric.loss")}
      xLabel={t("step")}
      others={others}
    />
  );
}

/** As it was logged: the figures beside it are not smoothed either. */
function pointsOf(store: SeriesStore, name: string): { x: number; y: number }[] {
  const curve = store.curve(name);
  if (curve === undefined) return [];
  const drawn = drawCurve(curve, { axis: "step", startedAt: 0, weight: 0, maxPoints: 120 });
  return drawn.x.flatMap((x, i) => {
    const y = drawn.mean[i];
    return y === null || y === undefined ? [] : [{ x, y }];
  });
}

/** The worker's own word at its end, else the last heartbeat. */
function peakMemory(run: Run): number | null {
  for (const name of ["peak_device_bytes", "peak_memory_bytes", "peak_rss_bytes"]) {
    const value = run.summary?.[name];
    if (typeof value === "number") return value;
  }
  return run.rssBytes;
}
