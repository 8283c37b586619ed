"use client";
import { useQuery } from "@tanstack/react-query";
import { CopyCheck } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { EmptyState, ErrorState, LoadingState } from "@/components/layout/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { toast } from "@/components/ui/toast";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { type OverlapSets, overlapHref, overlapQueries, useCompareSets } from "@/lib/client/queries/overlap";
import { useErrorText } from "@/lib/client/use-error-text";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { TaskProgress } from "../task-progress";
import { readAddress, setsOf } from "./overlap-address";
import { OverlapChoice } from "./overlap-choice";
import { OverlapReportView } from "./overlap-report";

/** Rows that training and validation share, and prompts with two answers. */
export function OverlapPanel({ dataset }: { dataset: ReadyDataset }) {
  const t = useTranslations("dataset.overlap");
  const [sets, setSets] = useState(() => readAddress(window.location.search) ?? setsOf([dataset.id], []));
  const all = useQuery(datasetQueries.list());
  const choose = (next: OverlapSets) => {
    setSets(next);
    if (next.trainIds.length > 0) window.history.replaceState(null, "", `?${overlapHref(next).split("?")[1]}`);
  };
  if (all.isError) return <ErrorState error={all.error} onRetry={() => all.refetch()} />;
  if (!all.data) return <LoadingState />;
  return (
    <div className="grid gap-4">
      <Card title={t("title")}>
        <OverlapChoice all={all.data} sets={sets} onSets={choose} />
      </Card>
      {sets.trainIds.length === 0 ? (
        <EmptyState icon={<CopyCheck size={22} />} title={t("noTraining")} />
      ) : (
        <Known key={JSON.stringify(sets)} sets={sets} all={all.data} />
      )}
    </div>
  );
}

function Known({ sets, all }: { sets: OverlapSets; all: readonly ReadyDataset[] }) {
  const t = useTranslations("dataset.overlap");
  const errorText = useErrorText();
  const known = useQuery(overlapQueries.known(sets));
  const compare = useCompareSets();
  const start = () => compare.mutate(sets, { onError: (error) => toast.error(errorText(error)) });
  if (known.isError) return <ErrorState error={known.error} onRetry={() => known.refetch()} />;
  if (!known.data) return <LoadingState />;
  const { report, taskId } = known.data;
  if (report !== null) return <OverlapReportView sets={sets} all={all} report={report} />;
  if (taskId !== null)
    return (
      <Card>
        <TaskProgress key={taskId} taskId={taskId} words={t("comparing")} onDone={() => known.refetch()} onAgain={start} />
      </Card>
    );
  return (
    <Card>
      <EmptyState
        icon={<CopyCheck size={22} />}
        title={t("empty")}
        body={t("emptyBody")}
        action={
          <Button variant="primary" loading={compare.isPending} onClick={start}>
            {t("run")}
          </Button>
        }
      />
    </Card>
  );
}
