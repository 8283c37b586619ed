"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { memo, type RefCallback } from "react";
import { useTranslations } from "use-intl";
import { StatusBadge } from "@/components/layout/status-badge";
import { Td, Tr } from "@/components/ui/table";
import type { Run } from "@/lib/contract/run";
import { dataNames } from "@/lib/domain/data-label";
import { formatLoss } from "@/lib/domain/format";
import type { RunDialog } from "./run-actions";
import { lossOf } from "./run-facts";
import { RunMenu } from "./run-menu";
import { DataText, MethodBadge, RunProgress, RunTimeText } from "./run-parts";
import { SelectBox } from "./select-box";
import { Sparkline } from "./sparkline";

type RunRowProps = {
  run: Run;
  index: number;
  measure?: RefCallback<HTMLElement>;
  selected: boolean;
  onToggle: (runId: string) => void;
  onDialog: (dialog: RunDialog) => void;
};

/** One line; drawn anew only when its own run changes. */
export const RunRow = memo(function RunRow({ run, index, measure, selected, onToggle, onDialog }: RunRowProps) {
  const t = useTranslations("runs");
  const router = useRouter();
  const href = `/runs/${run.id}`;
  const loss = lossOf(run);
  const open = (event: React.MouseEvent) => {
    if (event.target instanceof Element && event.target.closest("a, button, label, [role=menu], [role=dialog]")) return;
    if (window.getSelection()?.toString()) return;
    router.push(href);
  };
  return (
    <Tr
      ref={measure}
      data-index={index}
      data-run={run.id}
      aria-rowindex={index + 2}
      aria-selected={selected}
      onClick={open}
      className="cursor-pointer has-[a:focus-visible]:bg-sunken"
    >
      <Td className="pr-0 first:pl-3">
        <SelectBox checked={selected} label={t("selectRun", { name: run.name })} onToggle={() => onToggle(run.id)} />
      </Td>
      <Td className="truncate">
        <StatusBadge status={run.status} failureCode={run.failure?.code} queuePosition={run.queuePosition} />
      </Td>
      <Td>
        <Link
          href={href}
          prefetch={false}
          title={run.name}
          className="block scroll-my-24 truncate rounded font-medium text-strong hover:underline"
        >
          {run.name}
        </Link>
      </Td>
      <Td className="hidden truncate @min-[840px]:table-cell" title={run.labels.model}>
        {run.labels.model}
      </Td>
      <Td className="hidden @min-[1130px]:table-cell" title={dataNames(run.labels)}>
        <DataText labels={run.labels} />
      </Td>
      <Td className="hidden @min-[920px]:table-cell">
        <MethodBadge run={run} />
      </Td>
      <Td numeric className="text-strong">
        {loss !== null && formatLoss(loss)}
      </Td>
      <Td className="hidden @min-[1030px]:table-cell">
        <Sparkline spark={run.spark} failed={run.status === "failed" || run.status === "lost"} />
      </Td>
      <Td>
        <RunProgress run={run} className="w-[72px]" />
      </Td>
      <Td numeric className="truncate">
        <RunTimeText run={run} />
      </Td>
      <Td>
        <RunMenu run={run} onDialog={onDialog} />
      </Td>
    </Tr>
  );
});
