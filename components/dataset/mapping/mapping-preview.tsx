"use client";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { datasetViewQueries } from "@/lib/client/queries/dataset-view";
import type { DatasetMapping } from "@/lib/contract/dataset";
import { Conversation } from "../conversation";

/** The same rows as the mapping reads them now: converted by the code that trains. */
export function MappingPreview({ datasetId, mapping, rows }: { datasetId: string; mapping: DatasetMapping; rows: readonly number[] }) {
  const t = useTranslations("data");
  const asked = useDeferredValue(mapping);
  const preview = useQuery(datasetViewQueries.preview(datasetId, asked, rows));
  if (preview.isError) return <ErrorState error={preview.error} onRetry={() => preview.refetch()} />;
  if (!preview.data) return <LoadingState />;
  return (
    <>
      <ol className={`grid gap-4 transition-opacity lg:grid-cols-2 ${preview.isPlaceholderData ? "opacity-60" : ""}`}>
        {preview.data.map((row) => (
          <li key={row.index} className="min-w-0 rounded-md border border-line p-3">
            <p className="mb-2 text-muted text-xs">
              {t("row")} {row.index}
            </p>
            <Conversation row={row} />
          </li>
        ))}
      </ol>
      <p className="mt-3 text-muted text-xs">{t("learnsHelp")}</p>
    </>
  );
}
