"use client";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";
import { useDeleteRun } from "@/lib/client/queries/runs";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import type { Run } from "@/lib/contract/run";
import { totalBytes } from "./runs-view";

/** Says what goes and what is freed before anything does. */
export function DeleteDialog({ runs, onClose }: { runs: readonly Run[]; onClose: () => void }) {
  const t = useTranslations("runs");
  const format = useFormat();
  const errorText = useErrorText();
  const remove = useDeleteRun();
  const checkpoints = runs.reduce((sum, run) => sum + run.checkpoints.length, 0);
  const confirm = async () => {
    try {
      let freed = 0;
      for (const run of runs) freed += (await remove.mutateAsync({ runId: run.id })).freedBytes;
      toast.success(t("delete.done", { count: runs.length, bytes: format.bytes(freed) }));
    } catch (error) {
      toast.error(errorText(error));
      throw error;
    }
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("delete.title", { count: runs.length, name: runs[0]?.name ?? "" })}
      body={<p>{t("delete.body", { checkpoints, bytes: format.bytes(totalBytes(runs)) })}</p>}
      confirmLabel={t("delete.confirm", { count: runs.length })}
      danger
      onConfirm={confirm}
    />
  );
}
