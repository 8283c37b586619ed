"use client";
import { ChevronDown, ChevronUp } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ScrollBox } from "@/components/ui/scroll-box";
import { Table, TBody, THead, Th, Tr } from "@/components/ui/table";
import type { Run } from "@/lib/contract/run";
import { RunActions, type RunDialog } from "./run-actions";
import { RunCard } from "./run-card";
import { RunRow } from "./run-row";
import { nextSort, type RunsView, type SortKey } from "./runs-view";
import { SelectionBar } from "./selection-bar";
import { useRowKeys } from "./use-row-keys";

const PAGE = 200;
type RunsListProps = { runs: readonly Run[]; sort: RunsView["sort"]; onSort: (sort: RunsView["sort"]) => void };

/** A table from 768 px on, cards below; both carry `data-run`, by which the keys find their way. */
export function RunsList({ runs, sort, onSort }: RunsListProps) {
  const t = useTranslations("runs");
  const [limit, setLimit] = useState(PAGE);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<RunDialog | null>(null);
  const toggle = useMemo(
    () => (runId: string) =>
      setSelected((before) => {
        const after = new Set(before);
        if (!after.delete(runId)) after.add(runId);
        return after;
      }),
    [],
  );
  useRowKeys(toggle);
  const visible = runs.slice(0, limit);
  const header = (key: SortKey, className?: string) => <SortHeader sortKey={key} sort={sort} onSort={onSort} className={className} />;
  return (
    <>
      <ScrollBox className="@container hidden rounded-lg border border-line bg-panel md:block">
        <Table>
          <THead>
            <Tr>
              {header("status")}
              {header("name")}
              {header("model")}
              {header("data", "hidden @min-[1080px]:table-cell")}
              {header("method", "hidden @min-[720px]:table-cell")}
              {header("loss")}
              <Th className="hidden @min-[860px]:table-cell">{t("column.curve")}</Th>
              {header("progress")}
              {header("time")}
              <Th className="w-10">
                <span className="sr-only">{t("column.actions")}</span>
              </Th>
            </Tr>
          </THead>
          <TBody>
            {visible.map((run) => (
              <RunRow key={run.id} run={run} selected={selected.has(run.id)} onDialog={setDialog} />
            ))}
          </TBody>
        </Table>
      </ScrollBox>
      <ul className="space-y-2 md:hidden">
        {visible.map((run) => (
          <RunCard key={run.id} run={run} onDialog={setDialog} />
        ))}
      </ul>
      {runs.length > limit && (
        <div className="mt-3 text-center">
          <Button variant="ghost" onClick={() => setLimit(limit + PAGE)}>
            {t("showMore", { count: Math.min(PAGE, runs.length - limit) })}
          </Button>
        </div>
      )}
      <SelectionBar runs={runs.filter((run) => selected.has(run.id))} onClear={() => setSelected(new Set())} />
      <RunActions dialog={dialog} onClose={() => setDialog(null)} />
    </>
  );
}

const numericKeys: ReadonlySet<SortKey> = new Set(["loss", "time"]);

type SortHeaderProps = { sortKey: SortKey; sort: RunsView["sort"]; onSort: RunsListProps["onSort"]; className?: string };
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
