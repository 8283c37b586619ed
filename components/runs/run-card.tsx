"use client";
import Link from "next/link";
import { memo, type RefCallback } from "react";
import { StatusBadge } from "@/components/layout/status-badge";
import type { Run } from "@/lib/contract/run";
import { dataLabel } from "@/lib/domain/data-label";
import { formatLoss } from "@/lib/domain/format";
import type { RunDialog } from "./run-actions";
import { lossOf } from "./run-facts";
import { RunMenu } from "./run-menu";
import { MethodBadge, RunProgress, RunTimeText } from "./run-parts";
import { Sparkline } from "./sparkline";

/** A run on a phone: the same facts as a row, the whole card opens it. */
type RunCardProps = { run: Run; index: number; measure?: RefCallback<HTMLElement>; onDialog: (dialog: RunDialog) => void };
export const RunCard = memo(function RunCard({ run, index, measure, onDialog }: RunCardProps) {
  const loss = lossOf(run);
  return (
    <li ref={measure} data-index={index} data-run={run.id} className="relative rounded-lg border border-line bg-panel p-3">
      <div className="flex items-center gap-2">
        <StatusBadge status={run.status} failureCode={run.failure?.code} queuePosition={run.queuePosition} />
        <span className="ml-auto text-muted text-xs">
          <RunTimeText run={run} />
        </span>
        <div className="relative z-[1] -my-1 -mr-1.5">
          <RunMenu run={run} onDialog={onDialog} />
        </div>
      </div>
      <Link
        href={`/runs/${run.id}`}
        prefetch={false}
        className="mt-1 block scroll-my-24 truncate font-medium text-strong after:absolute after:inset-0 after:rounded-lg"
      >
        {run.name}
      </Link>
      <p className="mt-0.5 flex items-center gap-1.5 truncate text-muted text-xs">
        <span className="truncate">
          {run.labels.model}
          {run.labels.data && ` · ${dataLabel(run.labels)}`}
        </span>
        <MethodBadge run={run} />
      </p>
      {run.status !== "queued" && (
        <div className="mt-2 flex items-center gap-3">
          <RunProgress run={run} className="flex-1" />
          <Sparkline spark={run.spark} failed={run.status === "failed" || run.status === "lost"} />
          <span className="w-12 text-right text-sm text-strong">{loss !== null && formatLoss(loss)}</span>
        </div>
      )}
    </li>
  );
});
