"use client";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { ScrollBox } from "@/components/ui/scroll-box";
import { Sheet } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { datasetQueries } from "@/lib/client/queries/datasets";
import type { DatasetRow } from "@/lib/contract/dataset";
import { Pager } from "../pager";

export const PAGE_ROWS = 50;

type RowsBesideProps = { datasetId: string; total: number; row: number; onRow: (row: number) => void; children: ReactNode };

/** Rows left, what is said of the chosen one right; on small screens that opens over the list. */
export function RowsBeside({ datasetId, total, row, onRow, children }: RowsBesideProps) {
  const t = useTranslations("data");
  const [sheet, setSheet] = useState(false);
  const offset = Math.floor(row / PAGE_ROWS) * PAGE_ROWS;
  const page = useQuery(datasetQueries.rows(datasetId, offset, PAGE_ROWS));
  if (page.isError) return <ErrorState error={page.error} onRetry={() => page.refetch()} />;
  if (!page.data)
    return (
      <LoadingState className="grid gap-4 lg:grid-cols-[minmax(320px,420px)_minmax(0,1fr)]">
        <Skeleton className="h-[480px]" />
        <Skeleton className="hidden h-64 lg:block" />
      </LoadingState>
    );
  const choose = (index: number) => {
    onRow(index);
    if (!window.matchMedia("(min-width: 64rem)").matches) setSheet(true);
  };
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(320px,420px)_minmax(0,1fr)]">
      <Card className="overflow-hidden">
        <div className="-mx-4 -mt-4 -mb-4">
          <Pager offset={offset} pageRows={PAGE_ROWS} total={total} onRow={onRow} />
          <RowList rows={page.data.rows} chosen={row} onChoose={choose} onMove={onRow} />
        </div>
      </Card>
      <Card className="sticky top-18 hidden lg:block">{children}</Card>
      <Sheet open={sheet} onOpenChange={setSheet} title={`${t("row")} ${row}`} className="w-[94vw] sm:w-[520px]">
        <div className="p-4">{children}</div>
      </Sheet>
    </div>
  );
}

type RowListProps = { rows: readonly DatasetRow[]; chosen: number; onChoose: (row: number) => void; onMove: (row: number) => void };

/** One stop of the tab key; arrows go from row to row. */
function RowList({ rows, chosen, onChoose, onMove }: RowListProps) {
  const t = useTranslations("data");
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    const at = rows.findIndex(({ index }) => index === chosen) + step;
    const next = rows[at];
    if (step === 0 || !next) return;
    event.preventDefault();
    onMove(next.index);
    event.currentTarget.querySelectorAll("button")[at]?.focus();
  };
  return (
    <ScrollBox className="lg:max-h-[calc(100dvh-270px)]">
      <Table className="table-fixed">
        <THead>
          <Tr>
            <Th numeric className="w-18">
              {t("row")}
            </Th>
            <Th>{t("firstWords")}</Th>
            <Th numeric className="w-22">
              {t("turns")}
            </Th>
          </Tr>
        </THead>
        <TBody onKeyDown={move}>
          {rows.map((row) => (
            <Tr key={row.index} aria-selected={row.index === chosen} onClick={() => onChoose(row.index)} className="cursor-pointer">
              <Td numeric className="text-muted">
                {row.index}
              </Td>
              <Td className="truncate">
                <button
                  type="button"
                  tabIndex={row.index === chosen ? 0 : -1}
                  className="w-full truncate text-left text-strong"
                  onClick={() => onChoose(row.index)}
                >
                  {firstWords(row)}
                </button>
              </Td>
              <Td numeric>{row.problem ? <Badge tone="warning">{t("leftOut")}</Badge> : (row.messages?.length ?? 1)}</Td>
            </Tr>
          ))}
        </TBody>
      </Table>
    </ScrollBox>
  );
}

/** What the person asked; for a row that can't be read, what stands there. */
export function firstWords({ messages, text, problem }: DatasetRow): string {
  const first = messages?.find((message) => message.role === "user") ?? messages?.[0];
  return (first?.content ?? text ?? problem?.value ?? "").slice(0, 200) || "–";
}
