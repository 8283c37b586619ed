"use client";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import type { RunStatus } from "@/lib/contract/run";
import { StatusIcon } from "./status-icon";

const tones: Record<RunStatus, string> = {
  draft: "text-muted",
  queued: "text-muted",
  starting: "text-running",
  running: "text-running",
  stopping: "text-warning",
  succeeded: "text-succeeded",
  failed: "text-failed",
  stopped: "text-warning",
  lost: "text-failed",
};

export type StatusBadgeProps = { status: RunStatus; failureCode?: string | null; queuePosition?: number | null; className?: string };

/** Status as icon, word and colour; a failure says why, a queued run its place. */
export function StatusBadge({ status, failureCode, queuePosition, className }: StatusBadgeProps) {
  const t = useTranslations("status");
  const detail =
    status === "failed" && failureCode && failureCode !== "unknown" && t.has(`failure.${failureCode}`)
      ? t(`failure.${failureCode}`)
      : status === "queued" && queuePosition
        ? String(queuePosition)
        : null;
  return (
    <span
      className={cn(
        "inline-flex min-w-0 align-middle items-center gap-1.5 whitespace-nowrap font-medium text-sm",
        tones[status],
        className,
      )}
    >
      <StatusIcon status={status} />
      <span className="truncate">
        {t(status)}
        {detail && <span className="font-normal"> · {detail}</span>}
      </span>
    </span>
  );
}
