"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { nameSome, RemoveDialog } from "@/components/layout/remove-dialog";
import { exportQueries } from "@/lib/client/queries/exports";
import { useDeleteRun } from "@/lib/client/queries/runs";
import { useFormat } from "@/lib/client/use-format";
import type { Run } from "@/lib/contract/run";
import { isEnded } from "@/lib/domain/run-status";
import { totalBytes } from "./runs-view";

type DeleteDialogProps = { runs: readonly Run[]; onClose: () => void; onDeleted?: () => void };

/** Says what goes, what is freed and what reads it now; what took long to make must be named to go. */
export function DeleteDialog({ runs, onClose, onDeleted }: DeleteDialogProps) {
  const t = useTranslations("runs.delete");
  const format = useFormat();
  const { mutateAsync } = useDeleteRun();
  const readers = useExportsReading(runs);
  const checkpoints = runs.reduce((sum, run) => sum + run.checkpoints.length, 0);
  const word = runs.length === 1 ? (runs[0]?.name ?? "") : String(runs.length);
  const remove = async () => {
    let freed = 0;
    for (const run of runs) freed += (await mutateAsync({ runId: run.id })).freedBytes;
    onDeleted?.();
    return t("done", { count: runs.length, bytes: format.bytes(freed) });
  };
  return (
    <RemoveDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("title", { count: runs.length, name: runs[0]?.name ?? "" })}
      confirmLabel={t("confirm", { count: runs.length })}
      typeToConfirm={checkpoints > 0 ? word : undefined}
      remove={remove}
    >
      <p>{t("body", { checkpoints, bytes: format.bytes(totalBytes(runs)) })}</p>
      {readers.length > 0 && <p className="text-warning">{t("inUse", { count: readers.length, names: nameSome(readers) })}</p>}
    </RemoveDialog>
  );
}

/** Exports that are being made from these runs; the server refuses to take the files away from under them. */
function useExportsReading(runs: readonly Run[]): Run[] {
  const ids = new Set<string>(runs.map((run) => run.id));
  const all = useQuery(exportQueries.list()).data ?? [];
  return all.filter(({ spec, status }) => spec.kind === "export" && ids.has(spec.runId) && !isEnded(status));
}
