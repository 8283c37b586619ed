"use client";
import { useCallback } from "react";
import { useTranslations } from "use-intl";
import { StatusBadge } from "@/components/layout/status-badge";
import { Badge } from "@/components/ui/badge";
import { Progress, type ProgressProps } from "@/components/ui/progress";
import { useFormat } from "@/lib/client/use-format";
import { useLastValue } from "@/lib/client/use-last-value";
import type { Run, RunStatus } from "@/lib/contract/run";
import type { TrainSpec } from "@/lib/contract/train-spec";
import { dataLabel, dataNames } from "@/lib/domain/data-label";
import { runProgress, tokenRate } from "@/lib/domain/run-progress";
import { isActive, isEnded } from "@/lib/domain/run-status";
import { RunActions } from "./run-actions";
import { RunName } from "./run-name";
import { useNow } from "./use-now";

export type RunHeaderProps = { run: Run; reconnecting: boolean; smoothing: number };

export function RunHeader({ run, reconnecting, smoothing }: RunHeaderProps) {
  const t = useTranslations("run");
  return (
    <header className="mb-4 space-y-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="flex min-w-0 flex-1 basis-72 flex-wrap items-center gap-x-3 gap-y-1.5">
          <StatusBadge status={run.status} failureCode={run.failure?.code} queuePosition={run.queuePosition} />
          <RunName run={run} />
          <span className="flex min-w-0 flex-wrap items-center gap-1.5">
            <Badge title={t("model")}>{run.labels.model}</Badge>
            {run.labels.data !== null && <Badge title={`${t("data")}: ${dataNames(run.labels)}`}>{dataLabel(run.labels)}</Badge>}
            {run.spec.kind === "train" && run.spec.stage !== "sft" && (
              <Badge title={t("config.stage")}>{run.spec.stage.toUpperCase()}</Badge>
            )}
            {run.spec.kind === "train" && <MethodBadge spec={run.spec} />}
            {run.attempt > 1 && <Badge tone="iris">{t("attempt", { attempt: run.attempt })}</Badge>}
            {reconnecting && <Badge tone="warning">{t("reconnecting")}</Badge>}
          </span>
        </div>
        <RunActions run={run} />
      </div>
      <RunProgressLine run={run} smoothing={smoothing} />
    </header>
  );
}

function MethodBadge({ spec: { method, lora } }: { spec: TrainSpec }) {
  const t = useTranslations("run");
  if (lora === null) return <Badge>{t(method === "freeze" ? "freeze" : "full")}</Badge>;
  return <Badge>{t(method === "qlora" ? "qlora" : "lora", { rank: lora.rank })}</Badge>;
}

const barTone: Record<RunStatus, NonNullable<ProgressProps["tone"]>> = {
  draft: "neutral",
  queued: "neutral",
  starting: "running",
  running: "running",
  stopping: "warning",
  succeeded: "succeeded",
  failed: "failed",
  stopped: "warning",
  lost: "failed",
};

function RunProgressLine({ run, smoothing }: { run: Run; smoothing: number }) {
  const t = useTranslations("run");
  const format = useFormat();
  const progress = runProgress(run);
  // Before the first step of a new attempt the old speed says nothing.
  const training = run.status === "running" && (run.phase === null || run.phase.name === "training");
  const stepping = progress !== null && run.step > 0;
  if (!stepping) return <PhaseLine run={run} />;
  const strong = (chunk: React.ReactNode) => <b className="font-semibold text-strong">{chunk}</b>;
  return (
    <div className="flex flex-col gap-x-3 gap-y-1 text-sm sm:flex-row sm:items-center">
      <Progress
        value={progress.share}
        tone={barTone[run.status]}
        className="h-1.5 shrink-0 sm:flex-1 sm:shrink"
        aria-label={t("progress")}
      />
      <span className="whitespace-nowrap tabular-nums sm:text-right">
        {t.rich("steps", {
          step: format.count(progress.step),
          total: format.count(progress.total),
          share: format.percent(progress.share),
          strong,
        })}
        {progress.secondsLeft !== null && run.status === "running" && (
          <> · {t.rich("left", { time: format.duration(progress.secondsLeft), strong })}</>
        )}
        {training && <Rate run={run} smoothing={smoothing} />}
        {run.status === "running" && run.phase !== null && run.phase.name !== "training" && <> · {t(`phase.${run.phase.name}`)}</>}
      </span>
    </div>
  );
}

/** As the chart of the throughput shows it. */
function Rate({ run, smoothing }: { run: Run; smoothing: number }) {
  const format = useFormat();
  const say = useCallback((value: number) => format.rate(Math.round(value), "tok/s"), [format]);
  const node = useLastValue({ runId: run.id, name: "tokens_per_second", weight: smoothing, fallback: tokenRate(run), format: say });
  return (
    <span className="hidden sm:inline">
      {" · "}
      <span ref={node} />
    </span>
  );
}

/** Before the first step: what the worker is doing, in words, and for how long. */
function PhaseLine({ run }: { run: Run }) {
  const t = useTranslations("run");
  const format = useFormat();
  const now = useNow(isActive(run.status) || run.status === "queued");
  if (isEnded(run.status) || run.status === "draft") return null;
  const { phase } = run;
  const since = phase?.since ?? run.createdAt;
  const words =
    run.status === "queued" ? t("waiting", { place: run.queuePosition ?? 1 }) : phase === null ? t("startingUp") : t(`phase.${phase.name}`);
  const share = phase !== null && phase.done !== null && phase.total !== null && phase.total > 0 ? phase.done / phase.total : null;
  return (
    <div className="flex flex-col gap-x-3 gap-y-1 text-sm sm:flex-row sm:items-center">
      <Progress value={run.status === "queued" ? 0 : share} className="h-1.5 shrink-0 sm:flex-1 sm:shrink" aria-label={t("progress")} />
      <span className="whitespace-nowrap tabular-nums" aria-live="polite">
        {words}
        {share !== null && phase !== null && ` · ${format.count(phase.done ?? 0)} / ${format.count(phase.total ?? 0)}`}
        <span className="text-muted" aria-hidden>
          {" "}
          · {format.duration(Math.max(0, Math.round((now - since) / 1000)))}
        </span>
      </span>
    </div>
  );
}
