"use client";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { useResumeRun } from "@/lib/client/queries/runs";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import type { Run } from "@/lib/contract/run";
import { resumableCheckpoints } from "@/lib/domain/run-status";

/** Goes on from a checkpoint as a new attempt. The newest is offered first: nothing is lost but the steps after it. */
export function ResumeDialog({ run, checkpoint, onClose }: { run: Run; checkpoint?: string; onClose: () => void }) {
  const t = useTranslations("common.resume");
  const common = useTranslations("common");
  const id = useId();
  const format = useFormat();
  const errorText = useErrorText();
  const resume = useResumeRun();
  const choices = resumableCheckpoints(run).reverse();
  const [chosen, setChosen] = useState(checkpoint ?? choices[0]?.name ?? null);
  const start = () => {
    if (chosen === null) return;
    resume.mutate({ runId: run.id, checkpoint: chosen }, { onSuccess: onClose, onError: (error) => toast.error(errorText(error)) });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("title", { name: run.name })}
      description={t("body")}
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button variant="primary" loading={resume.isPending} disabled={chosen === null} onClick={start}>
            {t("confirm")}
          </Button>
        </>
      }
    >
      <Field id={id} label={t("checkpoint")}>
        <Select
          value={chosen}
          onValueChange={setChosen}
          options={choices.map(({ name, step, bytes }) => ({
            value: name,
            label: t("step", { step: format.count(step) }),
            detail: `${name} · ${format.bytes(bytes)}`,
          }))}
        />
      </Field>
    </Dialog>
  );
}
