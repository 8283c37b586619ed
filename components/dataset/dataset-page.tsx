"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/layout/page-header";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { ApiError } from "@/lib/client/request";
import { useFormat } from "@/lib/client/use-format";
import type { Dataset } from "@/lib/contract/dataset";
import { isReady } from "@/lib/domain/ready-dataset";
import { ChangeMenu } from "./change-menu";
import type { DatasetTab } from "./dataset-tab-names";
import { DatasetTabs } from "./dataset-tabs";
import { MakingPanel } from "./making-panel";
import { MappingPanel } from "./mapping/mapping-panel";
import { TablePanel } from "./rows/table-panel";
import { TaskProgress } from "./task-progress";

const CHECK_AGAIN_MS = 1000;

type DatasetPageProps = {
  datasetId: string;
  startTab: DatasetTab;
  /** The row that a link names. */
  startRow: number;
  /** Asks, deletes, and leaves the page; comes from the list's feature. */
  deleteButton: (dataset: Dataset) => React.ReactNode;
};

export function DatasetPage({ datasetId, startTab, startRow, deleteButton }: DatasetPageProps) {
  const dataset = useQuery({
    ...datasetQueries.detail(datasetId),
    // The push tells it at once; this is for a browser whose socket is away.
    refetchInterval: ({ state }) => (state.data?.status === "checking" ? CHECK_AGAIN_MS : false),
  });
  if (dataset.isError) return <ErrorState error={dataset.error} onRetry={() => dataset.refetch()} />;
  if (!dataset.data) return <LoadingState />;
  return (
    <>
      <Header dataset={dataset.data} deleteButton={deleteButton} />
      <Body key={`${datasetId}-${dataset.data.status}`} dataset={dataset.data} startTab={startTab} startRow={startRow} />
    </>
  );
}

function Header({ dataset, deleteButton }: { dataset: Dataset; deleteButton: DatasetPageProps["deleteButton"] }) {
  const t = useTranslations("data");
  const more = useTranslations("dataset");
  const forms = useTranslations("common.form");
  const format = useFormat();
  const { id, name, report, version, files } = dataset;
  const leftOut = report === null ? 0 : report.rows - report.usableRows;
  return (
    <PageHeader
      title={name}
      breadcrumb={<Link href="/data">{t("title")}</Link>}
      aside={
        <>
          {version > 1 && <Badge>{more("version", { version })}</Badge>}
          <Badge tone={dataset.status === "failed" ? "failed" : dataset.status === "ready" ? "neutral" : "running"}>
            {report === null ? more(`status.${dataset.status}`) : forms(report.format)}
          </Badge>
          <span className="empty:hidden">
            {report === null
              ? files.length > 0 && format.bytes(files.reduce((sum, { bytes }) => sum + bytes, 0))
              : `${leftOut === 0 ? t("rowsAll", { count: report.rows }) : t("rowsUsable", { usable: format.count(report.usableRows), total: format.count(report.rows) })} · ${format.bytes(report.bytes)}`}
          </span>
        </>
      }
      actions={
        <>
          {deleteButton(dataset)}
          {isReady(dataset) && <ChangeMenu dataset={dataset} />}
          {isReady(dataset) && (
            <Button asChild variant="primary">
              <Link href={`/launch?dataset=${id}`}>{t("train")}</Link>
            </Button>
          )}
        </>
      }
    />
  );
}

type BodyProps = Pick<DatasetPageProps, "startTab" | "startRow"> & { dataset: Dataset };

function Body({ dataset, startTab, startRow }: BodyProps) {
  const t = useTranslations("dataset");
  const router = useRouter();
  const open = (next: Dataset) => (next.id === dataset.id ? router.refresh() : router.push(`/data/${next.id}`));
  const hasFiles = dataset.files.length > 0;
  if (isReady(dataset)) return <DatasetTabs dataset={dataset} startTab={startTab} startRow={startRow} onChecked={open} />;
  // Files are fetched or unpacked first, and a change writes its own.
  if (!hasFiles && dataset.change.type !== "import") return <MakingPanel dataset={dataset} />;
  return (
    <div className="grid gap-4">
      {dataset.fault && <ErrorState error={new ApiError(422, dataset.fault)} />}
      {!dataset.fault && dataset.taskId !== null && dataset.status !== "new" && (
        <Card>
          <TaskProgress taskId={dataset.taskId} words={t(hasFiles ? "task.checking" : "task.bringing")} />
        </Card>
      )}
      {hasFiles && !dataset.fault && dataset.status === "checking" && <TablePanel datasetId={dataset.id} reasons={[]} />}
      {hasFiles && !dataset.fault && dataset.status !== "checking" && <MappingPanel dataset={dataset} onChecked={open} />}
    </div>
  );
}
