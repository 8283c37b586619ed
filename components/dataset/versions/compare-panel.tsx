"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { versionQueries } from "@/lib/client/queries/dataset-versions";
import { useFormat } from "@/lib/client/use-format";
import type { DatasetReport } from "@/lib/contract/dataset";
import { differences } from "@/lib/contract/dataset-names";
import type { Comparison, Difference } from "@/lib/contract/dataset-view";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { TaskProgress } from "../task-progress";
import { ComparedRows } from "./compared-rows";

type Pair = { before: ReadyDataset; after: ReadyDataset };

/** Two versions beside each other: what is counted of each, and the rows in which they differ. */
export function ComparePanel({ before, after }: Pair) {
  const t = useTranslations("versions.compare");
  const asked = useQuery(versionQueries.compare(after.id, before.id));
  return (
    <Card title={t("title", { before: before.version, after: after.version })}>
      <CountsTable before={before} after={after} />
      {asked.isError && <ErrorState error={asked.error} onRetry={() => asked.refetch()} />}
      {asked.isPending && <LoadingState />}
      {asked.data?.taskId && (
        <TaskProgress taskId={asked.data.taskId} words={t("comparing")} onDone={() => asked.refetch()} onAgain={() => asked.refetch()} />
      )}
      {asked.data?.comparison && <Differences before={before} after={after} comparison={asked.data.comparison} />}
    </Card>
  );
}

function Differences({ before, after, comparison }: Pair & { comparison: Comparison }) {
  const t = useTranslations("versions.compare");
  const format = useFormat();
  const some = differences.filter((kind) => comparison[kind] > 0);
  const [kind, setKind] = useState<Difference>(some[0] ?? "changed");
  const same = t("same", { count: comparison.same });
  if (some.length === 0) return <p className="text-sm text-strong">{t("equal", { count: comparison.same })}</p>;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segmented
          value={kind}
          onValueChange={setKind}
          options={differences.map((value) => ({
            value,
            label: `${t(`kind.${value}`)} ${format.count(comparison[value])}`,
            disabled: comparison[value] === 0,
          }))}
          aria-label={t("kinds")}
        />
        <span className="text-muted text-sm">{same}</span>
      </div>
      {!comparison.byNumber && <p className="mt-2 text-muted text-xs">{t("byContent")}</p>}
      <ComparedRows key={`${after.id}-${before.id}-${kind}`} afterId={after.id} beforeId={before.id} kind={kind} />
    </>
  );
}

const figures = {
  rows: ({ rows }) => rows,
  usable: ({ usableRows }) => usableRows,
  leftOut: ({ rows, usableRows }) => rows - usableRows,
  median: ({ characters }) => characters.median,
  longest: ({ characters }) => characters.max,
  turns: ({ turns }) => turns.mean,
  system: ({ systemRows }) => systemRows,
  tools: ({ toolRows }) => toolRows,
} satisfies Record<string, (report: DatasetReport) => number>;
const figureNames = ["rows", "usable", "leftOut", "median", "longest", "turns", "system", "tools"] as const;

function CountsTable({ before, after }: Pair) {
  const t = useTranslations("versions.compare");
  const format = useFormat();
  return (
    <div className="-mx-4 mb-4 overflow-x-auto">
      <Table>
        <THead>
          <Tr>
            <Th>{t("figures")}</Th>
            <Th numeric>v{before.version}</Th>
            <Th numeric>v{after.version}</Th>
            <Th numeric>{t("difference")}</Th>
          </Tr>
        </THead>
        <TBody>
          {figureNames.map((name) => {
            const [was, is] = [figures[name](before.report), figures[name](after.report)];
            return (
              <Tr key={name}>
                <Td>{t(`figure.${name}`)}</Td>
                <Td numeric>{format.count(was)}</Td>
                <Td numeric>{format.count(is)}</Td>
                <Td numeric className={was === is ? "text-muted" : "text-strong"}>
                  {was === is ? "0" : `${is > was ? "+" : "−"}${format.count(Math.abs(is - was))}`}
                </Td>
              </Tr>
            );
          })}
        </TBody>
      </Table>
    </div>
  );
}
