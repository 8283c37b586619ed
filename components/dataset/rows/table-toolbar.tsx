"use client";
import { ChartColumn, Plus, Search, X } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Sheet } from "@/components/ui/sheet";
import type { ReasonCount } from "@/lib/contract/dataset";
import { useReasonText } from "../use-reason-text";
import { ColumnStatsList } from "./column-stats";
import { FilterForm } from "./filter-form";
import type { TableView } from "./table-panel";

type TableToolbarProps = {
  datasetId: string;
  columns: readonly string[];
  reasons: readonly ReasonCount[];
  view: TableView;
  onView: (view: TableView) => void;
};
const ANY = "any";

export function TableToolbar({ datasetId, columns, reasons, view, onView }: TableToolbarProps) {
  const t = useTranslations("dataset.table");
  const reasonText = useReasonText();
  const [adding, setAdding] = useState(false);
  const [stats, setStats] = useState(false);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <div className="relative w-full sm:w-72">
          <Search aria-hidden size={14} className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-muted" />
          <Input
            type="search"
            value={view.search}
            onChange={(event) => onView({ ...view, search: event.target.value })}
            placeholder={t("search")}
            aria-label={t("search")}
            className="pl-8"
          />
        </div>
        {reasons.length > 0 && (
          <Select
            value={view.reason ?? ANY}
            onValueChange={(reason) => onView({ ...view, reason: reason === ANY ? null : reason })}
            options={[
              { value: ANY, label: t("anyReason") },
              ...reasons.map(({ reason, rows }) => ({ value: reason, label: reasonText(reason), detail: String(rows) })),
            ]}
            aria-label={t("reason")}
            className="w-auto min-w-36"
          />
        )}
        <Button onClick={() => setAdding(!adding)} aria-expanded={adding}>
          <Plus aria-hidden size={14} />
          {t("filter")}
        </Button>
        <Button variant="ghost" onClick={() => setStats(true)}>
          <ChartColumn aria-hidden size={14} />
          {t("stats")}
        </Button>
      </div>
      {adding && (
        <FilterForm
          columns={columns}
          onAdd={(filter) => {
            onView({ ...view, filters: [...view.filters, filter] });
            setAdding(false);
          }}
        />
      )}
      {view.filters.length > 0 && (
        <ul className="mb-3 flex flex-wrap gap-2">
          {view.filters.map((filter, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two equal filters are told apart by their place only
            <li key={index} className="inline-flex items-center gap-1.5 rounded-md border border-line bg-panel py-1 pr-1 pl-2.5 text-xs">
              <span className="font-mono">{filter.column ?? t("anyColumn")}</span> {t(`is.${filter.is}`)}{" "}
              <b className="max-w-48 truncate font-medium text-strong">{filter.value}</b>
              <Button
                icon
                size="sm"
                variant="ghost"
                aria-label={t("removeFilter")}
                onClick={() => onView({ ...view, filters: view.filters.filter((_, at) => at !== index) })}
              >
                <X aria-hidden size={12} />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Sheet open={stats} onOpenChange={setStats} title={t("stats")} className="w-[94vw] sm:w-[460px]">
        {stats && <ColumnStatsList datasetId={datasetId} />}
      </Sheet>
    </>
  );
}
