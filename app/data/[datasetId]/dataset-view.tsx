"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { DeleteDataset } from "@/components/data/delete-dataset";
import { DatasetPage } from "@/components/dataset/dataset-page";
import type { DatasetTab } from "@/components/dataset/dataset-tab-names";
import { Button } from "@/components/ui/button";
import type { Dataset } from "@/lib/contract/dataset";

type DatasetViewProps = { datasetId: string; startTab: DatasetTab; startRow: number };

export function DatasetView(props: DatasetViewProps) {
  return <DatasetPage {...props} deleteButton={(dataset) => <Delete dataset={dataset} />} />;
}

function Delete({ dataset }: { dataset: Dataset }) {
  const t = useTranslations("data");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="ghost" onClick={() => setOpen(true)}>
        {t("delete")}
      </Button>
      <DeleteDataset dataset={dataset} open={open} onOpenChange={setOpen} onDeleted={() => router.push("/data")} />
    </>
  );
}
