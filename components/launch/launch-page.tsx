"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/layout/page-header";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Skeleton } from "@/components/ui/skeleton";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { modelQueries } from "@/lib/client/queries/models";
import { runQueries } from "@/lib/client/queries/runs";
import type { Model } from "@/lib/contract/model";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import type { LaunchAddress } from "./address";
import { type AddDialog, LaunchForm } from "./launch-form";

export type LaunchPageProps = { address: LaunchAddress; AddModel: AddDialog<Model>; AddData: AddDialog<ReadyDataset> };

export function LaunchPage({ address, AddModel, AddData }: LaunchPageProps) {
  const models = useQuery(modelQueries.list());
  const datasets = useQuery(datasetQueries.every());
  const quickStart = useQuery(runQueries.quickStart());
  const from = useQuery({ ...runQueries.detail(address.from ?? ""), enabled: address.from !== undefined });
  const failed = [models, datasets, from].find((query) => query.isError);
  if (failed) return <ErrorState error={failed.error} onRetry={() => failed.refetch()} />;
  // Without a quick start (no demo on this machine) the form works all the same.
  const waiting = quickStart.isPending || (address.from !== undefined && from.isPending);
  if (!models.data || !datasets.data || waiting) return <LaunchSkeleton />;
  return (
    <LaunchForm
      key={JSON.stringify(address)}
      models={models.data}
      datasets={datasets.data}
      quickStart={quickStart.data?.spec ?? null}
      address={address}
      from={from.data ?? null}
      AddModel={AddModel}
      AddData={AddData}
    />
  );
}

function LaunchSkeleton() {
  const t = useTranslations("launch");
  return (
    <>
      <PageHeader title={t("title")} />
      <LoadingState className="grid gap-x-7 gap-y-4 lg:grid-cols-[minmax(0,1fr)_340px] xl:grid-cols-[132px_minmax(0,1fr)_372px]">
        <Skeleton className="hidden h-44 xl:block" />
        <div className="grid gap-4">
          <Skeleton className="h-36" />
          <Skeleton className="h-40" />
          <Skeleton className="h-72" />
        </div>
        <Skeleton className="hidden h-[420px] lg:block" />
      </LoadingState>
    </>
  );
}
