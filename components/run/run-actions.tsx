"use client";
import { ChevronDown, Copy, MoreHorizontal, RotateCcw, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { RemoveDialog } from "@/components/layout/remove-dialog";
import { ResumeDialog } from "@/components/layout/resume-dialog";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Menu } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import { useDeleteRun, useSaveRun, useStopRun } from "@/lib/client/queries/runs";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import type { Run } from "@/lib/contract/run";
import { canDelete, canResume, canSave, canStop } from "@/lib/domain/run-status";

/** What can be done with a run now; the status table says what is possible. */
export function RunActions({ run }: { run: Run }) {
  const t = useTranslations("run");
  const router = useRouter();
  const format = useFormat();
  const errorText = useErrorText();
  const [asking, setAsking] = useState<"nothing" | "abort" | "delete" | "resume">("nothing");
  const onError = (error: unknown) => toast.error(errorText(error));
  const save = useSaveRun();
  const stop = useStopRun();
  const remove = useDeleteRun();
  const runId = run.id;

  const stopNow = (keep: boolean) => stop.mutateAsync({ runId, save: keep }).catch(rethrow(onError));
  const deleteNow = async () => {
    const { freedBytes } = await remove.mutateAsync({ runId });
    router.push("/");
    return t("deleted", { name: run.name, size: format.bytes(freedBytes) });
  };
  const saveNow = () => save.mutate({ runId }, { onError, onSuccess: () => toast.success(t("saveAsked")) });
  const close = (open: boolean) => !open && setAsking("nothing");
  const bytes = run.checkpoints.reduce((sum, checkpoint) => sum + checkpoint.bytes, 0);
  const neverStarted = run.status === "queued";

  return (
    <div className="flex flex-wrap items-center gap-2">
      {canSave(run) && (
        <Button loading={save.isPending} onClick={saveNow} title={t("saveHint")}>
          {t("saveNow")}
        </Button>
      )}
      {canResume(run) && (
        <Button onClick={() => setAsking("resume")}>
          <RotateCcw aria-hidden size={14} />
          {t("resume")}
        </Button>
      )}
      {canStop(run) &&
        (neverStarted ? (
          <Button onClick={() => setAsking("abort")}>{t("cancelRun")}</Button>
        ) : (
          <Menu
            trigger={
              <Button loading={stop.isPending}>
                {t("stop")}
                <ChevronDown aria-hidden size={14} />
              </Button>
            }
            items={[
              ...(run.status === "stopping"
                ? []
                : [{ label: t("stopAndSave"), detail: t("stopAndSaveHint"), onSelect: () => void stopNow(true).catch(() => undefined) }]),
              { label: t("cancelWithoutSaving"), detail: t("cancelHint"), danger: true, onSelect: () => setAsking("abort") },
            ]}
          />
        ))}
      <Menu
        trigger={
          <Button icon aria-label={t("moreActions")}>
            <MoreHorizontal aria-hidden size={16} />
          </Button>
        }
        items={[
          { label: t("runAgain"), icon: <Copy size={14} />, onSelect: () => router.push(`/launch?from=${runId}`) },
          { label: t("resumeFrom"), icon: <RotateCcw size={14} />, disabled: !canResume(run), onSelect: () => setAsking("resume") },
          "separator",
          {
            label: t("delete"),
            detail: canDelete(run) ? undefined : t("deleteWhenEnded"),
            icon: <Trash2 size={14} />,
            danger: true,
            disabled: !canDelete(run),
            onSelect: () => setAsking("delete"),
          },
        ]}
      />
      <ConfirmDialog
        open={asking === "abort"}
        onOpenChange={close}
        title={t("confirmCancel", { name: run.name })}
        body={
          <p>
            {neverStarted ? t("confirmCancelQueued") : t("confirmCancelBody", { step: run.step, last: run.checkpoints.at(-1)?.step ?? 0 })}
          </p>
        }
        dismissLabel={neverStarted ? t("keepWaiting") : t("keepTraining")}
        confirmLabel={neverStarted ? t("cancelRun") : t("cancelWithoutSaving")}
        danger
        onConfirm={() => stopNow(false)}
      />
      <RemoveDialog
        open={asking === "delete"}
        onOpenChange={close}
        title={t("confirmDelete", { name: run.name })}
        confirmLabel={t("delete")}
        typeToConfirm={run.checkpoints.length > 0 ? run.name : undefined}
        remove={deleteNow}
      >
        <p>{t("confirmDeleteBody", { count: run.checkpoints.length, size: format.bytes(bytes) })}</p>
      </RemoveDialog>
      {asking === "resume" && <ResumeDialog run={run} onClose={() => setAsking("nothing")} />}
    </div>
  );
}

/** Says why in a toast and keeps the promise broken, so that a dialog stays open. */
const rethrow = (tell: (error: unknown) => void) => (error: unknown) => {
  tell(error);
  throw error;
};
