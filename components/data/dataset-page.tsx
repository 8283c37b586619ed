"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/layout/page-header";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Tabs } from "@/components/ui/tabs";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { useFormat } from "@/lib/client/use-format";
import type { ReadyDataset as Dataset } from "@/lib/domain/ready-dataset";
import { DeleteDataset } from "./delete-dataset";
import { FactsPanel } from "./facts-panel";
import { ProblemsPanel } from "./problems-panel";
import { RowsPanel } from "./rows-panel";

type Tab = "rows" | "problems" | "facts";

export function DatasetPage({ datasetId, startTab }: { datasetId: string; startTab: Tab }) {
  const dataset = useQuery(datasetQueries.detail(datasetId));
  if (dataset.isError) return <ErrorState error={dataset.error} onRetry={() => dataset.refetch()} />;
  if (!dataset.data) return <LoadingState />;
  return <DatasetView key={datasetId} dataset={dataset.data} startTab={startTab} />;
}

function DatasetView({ dataset, startTab }: { dataset: Dataset; startTab: Tab }) {
  const t = useTranslations("data");
  const format = useFormat();
  const router = useRouter();
  const [tab, setTab] = useState<Tab>(startTab);
  const [row, setRow] = useState(0);
  const [deleting, setDeleting] = useState(false);
  const { id, name, report } = dataset;
  const leftOut = report.rows - report.usableRows;
  const showRow = (index: number) => {
    setRow(index);
    setTab("rows");
  };
  return (
    <>
      <PageHeader
        title={name}
        breadcrumb={<Link href="/data">{t("title")}</Link>}
        aside={
          <>
            <Badge>{report.format}</Badge>
            <span>
              {leftOut === 0
                ? t("rowsAll", { count: report.rows })
                : t("rowsUsable", { usable: format.count(report.usableRows), total: format.count(report.rows) })}{" "}
              · {format.bytes(report.bytes)}
            </span>
          </>
        }
        actions={
          <>
            <Button variant="ghost" onClick={() => setDeleting(true)}>
              {t("delete")}
            </Button>
            <Button asChild variant="primary">
              <Link href={`/launch?dataset=${id}`}>{t("train")}</Link>
            </Button>
          </>
        }
      />
      <Tabs
        value={tab}
        onValueChange={setTab}
        className="mb-4"
        items={[
          { value: "rows", label: t("tabRows") },
          { value: "problems", label: t("tabProblems"), badge: leftOut > 0 ? format.count(leftOut) : undefined },
          { value: "facts", label: t("tabFacts") },
        ]}
      />
      {tab === "rows" && <RowsPanel datasetId={id} total={report.rows} row={row} onRow={setRow} />}
      {tab === "problems" && <ProblemsPanel report={report} onRow={showRow} />}
      {tab === "facts" && <FactsPanel dataset={dataset} />}
      <DeleteDataset dataset={dataset} open={deleting} onOpenChange={setDeleting} onDeleted={() => router.push("/data")} />
    </>
  );
}
