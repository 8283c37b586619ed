"use client";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { Progress, type ProgressProps } from "@/components/ui/progress";
import { useFormat } from "@/lib/client/use-format";
import type { Run, RunStatus } from "@/lib/contract/run";
import { assertNever } from "@/lib/domain/assert-never";
import { loraRankOf, methodOf, progressOf, timeOf } from "./run-facts";

const tones: Record<RunStatus, ProgressProps["tone"]> = {
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

export function RunProgress({ run, className }: { run: Run; className: string }) {
  const t = useTranslations("runs");
  const format = useFormat();
  const share = progressOf(run);
  return (
    <span className={cn("flex items-center gap-2", className.includes("flex-1") && "flex-1")}>
      <Progress value={share} tone={tones[run.status]} className={className} aria-label={t("progressOf", { name: run.name })} />
      <span className="w-9 whitespace-nowrap text-muted text-xs">{share !== null && format.percent(share)}</span>
    </span>
  );
}

export function MethodBadge({ run }: { run: Run }) {
  const t = useTranslations("runs");
  const rank = loraRankOf(run);
  const method = methodOf(run);
  const name = method === "full" || method === "freeze" ? t(method) : method === "qlora" ? "QLoRA" : "LoRA";
  return <Badge>{rank === null ? name : `${name} ${rank}`}</Badge>;
}

/** “identity.json +1”: a long name gives way, the number of further sets stays. */
export function DataText({ labels: { data, otherData = [] } }: { labels: Run["labels"] }) {
  return (
    <span className="flex">
      <span className="truncate">{data}</span>
      {otherData.length > 0 && <span className="shrink-0 whitespace-pre text-muted"> +{otherData.length}</span>}
    </span>
  );
}

export function RunTimeText({ run }: { run: Run }) {
  const t = useTranslations("runs");
  const format = useFormat();
  const time = timeOf(run);
  switch (time.kind) {
    case "left":
      return <>{t("timeLeft", { time: format.duration(time.seconds) })}</>;
    case "took":
      return <>{format.duration(time.seconds)}</>;
    case "waiting":
      return (
        <span className="text-muted">
          {time.position === 1 ? t("next") : time.position === null ? "" : t("place", { position: time.position })}
        </span>
      );
    case "phase":
      return <span className="text-muted">{t(`phase.${time.name}`)}</span>;
    case "none":
      return null;
    default:
      return assertNever(time);
  }
}
