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
import { type RunSet, runSets } from "./run-sets";

/** The sets of a run with the rows of each; the sums are the worker's own once it has counted. */
export function DataCard({ run, className }: { run: Run; className?: string }) {
  const t = useTranslations("run.dataCard");
  const format = useFormat();
  const datasets = useQuery(datasetQueries.every()).data;
  if (run.spec.kind !== "train" || datasets === undefined) return null;
  const { trained, validation, counts } = runSets(run, run.spec, datasets);
  const sums = run.plan ?? counts;
  const weighted = trained.some(({ weight }) => weight !== null);
  const show = (value: number | null | undefined) => (value === null || value === undefined ? "–" : format.count(value));
  return (
    <Card title={t("title")} actions={<MixNote run={run} />} flush className={className}>
      <Table>
        <THead>
          <Tr>
            <Th>{t("set")}</Th>
            <Th numeric className="hidden sm:table-cell">
              {t("usable")}
            </Th>
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
          {trained.map((set) => (
            <Tr key={set.id}>
              <NameTd id={set.id} name={set.name} dataset={set.dataset} />
              <Td numeric className="hidden sm:table-cell">
                {show(set.counts?.rows)}
                {set.maxRows !== null && <span className="text-muted"> {t("atMost", { count: format.count(set.maxRows) })}</span>}
              </Td>
              {weighted && (
                <Td numeric className="hidden sm:table-cell">
                  {set.weight === null ? "" : format.count(set.weight)}
                </Td>
              )}
              <Td numeric className="text-strong" title={repeats(set, t)}>
                {show(set.counts?.train)}
              </Td>
              <Td numeric>{show(set.counts?.validation)}</Td>
            </Tr>
          ))}
          {validation.map((set) => (
            <Tr key={set.id}>
              <NameTd id={set.id} name={set.name} dataset={set.dataset} />
              <Td numeric className="hidden sm:table-cell">
                {show(set.rows)}
              </Td>
              {weighted && <Td className="hidden sm:table-cell" />}
              <Td numeric>0</Td>
              <Td numeric className="text-strong">
                {show(set.rows)}
              </Td>
            </Tr>
          ))}
          {trained.length + validation.length > 1 && (
            <Tr>
              <Td className="font-medium text-strong">{t("together")}</Td>
              <Td className="hidden sm:table-cell" />
              {weighted && <Td className="hidden sm:table-cell" />}
              <Td numeric className="font-medium text-strong">
                {show(sums?.trainRows)}
              </Td>
              <Td numeric className="font-medium text-strong">
                {show(sums?.evalRows)}
              </Td>
            </Tr>
          )}
        </TBody>
      </Table>
    </Card>
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

/** How the sets are mixed, and what the worker left out. */
function MixNote({ run }: { run: Run }) {
  const t = useTranslations("run.dataCard");
  const format = useFormat();
  if (run.spec.kind !== "train") return null;
  const { sets, mix } = run.spec.data;
  const dropped = run.plan?.droppedRows ?? 0;
  const notes = [sets.length > 1 && t(`mix.${mix}`), dropped > 0 && t("dropped", { count: format.count(dropped) })].filter(Boolean);
  return <span className="text-muted text-xs">{notes.join(" · ")}</span>;
}

function repeats({ counts }: RunSet, t: (key: string, values: { count: number }) => string): string | undefined {
  return counts !== null && counts.repeated > 0 ? t("repeated", { count: counts.repeated }) : undefined;
}
