"use client";
import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/layout/page-header";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { systemQueries } from "@/lib/client/queries/system";
import { DevicesCard } from "./devices-card";
import { DiskCard } from "./disk-card";
import { EnvironmentCard } from "./environment-card";
import { ServerCard } from "./server-card";

export function SystemPage() {
  const t = useTranslations("system");
  const { data: report, dataUpdatedAt, error, isError, isFetching, refetch } = useQuery(systemQueries.report());
  return (
    <>
      <PageHeader
        title={t("title")}
        aside={report && <span>{report.host}</span>}
        actions={
          <Button loading={isFetching && report !== undefined} onClick={() => void refetch()}>
            <RefreshCw aria-hidden size={14} />
            {t("refresh")}
          </Button>
        }
      />
      {report ? (
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <DevicesCard devices={report.devices} />
          <EnvironmentCard environment={report.environment} problem={report.environmentProblem} />
          <div className="grid gap-4">
            <DiskCard disk={report.disk} home={report.home} modelRoots={report.modelRoots} />
            <ServerCard report={report} now={dataUpdatedAt} />
          </div>
        </div>
      ) : isError ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <LoadingState className="grid gap-4 lg:grid-cols-2">
          <Skeleton className="h-44 lg:col-span-2" />
          <Skeleton className="h-96" />
          <Skeleton className="h-60" />
        </LoadingState>
      )}
    </>
  );
}
