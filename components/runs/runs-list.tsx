"use client";
import { useMemo, useState } from "react";
import type { Run } from "@/lib/contract/run";
import { Rows } from "./rows";
import { RunActions, type RunDialog } from "./run-actions";
import { RunCard } from "./run-card";
import { RunsTable } from "./runs-table";
import type { RunsView } from "./runs-view";
import { SelectionBar } from "./selection-bar";
import { useRowKeys } from "./use-row-keys";
import { useWide } from "./use-wide";

const CARD_PX = 118;
const GAP_PX = 8;
export type RunsListProps = { runs: readonly Run[]; sort: RunsView["sort"]; onSort: (sort: RunsView["sort"]) => void };

/** A table where there is room for it, cards elsewhere; both carry `data-run`, by which the keys find their way. */
export function RunsList({ runs, sort, onSort }: RunsListProps) {
  const wide = useWide();
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
  const chosen = runs.filter((run) => selected.has(run.id));
  const toggleAll = () => setSelected(new Set(chosen.length === runs.length ? [] : runs.map((run) => run.id)));
  // The dialog speaks of the run as it now is, not as it was when its menu was opened.
  const asked = dialog && { ...dialog, run: runs.find((run) => run.id === dialog.run.id) ?? dialog.run };
  return (
    <>
      {wide ? (
        <RunsTable
          runs={runs}
          sort={sort}
          onSort={onSort}
          selected={selected}
          allSelected={chosen.length === runs.length}
          onToggle={toggle}
          onToggleAll={toggleAll}
          onDialog={setDialog}
        />
      ) : (
        <Rows count={runs.length} rowPx={CARD_PX} gapPx={GAP_PX}>
          {({ first, end, beforePx, afterPx, measure }) => (
            <ul className="flex flex-col" style={{ gap: GAP_PX, paddingTop: beforePx, paddingBottom: afterPx }}>
              {runs.slice(first, end).map((run, at) => (
                <RunCard key={run.id} run={run} index={first + at} measure={measure} onDialog={setDialog} />
              ))}
            </ul>
          )}
        </Rows>
      )}
      <SelectionBar runs={chosen} onClear={() => setSelected(new Set())} />
      <RunActions dialog={asked} onClose={() => setDialog(null)} />
    </>
  );
}
