"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { memo } from "react";
import { StatusBadge } from "@/components/layout/status-badge";
import { Td, Tr } from "@/components/ui/table";
import type { Run } from "@/lib/contract/run";
import { formatLoss } from "@/lib/domain/format";
import type { RunDialog } from "./run-actions";
import { lossOf } from "./run-facts";
import { RunMenu } from "./run-menu";
import { MethodBadge, RunProgress, RunTimeText } from "./run-parts";
import { Sparkline } from "./sparkline";

type RunRowProps = { run: Run; selected: boolean; onDialog: (dialog: RunDialog) => void };

/** One line; drawn anew only when its own run changes. */
export const RunRow = memo(function RunRow({ run, selected, onDialog }: RunRowProps) {
  const router = useRouter();
  const href = `/runs/${run.id}`;
  const loss = lossOf(run);
  const open = (event: React.MouseEvent) => {
    if (event.target instanceof Element && event.target.closest("a, button, [role=menu], [role=dialog]")) return;
    if (window.getSelection()?.toString()) return;
    router.push(href);
  };
  return (
    <Tr data-run={run.id} aria-selected={selected} onClick={open} className="cursor-pointer has-[a:focus-visible]:bg-sunken">
      <Td>
        <StatusBadge status={run.status} failureCode={run.failure?.code} queuePosition={run.queuePosition} />
      </Td>
      <Td className="w-full min-w-40 max-w-0">
        <Link href={href} prefetch={false} className="block truncate rounded font-medium text-strong hover:underline" title={run.name}>
          {run.name}
        </Link>
      </Td>
      <Td className="max-w-32 truncate" title={run.labels.model}>
        {run.labels.model}
      </Td>
      <Td className="hidden max-w-32 truncate @min-[1080px]:table-cell" title={run.labels.data ?? undefined}>
        {run.labels.data}
      </Td>
      <Td className="hidden @min-[720px]:table-cell">
        <MethodBadge run={run} />
      </Td>
      <Td numeric className="text-strong">
        {loss !== null && formatLoss(loss)}
      </Td>
      <Td className="hidden @min-[860px]:table-cell">
        <Sparkline spark={run.spark} failed={run.status === "failed"} />
      </Td>
      <Td>
        <RunProgress run={run} className="w-[72px]" />
      </Td>
      <Td numeric className="min-w-28">
        <RunTimeText run={run} />
      </Td>
      <Td>
        <RunMenu run={run} onDialog={onDialog} />
      </Td>
    </Tr>
  );
});
