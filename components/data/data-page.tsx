"use client";
import { useQuery } from "@tanstack/react-query";
import { Database, Ellipsis, Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/layout/page-header";
import { EmptyState, ErrorState, LoadingState } from "@/components/layout/states";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Menu } from "@/components/ui/menu";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { useFormat } from "@/lib/client/use-format";
import type { ReadyDataset as Dataset } from "@/lib/domain/ready-dataset";
import { AddDataDialog } from "./add-data-dialog";
import { DeleteDataset } from "./delete-dataset";

export function DataPage() {
  const t = useTranslations("data");
  const router = useRouter();
  const [adding, setAdding] = useState(false);
  const datasets = useQuery(datasetQueries.list());
  useFileDragged(setAdding);
  const add = (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden size={15} />
      {t("add")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("title")} actions={datasets.data?.length === 0 ? undefined : add} />
      {datasets.isError ? (
        <ErrorState error={datasets.error} onRetry={() => datasets.refetch()} />
      ) : !datasets.data ? (
        <LoadingState>
          <Skeleton className="h-48" />
        </LoadingState>
      ) : datasets.data.length === 0 ? (
        <Card>
          <EmptyState icon={<Database size={22} />} title={t("empty")} body={t("emptyBody")} action={add} />
        </Card>
      ) : (
        <DatasetTable datasets={datasets.data} />
      )}
      <AddDataDialog open={adding} onOpenChange={setAdding} onMade={(dataset) => router.push(`/data/${dataset.id}`)} />
    </>
  );
}

/** A file dragged over the page opens the place to drop it. */
function useFileDragged(setOpen: (open: boolean) => void) {
  useEffect(() => {
    const onDrag = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files")) setOpen(true);
    };
    window.addEventListener("dragenter", onDrag);
    return () => window.removeEventListener("dragenter", onDrag);
  }, [setOpen]);
}

function DatasetTable({ datasets }: { datasets: readonly Dataset[] }) {
  const t = useTranslations("data");
  return (
    <Card flush>
      <Table>
        <THead>
          <Tr>
            <Th>{t("column.name")}</Th>
            <Th className="hidden md:table-cell">{t("column.format")}</Th>
            <Th numeric>{t("column.rows")}</Th>
            <Th numeric className="hidden md:table-cell">
              {t("column.problems")}
            </Th>
            <Th numeric className="hidden md:table-cell">
              {t("column.size")}
            </Th>
            <Th className="hidden md:table-cell">{t("column.added")}</Th>
            <Th className="hidden md:table-cell">{t("column.used")}</Th>
            <Th />
          </Tr>
        </THead>
        <TBody>
          {datasets.map((dataset) => (
            <DatasetRow key={dataset.id} dataset={dataset} />
          ))}
        </TBody>
      </Table>
    </Card>
  );
}

function DatasetRow({ dataset }: { dataset: Dataset }) {
  const t = useTranslations("data");
  const common = useTranslations("common");
  const router = useRouter();
  const format = useFormat();
  const [deleting, setDeleting] = useState(false);
  const [now] = useState(Date.now);
  const { id, name, source, report, createdAt, usedByRuns } = dataset;
  const leftOut = report.rows - report.usableRows;
  return (
    <Tr>
      <Td className="max-w-56 truncate md:max-w-80">
        <Link href={`/data/${id}`} className="font-medium text-strong hover:underline">
          {name}
        </Link>
        {source === "demo" && <Badge className="ml-2">{t("demo")}</Badge>}
      </Td>
      <Td className="hidden md:table-cell">{report.format}</Td>
      <Td numeric>
        <span className="text-strong">{format.count(report.usableRows)}</span>
        {leftOut > 0 && <span className="text-muted"> {t("ofRows", { total: format.count(report.rows) })}</span>}
      </Td>
      <Td numeric className="hidden md:table-cell">
        {leftOut === 0 ? (
          <span className="text-muted">0</span>
        ) : (
          <Link href={`/data/${id}?tab=problems`} className="text-warning hover:underline">
            {format.count(leftOut)}
          </Link>
        )}
      </Td>
      <Td numeric className="hidden md:table-cell">
        {format.bytes(report.bytes)}
      </Td>
      <Td className="hidden md:table-cell">
        <time title={format.date(createdAt)}>{format.ago(createdAt, now)}</time>
      </Td>
      <Td className="hidden md:table-cell">{t("usedBy", { count: usedByRuns })}</Td>
      <Td className="text-right">
        <Menu
          trigger={
            <Button size="sm" variant="ghost" icon aria-label={`${common("actions")}: ${name}`}>
              <Ellipsis aria-hidden size={15} />
            </Button>
          }
          items={[
            { label: t("open"), onSelect: () => router.push(`/data/${id}`) },
            { label: t("train"), onSelect: () => router.push(`/launch?dataset=${id}`), disabled: report.usableRows === 0 },
            "separator",
            { label: t("delete"), onSelect: () => setDeleting(true), danger: true },
          ]}
        />
        <DeleteDataset dataset={dataset} open={deleting} onOpenChange={setDeleting} />
      </Td>
    </Tr>
  );
}
