"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Badge } from "@/components/ui/badge";
import { Progress } from "@/components/ui/progress";
import { datasetViewQueries } from "@/lib/client/queries/dataset-view";
import { useFormat } from "@/lib/client/use-format";
import type { ColumnStats } from "@/lib/contract/dataset-view";

export function ColumnStatsList({ datasetId }: { datasetId: string }) {
  const t = useTranslations("dataset.stats");
  const stats = useQuery(datasetViewQueries.columns(datasetId));
  if (stats.isError) return <ErrorState error={stats.error} onRetry={() => stats.refetch()} className="m-4" />;
  if (!stats.data) return <LoadingState className="p-4" />;
  return (
    <div>
      {stats.data.preparing !== null && (
        <div className="border-line border-b p-4">
          <p className="mb-1.5 text-sm">{t("preparing")}</p>
          <Progress value={stats.data.preparing} tone="iris" aria-label={t("preparing")} />
        </div>
      )}
      <ul>
        {stats.data.columns.map((column) => (
          <li key={column.name} className="border-line border-b p-4 last:border-b-0">
            <Column column={column} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Column({ column }: { column: ColumnStats }) {
  const t = useTranslations("dataset.stats");
  const format = useFormat();
  const facts = [
    t("distinct", { count: format.count(column.distinct) }),
    column.empty > 0 && t("empty", { count: format.count(column.empty) }),
    column.meanLength !== null &&
      t("length", { mean: format.count(Math.round(column.meanLength)), max: format.count(column.maxLength ?? 0) }),
    column.min !== null && column.max !== null && column.meanLength === null && `${column.min} – ${column.max}`,
  ].filter(Boolean);
  return (
    <>
      <p className="flex items-center gap-2">
        <span className="min-w-0 truncate font-medium font-mono text-sm text-strong">{column.name}</span>
        <Badge tone={column.type === "mixed" ? "warning" : "neutral"}>
          {t.has(`type.${column.type}`) ? t(`type.${column.type}`) : column.type}
        </Badge>
      </p>
      <p className="mt-1 text-muted text-xs tabular-nums">{facts.join(" · ")}</p>
      <Histogram bins={column.histogram} label={t("histogram", { name: column.name })} />
      {column.top.length > 0 && (
        <ul className="mt-2 space-y-0.5">
          {column.top.slice(0, 5).map(({ value, rows }) => (
            <li key={value} className="flex gap-3 text-xs">
              <span className="min-w-0 flex-1 truncate">{value === "" ? t("emptyText") : value}</span>
              <span className="text-muted tabular-nums">{format.count(rows)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Histogram({ bins, label }: { bins: ColumnStats["histogram"]; label: string }) {
  const most = Math.max(1, ...bins.map(({ rows }) => rows));
  if (bins.length < 2) return null;
  return (
    <div role="img" aria-label={label} className="mt-2 flex h-10 items-end gap-px">
      {bins.map(({ from, to, rows }) => (
        <span
          key={from}
          title={`${round(from)} – ${round(to)}: ${rows}`}
          className="min-w-0 flex-1 rounded-t-[1px] bg-s1"
          style={{ height: rows === 0 ? 0 : `${Math.max(4, (rows / most) * 100)}%` }}
        />
      ))}
    </div>
  );
}

const round = (value: number): string => String(Number(value.toPrecision(4)));
