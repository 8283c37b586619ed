"use client";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useRenameRun } from "@/lib/client/queries/runs";
import { useErrorText } from "@/lib/client/use-error-text";
import type { RunDialogProps } from "./run-actions";

export function RenameDialog({ run, onClose }: RunDialogProps) {
  const t = useTranslations("runs");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const rename = useRenameRun();
  const [name, setName] = useState(run.name);
  const problem = name.trim() === "" ? t("rename.empty") : name.trim().length > 80 ? t("rename.long") : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem === null) rename.mutate({ runId: run.id, name: name.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("rename.title")}
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button variant="primary" type="submit" form="rename-run" loading={rename.isPending} disabled={problem !== null}>
            {t("rename.confirm")}
          </Button>
        </>
      }
    >
      <form id="rename-run" onSubmit={submit}>
        <Field id="rename-name" label={common("name")} error={problem ?? (rename.isError ? errorText(rename.error) : undefined)}>
          <Input
            id="rename-name"
            value={name}
            onChange={(event) => setName(event.target.value)}
            onFocus={(event) => event.target.select()}
          />
        </Field>
      </form>
    </Dialog>
  );
}
