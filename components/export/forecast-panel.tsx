"use client";
import { CircleCheck, OctagonAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { useErrorText, useFieldText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import type { ExportForecast } from "@/lib/contract/api";
import type { ExportSpec } from "@/lib/contract/job-spec";

export type ForecastPanelProps = {
  spec: ExportSpec | null;
  forecast: ExportForecast | undefined;
  error: unknown;
  stale: boolean;
  children: ReactNode;
};

/** What the export will be, before it starts. */
export function ForecastPanel({ spec, forecast, error, stale, children }: ForecastPanelProps) {
  const t = useTranslations("exports");
  const format = useFormat();
  const errorText = useErrorText();
  const fieldText = useFieldText();
  const shown = spec === null ? undefined : forecast;
  const problem =
    spec === null
      ? null
      : error !== null
        ? errorText(error)
        : shown?.problem != null
          ? fieldText(shown.problem)
          : shown?.fits === false
            ? t("doesNotFit", { free: format.bytes(shown.freeBytes) })
            : null;
  const rows: [string, string][] = [
    [t("size"), shown === undefined ? "–" : format.bytes(shown.bytes)],
    [t("shards"), shown === undefined ? "–" : t("shardCount", { count: shown.shards })],
    [t("dtype"), shown?.dtype ?? "–"],
    [t("free"), shown === undefined ? "–" : format.bytes(shown.freeBytes)],
  ];
  return (
    <aside className="flex flex-col rounded-lg border border-line bg-sunken p-4" aria-live="polite">
      <h3 className="font-semibold text-sm text-strong">{t("forecast")}</h3>
      <dl className={cn("mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm transition-opacity", stale && "opacity-55")}>
        {rows.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="text-right text-strong tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-3 mb-3 min-h-10 flex-1 text-sm">
        {problem !== null ? (
          <p className="flex gap-2 break-words text-failed">
            <OctagonAlert aria-hidden size={15} className="mt-0.5 shrink-0" />
            <span className="min-w-0">{problem}</span>
          </p>
        ) : (
          shown !== undefined && (
            <p className="flex gap-2 text-succeeded">
              <CircleCheck aria-hidden size={15} className="mt-0.5 shrink-0" />
              {t("fits")}
            </p>
          )
        )}
      </div>
      {children}
    </aside>
  );
}
