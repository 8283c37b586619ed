"use client";
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { NumberField } from "@/components/ui/number-field";
import { ScrollBox } from "@/components/ui/scroll-box";
import { Sheet } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { useFormat } from "@/lib/client/use-format";
import type { DatasetRow } from "@/lib/contract/dataset";
import { Conversation } from "./conversation";

const PAGE_ROWS = 50;

type RowsPanelProps = { datasetId: string; total: number; row: number; onRow: (row: number) => void };

/** Rows left, the chosen one rendered right; on small screens it opens over the list. */
export function RowsPanel({ datasetId, total, row, onRow }: RowsPanelProps) {
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
  const chosen = page.data.rows.find((entry) => entry.index === row) ?? null;
  const choose = (index: number) => {
    onRow(index);
    if (!window.matchMedia("(min-width: 64rem)").matches) setSheet(true);
  };
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(320px,420px)_minmax(0,1fr)]">
      <Card flush>
        <Pager offset={offset} total={total} onRow={onRow} />
        <RowTable rows={page.data.rows} chosen={row} onChoose={choose} />
      </Card>
      <Card className="sticky top-18 hidden lg:block">
        {chosen ? <Conversation row={chosen} /> : <p className="text-muted text-sm">{t("choose")}</p>}
      </Card>
      <Sheet open={sheet} onOpenChange={setSheet} title={`${t("row")} ${row}`} className="w-[94vw] sm:w-[520px]">
        <div className="p-4">{chosen && <Conversation row={chosen} />}</div>
      </Sheet>
    </div>
  );
}

function Pager({ offset, total, onRow }: { offset: number; total: number; onRow: (row: number) => void }) {
  const t = useTranslations("data");
  const format = useFormat();
  const last = Math.min(total, offset + PAGE_ROWS);
  const [jump, setJump] = useState<number | null>(null);
  const go = () => {
    if (jump !== null && Number.isInteger(jump)) onRow(Math.min(total - 1, Math.max(0, jump)));
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5 border-line border-b px-3 py-2 text-muted text-xs">
      <span className="mr-auto">
        {t("page", { from: format.count(offset), to: format.count(Math.max(0, last - 1)), total: format.count(total) })}
      </span>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <NumberField
          aria-label={t("jump")}
          placeholder={t("jump")}
          value={jump}
          onValueChange={setJump}
          allowEmpty
          min={0}
          max={total - 1}
          className="w-28"
        />
      </form>
      <Button icon size="sm" variant="ghost" aria-label={t("previous")} disabled={offset === 0} onClick={() => onRow(offset - PAGE_ROWS)}>
        <ChevronLeft aria-hidden size={15} />
      </Button>
      <Button icon size="sm" variant="ghost" aria-label={t("next")} disabled={last >= total} onClick={() => onRow(last)}>
        <ChevronRight aria-hidden size={15} />
      </Button>
    </div>
  );
}

function RowTable({ rows, chosen, onChoose }: { rows: readonly DatasetRow[]; chosen: number; onChoose: (row: number) => void }) {
  const t = useTranslations("data");
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
        <TBody>
          {rows.map((row) => (
            <Tr key={row.index} aria-selected={row.index === chosen} onClick={() => onChoose(row.index)} className="cursor-pointer">
              <Td numeric className="text-muted">
                {row.index}
              </Td>
              <Td className="truncate">
                <button type="button" className="w-full truncate text-left text-strong" onClick={() => onChoose(row.index)}>
                  {firstWords(row)}
                </button>
              </Td>
              <Td numeric>{row.problem ? <Badge tone="warning">{t("leftOut")}</Badge> : (row.messages?.length ?? 0)}</Td>
            </Tr>
          ))}
        </TBody>
      </Table>
    </ScrollBox>
  );
}

/** What the person asked; for a row that can't be read, what stands there. */
export function firstWords({ messages, problem }: DatasetRow): string {
  const first = messages?.find((message) => message.role === "user") ?? messages?.[0];
  return (first?.content ?? problem?.value ?? "").slice(0, 200) || "–";
}
