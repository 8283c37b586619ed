"use client";
import { useTranslations } from "use-intl";
import { nameSome, RemoveDialog, useRunsNaming } from "@/components/layout/remove-dialog";
import { useDeleteDataset } from "@/lib/client/queries/datasets";
import { useFormat } from "@/lib/client/use-format";
import type { Dataset } from "@/lib/contract/dataset";

type DeleteDatasetProps = { dataset: Dataset; open: boolean; onOpenChange: (open: boolean) => void; onDeleted?: () => void };

/** Names the runs that depend on it. */
export function DeleteDataset({ dataset, open, onOpenChange, onDeleted }: DeleteDatasetProps) {
  const t = useTranslations("data");
  const format = useFormat();
  const { mutateAsync } = useDeleteDataset();
  const users = useRunsNaming("datasetId", dataset.id, open);
  const remove = async () => {
    await mutateAsync({ datasetId: dataset.id, force: String(users.length > 0 || dataset.usedByRuns > 0) });
    onDeleted?.();
    return t("deleted", { name: dataset.name });
  };
  return (
    <RemoveDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("deleteTitle", { name: dataset.name })}
      confirmLabel={t("delete")}
      remove={remove}
    >
      <p>{t("deleteBody", { size: format.bytes(ownBytes(dataset)) })}</p>
      {users.length > 0 && <p>{t("deleteUsed", { count: users.length, names: nameSome(users) })}</p>}
    </RemoveDialog>
  );
}

/** What lies below the home; a file that is read where it lies stays. */
const ownBytes = ({ files, report }: Dataset): number =>
  files.reduce((sum, { bytes, managed }) => sum + (managed ? bytes : 0), report?.bytes ?? 0);
