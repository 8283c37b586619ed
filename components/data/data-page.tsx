"use client";
import { useQuery } from "@tanstack/react-query";
import { Database } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionsCell, ListPage, NameCell } from "@/components/layout/list-page";
import { Badge } from "@/components/ui/badge";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { useFormat } from "@/lib/client/use-format";
import type { Dataset } from "@/lib/contract/dataset";
import { isReady, type ReadyDataset } from "@/lib/domain/ready-dataset";
import { AddDataDialog } from "./add-data-dialog";
import { DeleteDataset } from "./delete-dataset";

export function DataPage() {
  const t = useTranslations("data");
  const router = useRouter();
  const [adding, setAdding] = useState(false);
  const datasets = useQuery(datasetQueries.every());
  useFileDragged(setAdding);
  return (
    <>
      <ListPage
        title={t("title")}
        add={{ label: t("add"), onPress: () => setAdding(true) }}
        list={datasets}
        empty={{ icon: <Database size={22} />, title: t("empty"), body: t("emptyBody") }}
      >
        {(list) => <DatasetTable datasets={list} />}
      </ListPage>
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
    // A file that misses the dialog must not take the browser away from the page.
    const stay = (event: DragEvent) => event.preventDefault();
    window.addEventListener("dragenter", onDrag);
    window.addEventListener("dragover", stay);
    window.addEventListener("drop", stay);
    return () => {
      window.removeEventListener("dragenter", onDrag);
      window.removeEventListener("dragover", stay);
      window.removeEventListener("drop", stay);
    };
  }, [setOpen]);
}

function DatasetTable({ datasets }: { datasets: readonly Dataset[] }) {
  const t = useTranslations("data");
  return (
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
  );
}

function DatasetRow({ dataset }: { dataset: Dataset }) {
  const t = useTranslations("data");
  const router = useRouter();
  const format = useFormat();
  const [deleting, setDeleting] = useState(false);
  const [now] = useState(Date.now);
  const { id, name, source, createdAt, usedByRuns, version } = dataset;
  return (
    <Tr>
      <NameCell
        marks={
          <>
            {source === "demo" && <Badge>{t("demo")}</Badge>}
            {version > 1 && <Badge>v{version}</Badge>}
          </>
        }
      >
        <Link href={`/data/${id}`} title={name} className="font-medium text-strong hover:underline">
          {name}
        </Link>
      </NameCell>
      {isReady(dataset) ? <ReportCells dataset={dataset} /> : <StatusCells dataset={dataset} />}
      <Td className="hidden md:table-cell">
        <time title={format.date(createdAt)}>{format.ago(createdAt, now)}</time>
      </Td>
      <Td className="hidden md:table-cell">{t("usedBy", { count: usedByRuns })}</Td>
      <ActionsCell
        name={name}
        items={[
          { label: t("open"), onSelect: () => router.push(`/data/${id}`) },
          {
            label: t("train"),
            onSelect: () => router.push(`/launch?dataset=${id}`),
            disabled: !isReady(dataset) || dataset.report.usableRows === 0,
          },
          {
            label: t("addToRun"),
            onSelect: () => router.push(`/launch?add=${id}`),
            disabled: !isReady(dataset) || dataset.report.usableRows === 0,
          },
          "separator",
          { label: t("delete"), onSelect: () => setDeleting(true), danger: true },
        ]}
      >
        <DeleteDataset dataset={dataset} open={deleting} onOpenChange={setDeleting} />
      </ActionsCell>
    </Tr>
  );
}

function ReportCells({ dataset: { id, report } }: { dataset: ReadyDataset }) {
  const t = useTranslations("data");
  const forms = useTranslations("common.form");
  const format = useFormat();
  const leftOut = report.rows - report.usableRows;
  return (
    <>
      <Td className="hidden md:table-cell">{forms(report.format)}</Td>
      <Td numeric>
        <span className="text-strong">{format.count(report.usableRows)}</span>
        {leftOut > 0 && <span className="text-muted"> {t("ofRows", { total: format.count(report.rows) })}</span>}
      </Td>
      <Td numeric className="hidden md:table-cell">
        {leftOut === 0 ? (
          <span className="text-muted">0</span>
        ) : (
          <Link href={`/data/${id}?tab=health`} className="text-warning hover:underline">
            {format.count(leftOut)}
          </Link>
        )}
      </Td>
      <Td numeric className="hidden md:table-cell">
        {format.bytes(report.bytes)}
      </Td>
    </>
  );
}

/** What stands there before every row was read. */
function StatusCells({ dataset: { status, files } }: { dataset: Dataset }) {
  const t = useTranslations("data");
  const format = useFormat();
  return (
    <>
      <Td className="hidden md:table-cell">–</Td>
      <Td numeric>
        <Badge tone={status === "failed" ? "failed" : status === "checking" ? "running" : "warning"}>{t(`status.${status}`)}</Badge>
      </Td>
      <Td numeric className="hidden md:table-cell">
        –
      </Td>
      <Td numeric className="hidden md:table-cell">
        {format.bytes(files.reduce((sum, { bytes }) => sum + bytes, 0))}
      </Td>
    </>
  );
}
