import type { Metadata } from "next";
import { DatasetPage } from "@/components/data/dataset-page";
import { Words } from "../../words";

export const metadata: Metadata = { title: "Data" };

type PageProps = { params: Promise<{ datasetId: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ params, searchParams }: PageProps) {
  const [{ datasetId }, { tab }] = await Promise.all([params, searchParams]);
  return (
    <Words of={["data"]}>
      <DatasetPage datasetId={datasetId} startTab={tab === "problems" ? "problems" : "rows"} />
    </Words>
  );
}
