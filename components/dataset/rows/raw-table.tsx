"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { ScrollBox } from "@/components/ui/scroll-box";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import type { RawRow } from "@/lib/contract/dataset-view";
import { useReasonText } from "../use-reason-text";
import { RawCell } from "./raw-cell";
import type { TableView } from "./table-panel";

type Sort = TableView["sort"];
type RawTableProps = {
  columns: readonly string[];
  rows: readonly RawRow[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  onOpen: (row: number) => void;
  waiting: boolean;
};

export function RawTable({ columns, rows, sort, onSort, onOpen, waiting }: RawTableProps) {
  const t = useTranslations("data");
  return (
    <ScrollBox className={cn("max-h-[max(240px,calc(100dvh-290px))] transition-opacity", waiting && "opacity-60")}>
      <Table>
        <THead>
          <Tr>
            <Th numeric className="sticky left-0 z-[2] w-18">
              {t("row")}
            </Th>
            {columns.map((column) => (
              <Th key={column} aria-sort={sort?.column === column ? (sort.descending ? "descending" : "ascending") : undefined}>
                <button
                  type="button"
                  onClick={() => onSort(nextSort(sort, column))}
                  className="inline-flex items-center gap-1 font-mono hover:text-strong"
                >
                  {column}
                  {sort?.column === column && (sort.descending ? <ArrowDown aria-hidden size={12} /> : <ArrowUp aria-hidden size={12} />)}
                </button>
              </Th>
            ))}
          </Tr>
        </THead>
        <TBody>
          {rows.map((row) => (
            <RawLine key={row.row} row={row} columns={columns} onOpen={onOpen} />
          ))}
        </TBody>
      </Table>
    </ScrollBox>
  );
}

function RawLine({ row, columns, onOpen }: { row: RawRow; columns: readonly string[]; onOpen: (row: number) => void }) {
  const reasonText = useReasonText();
  const faulty = row.problems.some(({ severity }) => severity === "drop") || row.bad !== null;
  const reasons = [...new Set(row.problems.map(({ reason }) => reasonText(reason)))].join(", ");
  return (
    <Tr onClick={() => onOpen(row.row)} className="group/row cursor-pointer align-top">
      <Td numeric className="sticky left-0 bg-panel py-2 group-hover/row:bg-sunken">
        <button
          type="button"
          onClick={() => onOpen(row.row)}
          title={row.bad ?? reasons}
          className={cn("tabular-nums hover:underline", faulty ? "text-failed" : row.problems.length > 0 ? "text-warning" : "text-muted")}
        >
          {row.row}
          {row.problems.length > 0 && <span className="sr-only"> {reasons}</span>}
        </button>
      </Td>
      {row.bad === null ? (
        columns.map((column) => <RawCell key={column} value={row.cells[column]} cut={row.cut.includes(column)} />)
      ) : (
        <Td colSpan={Math.max(1, columns.length)} className="max-w-0 py-1.5">
          <span className="block truncate font-mono text-xs">{String(row.cells[""] ?? "")}</span>
          <span className="block truncate text-failed text-xs">{row.bad}</span>
        </Td>
      )}
    </Tr>
  );
}

/** Up, then down, then as in the file. */
function nextSort(sort: Sort, column: string): Sort {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? null : { column, descending: true };
}
