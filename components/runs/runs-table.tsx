"use client";
import { ChevronDown, ChevronUp } from "lucide-react";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { ScrollBox } from "@/components/ui/scroll-box";
import { Table, TBody, THead, Th, Tr } from "@/components/ui/table";
import { Rows } from "./rows";
import type { RunDialog } from "./run-actions";
import { RunRow } from "./run-row";
import type { RunsListProps } from "./runs-list";
import { nextSort, type SortKey } from "./runs-view";
import { SelectBox } from "./select-box";

const ROW_PX = 36;
type RunsTableProps = RunsListProps & {
  selected: ReadonlySet<string>;
  allSelected: boolean;
  onToggle: (runId: string) => void;
  onToggleAll: () => void;
  onDialog: (dialog: RunDialog) => void;
};

/** Columns have widths of their own, so that nothing moves while rows come and go. The name takes what is left. */
export function RunsTable({ runs, sort, onSort, selected, allSelected, onToggle, onToggleAll, onDialog }: RunsTableProps) {
  const t = useTranslations("runs");
  const header = (key: SortKey, className?: string) => <SortHeader sortKey={key} sort={sort} onSort={onSort} className={className} />;
  return (
    <ScrollBox className="@container rounded-lg border border-line bg-panel lg:overflow-visible">
      <Table className="min-w-[720px] table-fixed" aria-rowcount={runs.length + 1}>
        <THead className="lg:top-12">
          <Tr className="[&>th:first-child]:rounded-tl-[7px] [&>th:last-child]:rounded-tr-[7px]">
            <Th className="w-9 pr-0 first:pl-3">
              <SelectBox checked={allSelected} label={t("selectAll")} onToggle={onToggleAll} />
            </Th>
            {header("status", "w-44")}
            {header("name")}
            {header("model", "hidden w-32 @min-[840px]:table-cell")}
            {header("data", "hidden w-24 @min-[1130px]:table-cell")}
            {header("method", "hidden w-[86px] @min-[920px]:table-cell")}
            {header("loss", "w-16")}
            <Th className="hidden w-28 @min-[1030px]:table-cell">{t("column.curve")}</Th>
            {header("progress", "w-33")}
            {header("time", "w-28")}
            <Th className="w-12">
              <span className="sr-only">{t("column.actions")}</span>
            </Th>
          </Tr>
        </THead>
        <Rows count={runs.length} rowPx={ROW_PX}>
          {({ first, end, beforePx, afterPx, measure }) => (
            <TBody>
              <Room px={beforePx} />
              {runs.slice(first, end).map((run, at) => (
                <RunRow
                  key={run.id}
                  run={run}
                  index={first + at}
                  measure={measure}
                  selected={selected.has(run.id)}
                  onToggle={onToggle}
                  onDialog={onDialog}
                />
              ))}
              <Room px={afterPx} />
            </TBody>
          )}
        </Rows>
      </Table>
    </ScrollBox>
  );
}

/** Stands for the rows that are not drawn. */
const Room = ({ px }: { px: number }) =>
  px > 0 && (
    <tr aria-hidden style={{ height: px }}>
      <td />
    </tr>
  );

const numericKeys: ReadonlySet<SortKey> = new Set(["loss", "time"]);

type SortHeaderProps = { sortKey: SortKey; sort: RunsListProps["sort"]; onSort: RunsListProps["onSort"]; className?: string };
function SortHeader({ sortKey, sort, onSort, className }: SortHeaderProps) {
  const t = useTranslations("runs");
  const active = sort?.key === sortKey ? sort : null;
  const Arrow = active?.descending ? ChevronDown : ChevronUp;
  const numeric = numericKeys.has(sortKey);
  return (
    <Th numeric={numeric} className={className} aria-sort={active ? (active.descending ? "descending" : "ascending") : undefined}>
      <button
        type="button"
        onClick={() => onSort(nextSort(sort, sortKey))}
        className={cn(
          "group inline-flex items-center align-middle gap-1 rounded font-medium hover:text-strong",
          numeric && "flex-row-reverse",
        )}
      >
        {t(`column.${sortKey}`)}
        <Arrow aria-hidden size={12} className={cn("-mx-0.5", active ? "text-strong" : "opacity-0 group-hover:opacity-50")} />
      </button>
    </Th>
  );
}
