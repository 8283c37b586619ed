"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Card } from "@/components/ui/card";
import { Select } from "@/components/ui/select";
import { Table, TBody, THead, Th, Tr } from "@/components/ui/table";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { runQueries } from "@/lib/client/queries/runs";
import type { Dataset } from "@/lib/contract/dataset";
import type { Run } from "@/lib/contract/run";
import { isReady, type ReadyDataset } from "@/lib/domain/ready-dataset";
import { datasetIdsOf } from "@/lib/domain/train-data";
import { ComparePanel } from "./compare-panel";
import { VersionRow } from "./version-row";

/** All versions of this data set: where each came from, what it changed, who trained on it; and two of them beside each other. */
export function VersionsPanel({ dataset }: { dataset: ReadyDataset }) {
  const t = useTranslations("dataset.versions");
  const all = useQuery(datasetQueries.every());
  const runs = useQuery(runQueries.list()).data ?? [];
  const [otherId, setOtherId] = useState<string | null>(null);
  if (all.isError) return <ErrorState error={all.error} onRetry={() => all.refetch()} />;
  if (!all.data) return <LoadingState />;
  const family = all.data.filter(({ familyId }) => familyId === dataset.familyId).sort((a, b) => b.version - a.version);
  const others = family.filter(isReady).filter(({ id }) => id !== dataset.id);
  const other = others.find(({ id }) => id === otherId);
  const [before, after] = other && other.version > dataset.version ? [dataset, other] : [other, dataset];
  return (
    <div className="grid gap-4">
      <Card
        title={t("title")}
        flush
        actions={others.length > 0 && <CompareWith others={others} otherId={otherId} onChoose={setOtherId} shown={dataset.version} />}
      >
        <Table>
          <THead>
            <Tr>
              <Th>{t("version")}</Th>
              <Th>{t("change")}</Th>
              <Th numeric>{t("usable")}</Th>
              <Th>{t("content")}</Th>
              <Th>{t("made")}</Th>
              <Th>{t("used")}</Th>
            </Tr>
          </THead>
          <TBody>
            {family.map((version) => (
              <VersionRow
                key={version.id}
                version={version}
                parent={family.find(({ id }) => id === version.parentId) ?? null}
                shown={version.id === dataset.id}
                runs={runs.filter((run) => trainsOn(run, version))}
              />
            ))}
          </TBody>
        </Table>
        <p className="border-line border-t px-4 py-2.5 text-muted text-xs">{t("goBack")}</p>
      </Card>
      {before && <ComparePanel key={`${before.id}-${after.id}`} before={before} after={after} />}
    </div>
  );
}

type CompareWithProps = { others: readonly ReadyDataset[]; otherId: string | null; onChoose: (id: string) => void; shown: number };

function CompareWith({ others, otherId, onChoose, shown }: CompareWithProps) {
  const t = useTranslations("versions.compare");
  return (
    <Select
      value={otherId ?? ""}
      onValueChange={onChoose}
      placeholder={t("choose", { version: shown })}
      options={others.map(({ id, version }) => ({ value: id, label: t("with", { version, shown }) }))}
      aria-label={t("choose", { version: shown })}
      className="w-auto min-w-44"
    />
  );
}

const trainsOn = ({ spec }: Run, { id }: Dataset): boolean =>
  spec.kind === "train" && datasetIdsOf(spec.data).some((known) => known === id);
