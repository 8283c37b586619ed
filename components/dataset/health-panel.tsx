"use client";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { EmptyState } from "@/components/layout/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Select } from "@/components/ui/select";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { datasetViewQueries, useCheckDataset } from "@/lib/client/queries/dataset-view";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import type { ReasonAction, ReasonCount } from "@/lib/contract/dataset";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { Pager } from "./pager";
import { ProblemTable } from "./problem-table";
import { useReasonText } from "./use-reason-text";

const PAGE_ROWS = 50;

/** What was found in the rows, by reason; what is to be done with them makes the next version. */
export function HealthPanel({ dataset, onRow }: { dataset: ReadyDataset; onRow: (row: number) => void }) {
  const t = useTranslations("dataset.health");
  const [reason, setReason] = useState<string | null>(null);
  const { reasons } = dataset.report;
  if (reasons.length === 0)
    return (
      <Card>
        <EmptyState icon={<CircleCheck size={22} className="text-succeeded" />} title={t("clean")} body={t("cleanBody")} />
      </Card>
    );
  return (
    <div className="grid gap-4">
      <Reasons dataset={dataset} chosen={reason} onChoose={(next) => setReason(next === reason ? null : next)} />
      <Problems key={reason} datasetId={dataset.id} reason={reason} onRow={onRow} />
    </div>
  );
}

function Reasons({ dataset, chosen, onChoose }: { dataset: ReadyDataset; chosen: string | null; onChoose: (reason: string) => void }) {
  const t = useTranslations("dataset.health");
  const router = useRouter();
  const errorText = useErrorText();
  const check = useCheckDataset();
  const [actions, setActions] = useState<Record<string, ReasonAction>>({});
  const { reasons } = dataset.report;
  const changed = reasons.filter(({ reason, action }) => actions[reason] !== undefined && actions[reason] !== action);
  const apply = () => {
    if (dataset.mapping === null) return;
    const all = Object.fromEntries(reasons.map(({ reason, action }) => [reason, actions[reason] ?? action]));
    check.mutate(
      { datasetId: dataset.id, mapping: dataset.mapping, actions: all },
      {
        onSuccess: (next) => router.push(`/data/${next.id}`),
        onError: (error) => toast.error(errorText(error)),
      },
    );
  };
  return (
    <Card
      title={t("title")}
      flush
      actions={
        changed.length > 0 && (
          <>
            <Button size="sm" variant="ghost" onClick={() => setActions({})}>
              {t("undo")}
            </Button>
            <Button size="sm" variant="primary" loading={check.isPending} disabled={dataset.mapping === null} onClick={apply}>
              {t("apply", { version: dataset.version + 1 })}
            </Button>
          </>
        )
      }
    >
      <Table>
        <THead>
          <Tr>
            <Th>{t("reason")}</Th>
            <Th numeric>{t("rows")}</Th>
            <Th>{t("first")}</Th>
            <Th>{t("action")}</Th>
          </Tr>
        </THead>
        <TBody>
          {reasons.map((one) => (
            <ReasonRow
              key={one.reason}
              count={one}
              action={actions[one.reason] ?? one.action}
              chosen={one.reason === chosen}
              onChoose={() => onChoose(one.reason)}
              onAction={(action) => setActions({ ...actions, [one.reason]: action })}
            />
          ))}
        </TBody>
      </Table>
    </Card>
  );
}

type ReasonRowProps = {
  count: ReasonCount;
  action: ReasonAction;
  chosen: boolean;
  onChoose: () => void;
  onAction: (action: ReasonAction) => void;
};

function ReasonRow({ count, action, chosen, onChoose, onAction }: ReasonRowProps) {
  const t = useTranslations("dataset.health");
  const format = useFormat();
  const reasonText = useReasonText();
  const possible: ReasonAction[] = [
    "drop",
    ...(count.severity === "warn" ? (["keep"] as const) : []),
    ...(count.fixable ? (["fix"] as const) : []),
  ];
  return (
    <Tr aria-selected={chosen}>
      <Td>
        <button type="button" aria-pressed={chosen} onClick={onChoose} className="text-left font-medium text-strong hover:underline">
          {reasonText(count.reason)}
        </button>
        <span className={`ml-2 text-xs ${count.severity === "drop" ? "text-failed" : "text-warning"}`}>
          {t(`severity.${count.severity}`)}
        </span>
      </Td>
      <Td numeric>{format.count(count.rows)}</Td>
      <Td className="text-muted">{count.firstRow}</Td>
      <Td className="w-44 py-1">
        <Select
          value={action}
          onValueChange={(next) => onAction(possible.find((one) => one === next) ?? action)}
          options={possible.map((one) => ({ value: one, label: t(`do.${one}`) }))}
          disabled={possible.length === 1}
          aria-label={`${t("action")}: ${reasonText(count.reason)}`}
        />
      </Td>
    </Tr>
  );
}

function Problems({ datasetId, reason, onRow }: { datasetId: string; reason: string | null; onRow: (row: number) => void }) {
  const t = useTranslations("dataset.health");
  const reasonText = useReasonText();
  const [offset, setOffset] = useState(0);
  const problems = useQuery(datasetViewQueries.problems(datasetId, reason, offset, PAGE_ROWS));
  return (
    <Card title={reason === null ? t("all") : reasonText(reason)} flush>
      <Pager
        offset={offset}
        pageRows={PAGE_ROWS}
        total={problems.data?.total ?? null}
        whole={false}
        onRow={(row) => setOffset(Math.floor(row / PAGE_ROWS) * PAGE_ROWS)}
      />
      <ProblemTable problems={problems.data?.problems ?? []} onRow={onRow} />
    </Card>
  );
}
