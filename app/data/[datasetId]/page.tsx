import type { Metadata } from "next";
import { datasetTabs } from "@/components/dataset/dataset-tab-names";
import { Words } from "../../words";
import { DatasetView } from "./dataset-view";

export const metadata: Metadata = { title: "Data" };

type PageProps = { params: Promise<{ datasetId: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ params, searchParams }: PageProps) {
  const [{ datasetId }, { tab, row }] = await Promise.all([params, searchParams]);
  return (
    <Words of={["data", "dataset", "said", "versions"]}>
      <DatasetView datasetId={datasetId} startTab={datasetTabs.find((known) => known === tab) ?? "rows"} startRow={readRow(row)} />
    </Words>
  );
}

const readRow = (row: string | string[] | undefined): number => (typeof row === "string" && /^\d{1,12}$/.test(row) ? Number(row) : 0);
