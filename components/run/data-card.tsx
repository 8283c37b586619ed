"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { useFormat } from "@/lib/client/use-format";
import type { Dataset } from "@/lib/contract/dataset";
import type { Run } from "@/lib/contract/run";
import { type RunSet, runSets, sumRows } from "./run-sets";

/** The sets of a run with the rows of each: what the plan of the launch form has told, and the worker keeps. */
export function DataCard({ run, className }: { run: Run; className?: string }) {
  const t = useTranslations("run.dataCard");
  const datasets = useQuery(datasetQueries.every()).data;
  if (run.spec.kind !== "train" || datasets === undefined) return null;
  const sets = runSets(run, run.spec, datasets);
  const weighted = sets.some(({ weight }) => weight !== null);
  return (
    <Card
      title={t("title")}
      actions={sets.length > 1 && <span className="text-muted text-xs">{t(`mix.${run.spec.data.mix}`)}</span>}
      flush
      className={className}
    >
      <Table>
        <THead>
          <Tr>
            <Th>{t("set")}</Th>
            <Th className="hidden sm:table-cell">{t("usable")}</Th>
            {weighted && (
              <Th numeric className="hidden sm:table-cell">
                {t("weight")}
              </Th>
            )}
            <Th numeric>{t("trains")}</Th>
            <Th numeric>{t("validates")}</Th>
          </Tr>
        </THead>
        <TBody>
          {sets.map((set) => (
            <SetTr key={set.id} set={set} weighted={weighted} />
          ))}
          {sets.length > 1 && <SumTr sums={sumRows(run.plan, sets)} weighted={weighted} />}
        </TBody>
      </Table>
    </Card>
  );
}

function SetTr({ set: { id, name, dataset, weight, maxRows, figures }, weighted }: { set: RunSet; weighted: boolean }) {
  const t = useTranslations("run.dataCard");
  const format = useFormat();
  const notes = [
    figures && format.count(figures.rows),
    maxRows !== null && t("atMost", { count: format.count(maxRows) }),
    figures && figures.repeated > 0 && t("repeated", { count: format.count(figures.repeated) }),
    figures && figures.dropped > 0 && t("dropped", { count: format.count(figures.dropped) }),
  ].filter(Boolean);
  return (
    <Tr>
      <NameTd id={id} name={name} dataset={dataset} />
      <Td className="hidden text-muted sm:table-cell">{notes.join(" · ")}</Td>
      {weighted && (
        <Td numeric className="hidden sm:table-cell">
          {weight !== null && format.count(weight)}
        </Td>
      )}
      <Td numeric className="text-strong">
        {figures === null ? "–" : format.count(figures.train)}
      </Td>
      <Td numeric className="text-strong">
        {figures === null ? "–" : format.count(figures.validation)}
      </Td>
    </Tr>
  );
}

function SumTr({ sums, weighted }: { sums: ReturnType<typeof sumRows>; weighted: boolean }) {
  const t = useTranslations("run.dataCard");
  const format = useFormat();
  return (
    <Tr className="font-medium text-strong">
      <Td>{t("together")}</Td>
      <Td className="hidden sm:table-cell" />
      {weighted && <Td className="hidden sm:table-cell" />}
      <Td numeric>{sums === null ? "–" : format.count(sums.train)}</Td>
      <Td numeric>{sums === null ? "–" : format.count(sums.validation)}</Td>
    </Tr>
  );
}

function NameTd({ id, name, dataset }: { id: string; name: string; dataset: Dataset | null }) {
  const t = useTranslations("run.dataCard");
  return (
    <Td className="max-w-64 sm:max-w-none">
      <span className="flex min-w-0 items-center gap-2">
        {dataset === null ? (
          <span className="truncate text-muted" title={t("gone")}>
            {name}
          </span>
        ) : (
          <Link href={`/data/${id}`} prefetch={false} title={name} className="truncate font-medium text-strong hover:underline">
            {name}
          </Link>
        )}
        {dataset !== null && dataset.version > 1 && <Badge>v{dataset.version}</Badge>}
        {dataset === null && <Badge tone="warning">{t("deleted")}</Badge>}
      </span>
    </Td>
  );
}
