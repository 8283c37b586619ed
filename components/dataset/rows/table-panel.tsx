"use client";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTranslations } from "use-intl";
import { EmptyState, ErrorState, LoadingState } from "@/components/layout/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Progress } from "@/components/ui/progress";
import { Skeleton } from "@/components/ui/skeleton";
import { datasetViewQueries, type TableQuery, useStopTable } from "@/lib/client/queries/dataset-view";
import { useFormat } from "@/lib/client/use-format";
import type { ReasonCount } from "@/lib/contract/dataset";
import { Pager } from "../pager";
import { RawTable } from "./raw-table";
import { RowSheet } from "./row-sheet";
import { TableToolbar } from "./table-toolbar";

const PAGE_ROWS = 50;

export type TableView = Required<Pick<TableQuery, "search" | "filters" | "reason" | "sort">>;
export const plainView: TableView = { search: "", filters: [], reason: null, sort: null };

/** The file as it stands: every column, every row, nothing converted. */
export function TablePanel({ datasetId, reasons }: { datasetId: string; reasons: readonly ReasonCount[] }) {
  const t = useTranslations("dataset.table");
  const format = useFormat();
  const [view, setView] = useState<TableView>(plainView);
  const [offset, setOffset] = useState(0);
  const [open, setOpen] = useState<number | null>(null);
  const asked = useDeferredValue(view);
  const page = useQuery(datasetViewQueries.table(datasetId, { ...asked, offset, limit: PAGE_ROWS }));
  const show = (next: TableView) => {
    setView(next);
    setOffset(0);
  };
  const stopReading = useStopTable();
  // What is asked next would begin it again, so the question goes first.
  const stop = () => {
    show(plainView);
    stopReading.mutate({ datasetId });
  };
  if (page.isError && !page.data) return <ErrorState error={page.error} onRetry={() => page.refetch()} />;
  if (!page.data)
    return (
      <LoadingState>
        <Skeleton className="h-[480px]" />
      </LoadingState>
    );
  const { columns, rows, total, indexing, preparing } = page.data;
  const plain = JSON.stringify(view) === JSON.stringify(plainView);
  return (
    <>
      <TableToolbar datasetId={datasetId} columns={columns} reasons={reasons} view={view} onView={show} />
      {page.isError && <ErrorState error={page.error} onRetry={() => page.refetch()} className="mb-3" />}
      <Card className="overflow-hidden">
        <div className="-mx-4 -mt-4 -mb-4">
          <Pager
            whole={plain}
            offset={offset}
            pageRows={PAGE_ROWS}
            total={total}
            onRow={(row) => setOffset(Math.floor(row / PAGE_ROWS) * PAGE_ROWS)}
          />
          {(indexing ?? preparing) !== null && (
            <Progress
              value={indexing ?? preparing}
              tone="iris"
              aria-label={indexing === null ? t("preparing") : t("indexing")}
              className="rounded-none"
            />
          )}
          {preparing !== null && (
            <p className="flex flex-wrap items-center justify-between gap-2 px-4 py-1.5 text-muted text-xs">
              {t("partly", { share: format.percent(preparing) })}
              <Button size="sm" onClick={stop}>
                {t("stop")}
              </Button>
            </p>
          )}
          {rows.length === 0 && total === 0 ? (
            <EmptyState title={plain ? t("empty") : t("nothing")} body={plain ? undefined : t("nothingBody")} />
          ) : (
            <RawTable
              columns={columns}
              rows={rows}
              sort={view.sort}
              onSort={(sort) => show({ ...view, sort })}
              onOpen={setOpen}
              waiting={page.isPlaceholderData}
            />
          )}
        </div>
      </Card>
      <RowSheet datasetId={datasetId} row={open} onClose={() => setOpen(null)} />
    </>
  );
}
