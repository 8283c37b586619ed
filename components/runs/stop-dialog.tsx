"use client";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import { useStopRun } from "@/lib/client/queries/runs";
import { useErrorText } from "@/lib/client/use-error-text";
import type { RunDialogProps } from "./run-actions";

export function StopDialog({ run, onClose }: RunDialogProps) {
  const t = useTranslations("runs");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const stop = useStopRun();
  const queued = run.status === "queued";
  const saving = run.stopRequest === "stop";
  const send = (save: boolean) =>
    stop.mutate({ runId: run.id, save }, { onSuccess: onClose, onError: (error) => toast.error(errorText(error)) });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(queued ? "stop.queuedTitle" : "stop.title", { name: run.name })}
      footer={
        <>
          <Button onClick={onClose}>{common("back")}</Button>
          <Button
            variant="danger"
            loading={stop.isPending && stop.variables?.save === false}
            disabled={stop.isPending}
            onClick={() => send(false)}
          >
            {t(queued ? "stop.leaveQueue" : "stop.abort")}
          </Button>
          {!queued && !saving && (
            <Button
              variant="primary"
              loading={stop.isPending && stop.variables?.save === true}
              disabled={stop.isPending}
              onClick={() => send(true)}
            >
              {t("stop.save")}
            </Button>
          )}
        </>
      }
    >
      {t(queued ? "stop.queuedBody" : saving ? "stop.savingBody" : "stop.body", { step: run.step })}
    </Dialog>
  );
}
