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
  const problem = problemOf(name.trim());
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
        <Field
          id="rename-name"
          label={common("name")}
          error={(problem && t(`rename.${problem}`)) ?? (rename.isError ? errorText(rename.error) : undefined)}
        >
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

/** The server's own rules (RunName), said while one types. */
function problemOf(name: string): "empty" | "long" | "badName" | null {
  if (name === "") return "empty";
  if (name.length > 80) return "long";
  return /[\p{Cc}/\\]/u.test(name) ? "badName" : null;
}
