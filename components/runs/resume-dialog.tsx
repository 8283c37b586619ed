"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { useResumeRun } from "@/lib/client/queries/runs";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import { resumableCheckpoints } from "@/lib/domain/run-status";
import type { RunDialogProps } from "./run-actions";

/** The newest checkpoint is offered first: nothing is lost but the steps after it. */
export function ResumeDialog({ run, onClose }: RunDialogProps) {
  const t = useTranslations("runs");
  const common = useTranslations("common");
  const format = useFormat();
  const errorText = useErrorText();
  const resume = useResumeRun();
  const choices = resumableCheckpoints(run).reverse();
  const [checkpoint, setCheckpoint] = useState(choices[0]?.name ?? null);
  const send = () => {
    if (checkpoint === null) return;
    resume.mutate({ runId: run.id, checkpoint }, { onSuccess: onClose, onError: (error) => toast.error(errorText(error)) });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("resume.title", { name: run.name })}
      description={t("resume.body")}
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button variant="primary" loading={resume.isPending} onClick={send}>
            {t("resume.confirm")}
          </Button>
        </>
      }
    >
      <Field id="resume-checkpoint" label={t("resume.checkpoint")}>
        <Select
          id="resume-checkpoint"
          value={checkpoint}
          onValueChange={setCheckpoint}
          options={choices.map(({ name, step, bytes }) => ({
            value: name,
            label: t("resume.step", { step: format.count(step) }),
            detail: format.bytes(bytes),
          }))}
        />
      </Field>
    </Dialog>
  );
}
