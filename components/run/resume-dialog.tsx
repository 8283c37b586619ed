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

/** Goes on from a checkpoint as a new attempt; points after it are trained again. */
export function ResumeDialog({ run, checkpoint, onClose }: { run: Run; checkpoint?: string; onClose: () => void }) {
  const t = useTranslations("run");
  const id = useId();
  const format = useFormat();
  const errorText = useErrorText();
  const resume = useResumeRun();
  const usable = resumableCheckpoints(run).reverse();
  const [chosen, setChosen] = useState(checkpoint ?? usable[0]?.name ?? null);
  const start = async () => {
    if (chosen === null) return;
    await resume.mutateAsync({ runId: run.id, checkpoint: chosen }).then(onClose, (error) => toast.error(errorText(error)));
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("resumeTitle", { name: run.name })}
      description={t("resumeBody")}
      footer={
        <>
          <Button onClick={onClose}>{t("notNow")}</Button>
          <Button variant="primary" loading={resume.isPending} disabled={chosen === null} onClick={start}>
            {t("resume")}
          </Button>
        </>
      }
    >
      <Field id={id} label={t("checkpoint")}>
        <Select
          id={id}
          value={chosen}
          onValueChange={setChosen}
          options={usable.map((one) => ({
            value: one.name,
            label: t("stepNumber", { step: format.count(one.step) }),
            detail: `${one.name} · ${format.bytes(one.bytes)}`,
          }))}
        />
      </Field>
    </Dialog>
  );
}
