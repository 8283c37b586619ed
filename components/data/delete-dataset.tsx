"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";
import { useDeleteDataset } from "@/lib/client/queries/datasets";
import { runQueries } from "@/lib/client/queries/runs";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import type { Dataset } from "@/lib/contract/dataset";

type DeleteDatasetProps = { dataset: Dataset; open: boolean; onOpenChange: (open: boolean) => void; onDeleted?: () => void };

/** Names the runs that depend on it. */
export function DeleteDataset({ dataset, open, onOpenChange, onDeleted }: DeleteDatasetProps) {
  const t = useTranslations("data");
  const format = useFormat();
  const errorText = useErrorText();
  const remove = useDeleteDataset();
  const runs = useQuery({ ...runQueries.list(), enabled: open }).data ?? [];
  const users = runs.filter((run) => run.spec.kind === "train" && run.spec.datasetId === dataset.id);
  const confirm = async () => {
    await remove.mutateAsync({ datasetId: dataset.id, force: String(users.length > 0 || dataset.usedByRuns > 0) });
    toast.success(t("deleted", { name: dataset.name }));
    onDeleted?.();
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("deleteTitle", { name: dataset.name })}
      confirmLabel={t("delete")}
      danger
      onConfirm={confirm}
      body={
        <div className="space-y-2">
          <p>
            {t("deleteBody", { size: format.bytes(dataset.files.reduce((sum, { bytes }) => sum + bytes, dataset.report?.bytes ?? 0)) })}
          </p>
          {users.length > 0 && <p>{t("deleteUsed", { count: users.length, names: nameSome(users.map((run) => run.name)) })}</p>}
          {remove.error && (
            <p role="alert" className="text-failed">
              {errorText(remove.error)}
            </p>
          )}
        </div>
      }
    />
  );
}

const MOST_NAMED = 6;
const nameSome = (names: readonly string[]): string => names.slice(0, MOST_NAMED).join(", ") + (names.length > MOST_NAMED ? ", …" : "");
