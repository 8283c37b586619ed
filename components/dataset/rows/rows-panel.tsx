"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Segmented } from "@/components/ui/segmented";
import { datasetQueries } from "@/lib/client/queries/datasets";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { Conversation } from "../conversation";
import { PAGE_ROWS, RowsBeside } from "./rows-beside";
import { TablePanel } from "./table-panel";

type RowsPanelProps = { dataset: ReadyDataset; row: number; onRow: (row: number) => void };

/** Two looks at the same rows: as they will be trained, and as they stand in the file. */
export function RowsPanel({ dataset, row, onRow }: RowsPanelProps) {
  const t = useTranslations("dataset.rows");
  const [look, setLook] = useState<"cards" | "table">("cards");
  return (
    <>
      <Segmented
        value={look}
        onValueChange={setLook}
        options={[
          { value: "cards", label: t("cards") },
          { value: "table", label: t("table") },
        ]}
        aria-label={t("look")}
        className="mb-3"
      />
      {look === "cards" ? (
        <RowsBeside datasetId={dataset.id} total={dataset.report.rows} row={row} onRow={onRow}>
          <Chosen datasetId={dataset.id} row={row} />
        </RowsBeside>
      ) : (
        <TablePanel datasetId={dataset.id} reasons={dataset.report.reasons} />
      )}
    </>
  );
}

function Chosen({ datasetId, row }: { datasetId: string; row: number }) {
  const t = useTranslations("data");
  // The same page as the list beside: one request serves both.
  const page = useQuery(datasetQueries.rows(datasetId, Math.floor(row / PAGE_ROWS) * PAGE_ROWS, PAGE_ROWS));
  const chosen = page.data?.rows.find((entry) => entry.index === row);
  // Beside others a large row is shortened; alone more of it is told.
  const alone = useQuery({ ...datasetQueries.rows(datasetId, row, 1), enabled: chosen?.cut === true });
  if (!chosen) return <p className="text-muted text-sm">{t("choose")}</p>;
  const shown = alone.data?.rows.find(({ index }) => index === row) ?? chosen;
  return (
    <>
      {shown.cut && <p className="mb-3 text-warning text-xs">{t("rowCut")}</p>}
      <Conversation row={shown} />
      <p className="mt-4 text-muted text-xs">{t("learnsHelp")}</p>
    </>
  );
}
