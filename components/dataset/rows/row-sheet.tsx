"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { CopyButton } from "@/components/ui/copy-button";
import { ScrollText } from "@/components/ui/scroll-box";
import { Sheet } from "@/components/ui/sheet";
import { datasetViewQueries } from "@/lib/client/queries/dataset-view";

/** One raw row, whole, as JSON. */
export function RowSheet({ datasetId, row, onClose }: { datasetId: string; row: number | null; onClose: () => void }) {
  const t = useTranslations("data");
  return (
    <Sheet
      open={row !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`${t("row")} ${row ?? ""}`}
      className="w-[94vw] sm:w-[560px]"
    >
      {row !== null && <RowJson datasetId={datasetId} row={row} />}
    </Sheet>
  );
}

function RowJson({ datasetId, row }: { datasetId: string; row: number }) {
  const t = useTranslations("dataset.table");
  const raw = useQuery(datasetViewQueries.rawRow(datasetId, row));
  if (raw.isError) return <ErrorState error={raw.error} onRetry={() => raw.refetch()} className="m-4" />;
  if (!raw.data) return <LoadingState className="p-4" />;
  const text = typeof raw.data.value === "string" ? raw.data.value : JSON.stringify(raw.data.value, null, 2);
  return (
    <div className="p-4">
      <p className="mb-2 flex items-center justify-between text-muted text-xs">
        {raw.data.line === null ? <span /> : t("line", { line: raw.data.line })}
        <CopyButton text={text} label={t("copyJson")} />
      </p>
      <ScrollText className="whitespace-pre-wrap break-words">{text}</ScrollText>
    </div>
  );
}
