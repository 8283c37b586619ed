"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/layout/page-header";
import { EmptyState, ErrorState, LoadingState } from "@/components/layout/states";
import { Skeleton } from "@/components/ui/skeleton";
import { exportQueries } from "@/lib/client/queries/exports";
import { runQueries } from "@/lib/client/queries/runs";
import { ExportCard } from "./export-card";
import { ExportForm } from "./export-form";

/** Take a checkpoint out of a run: the form above, what was made below. */
export function ExportsScreen() {
  const t = useTranslations("exports");
  const runs = useQuery(runQueries.list());
  const exports = useQuery(exportQueries.list());
  return (
    <>
      <PageHeader title={t("title")} />
      {runs.isError ? (
        <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />
      ) : runs.data === undefined ? (
        <LoadingState>
          <Skeleton className="h-72" />
        </LoadingState>
      ) : (
        <ExportForm runs={runs.data} />
      )}
      <h2 className="mt-6 mb-3 font-semibold text-base text-strong">{t("list")}</h2>
      {exports.isError && <ErrorState error={exports.error} onRetry={() => void exports.refetch()} />}
      {exports.isPending && (
        <LoadingState>
          <Skeleton className="h-28" />
        </LoadingState>
      )}
      {exports.data?.length === 0 && (
        <div className="rounded-lg border border-line border-dashed">
          <EmptyState title={t("empty")} body={t("emptyBody")} />
        </div>
      )}
      <div className="space-y-3">
        {exports.data?.map((run) => (
          <ExportCard key={run.id} run={run} source={runs.data?.find((one) => run.spec.kind === "export" && one.id === run.spec.runId)} />
        ))}
      </div>
    </>
  );
}
