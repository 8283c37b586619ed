"use client";
import { useTranslations } from "use-intl";
import { Progress } from "@/components/ui/progress";
import { useFormat } from "@/lib/client/use-format";
import type { Run } from "@/lib/contract/run";

/** Phase, share, speed and time left. */
export function ExportProgress({ run }: { run: Run }) {
  const t = useTranslations("exports");
  const format = useFormat();
  const { progress, phase } = run;
  const share = progress === null || progress.total <= 0 ? null : progress.done / progress.total;
  const seconds = phase === null || run.lastEventAt === null ? 0 : (run.lastEventAt - phase.since) / 1000;
  const rate = progress !== null && progress.unit === "bytes" && seconds > 0.5 ? progress.done / seconds : null;
  const amount = (value: number) => (progress?.unit === "bytes" ? format.bytes(value) : format.count(value));
  const words = [
    run.status === "queued"
      ? t("waiting")
      : run.status === "stopping"
        ? t("stopping")
        : phase === null
          ? t("startingUp")
          : t(`phase.${phase.name}`),
    progress !== null && `${amount(progress.done)} / ${amount(progress.total)}`,
    rate !== null && `${format.bytes(rate)}/s`,
    rate !== null &&
      progress !== null &&
      rate > 0 &&
      progress.done < progress.total &&
      t("left", { time: format.duration((progress.total - progress.done) / rate) }),
  ].filter(Boolean);
  return (
    <div className="mt-3">
      <Progress value={run.status === "queued" ? 0 : share} aria-label={t("progress", { name: run.name })} className="h-1.5" />
      <p className="mt-1.5 text-muted text-sm tabular-nums">{words.join(" · ")}</p>
    </div>
  );
}
