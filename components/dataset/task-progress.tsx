"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Progress } from "@/components/ui/progress";
import { runQueries, useStopRun } from "@/lib/client/queries/runs";
import { useFailureText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import { useSaidText } from "@/lib/client/use-said-text";
import type { Run, RunFailure } from "@/lib/contract/run";

type TaskProgressProps = { taskId: string; words: string; onDone?: () => void; onAgain?: () => void };

/** How far a task on a data set is; it goes on when the page is closed. */
export function TaskProgress({ taskId, words, onDone, onAgain }: TaskProgressProps) {
  const t = useTranslations("dataset.task");
  const task = useQuery({ ...runQueries.detail(taskId), refetchInterval: ({ state }) => (isOver(state.data) ? false : 700) });
  const stop = useStopRun();
  const [now] = useState(Date.now);
  const run = task.data;
  const succeeded = run?.status === "succeeded";
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, whatever function is given by then
  useEffect(() => {
    if (succeeded) onDone?.();
  }, [succeeded]);
  if (!run) return <Progress value={null} tone="iris" aria-label={words} />;
  if (run.status === "failed" || run.status === "lost") return <TaskFailure run={run} onAgain={onAgain} />;
  if (run.status === "stopped")
    return (
      <p className="flex flex-wrap items-center gap-3 text-sm">
        {t("stopped")} {onAgain && <Button onClick={onAgain}>{t("again")}</Button>}
      </p>
    );
  return (
    <div className="flex items-center gap-4">
      <div className="min-w-0 flex-1">
        <p className="mb-1.5 flex flex-wrap justify-between gap-x-4 text-sm">
          <span>{run.status === "queued" ? t("queued") : words}</span>
          <Done run={run} now={now} />
        </p>
        <Progress value={run.progress?.done ?? null} max={run.progress?.total} tone="iris" aria-label={words} />
      </div>
      <Button
        size="sm"
        loading={stop.isPending}
        disabled={run.status === "stopping"}
        onClick={() => stop.mutate({ runId: run.id, save: false })}
      >
        {t("stop")}
      </Button>
    </div>
  );
}

function Done({ run: { progress, startedAt, lastEventAt }, now }: { run: Run; now: number }) {
  const t = useTranslations("dataset.task");
  const format = useFormat();
  if (progress === null || progress.total === 0) return null;
  const { done, total, unit } = progress;
  const figure = unit === "bytes" ? format.bytes : format.count;
  const seconds = ((lastEventAt ?? now) - (startedAt ?? now)) / 1000;
  const left = done > 0 && seconds > 2 ? (seconds * (total - done)) / done : null;
  return (
    <span className="text-muted tabular-nums">
      {figure(done)} / {figure(total)}
      {left !== null && ` · ${t("left", { time: format.duration(left) })}`}
    </span>
  );
}

function TaskFailure({ run, onAgain }: { run: Run; onAgain?: (() => void) | undefined }) {
  const t = useTranslations("dataset.task");
  const words = useFailureWords();
  const { failure } = run;
  return (
    <div role="alert" className="rounded-md bg-failed-soft p-3 text-sm">
      <p className="font-medium text-strong">{t("failed")}</p>
      {failure &&
        words(failure).map((line) => (
          <p key={line} className="mt-0.5 break-words text-strong">
            {line}
          </p>
        ))}
      <p className="mt-2 flex flex-wrap gap-2">
        {onAgain && (
          <Button size="sm" onClick={onAgain}>
            {t("again")}
          </Button>
        )}
        <CopyButton text={JSON.stringify({ id: run.id, status: run.status, failure }, null, 2)} label={t("copy")} />
      </p>
    </div>
  );
}

/** The trainer's own sentences, which name row and field; else what is said of every failure of this kind. */
function useFailureWords(): (failure: RunFailure) => string[] {
  const saidText = useSaidText();
  const failureText = useFailureText();
  return (failure) => {
    if (failure.said) return [saidText(failure.said, [failure.message, failure.remedy ?? ""].join(" ").trim())];
    const { title, body, remedy, detail } = failureText(failure);
    return [body ?? title, remedy, detail].filter((line) => line !== null);
  };
}

const isOver = (run: Run | undefined): boolean => run !== undefined && ["succeeded", "failed", "stopped", "lost"].includes(run.status);
