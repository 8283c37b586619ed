"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { AddError } from "./add-error";
import type { SourceFormProps } from "./source-form";

export function HubForm({ add, busy, error }: SourceFormProps) {
  const t = useTranslations("data");
  const [values, setValues] = useState({ repo: "", subset: "", split: "train" });
  const text = (name: keyof typeof values) => ({
    value: values[name],
    onChange: (event: { target: { value: string } }) => setValues({ ...values, [name]: event.target.value }),
  });
  const orNull = (value: string) => (value.trim() === "" ? null : value.trim());
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        const { repo, subset, split } = values;
        add({ source: { type: "hub", repo: repo.trim(), subset: orNull(subset), split: orNull(split), revision: null } });
      }}
    >
      <Field id="hub-repo" label={t("hubRepo")} hint={t("hubHint")}>
        <Input {...text("repo")} required className="font-mono" placeholder="owner/dataset" />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="hub-subset" label={t("hubSubset")} hint={t("hubSubsetHint")}>
          <Input {...text("subset")} className="font-mono" />
        </Field>
        <Field id="hub-split" label={t("hubSplit")}>
          <Input {...text("split")} className="font-mono" />
        </Field>
      </div>
      <div className="flex justify-end">
        <Button type="submit" variant="primary" loading={busy} disabled={!/^[^/\s]+\/[^/\s]+$/.test(values.repo.trim())}>
          {t("pasteAdd")}
        </Button>
      </div>
      {error !== null && <AddError name={values.repo} error={error} />}
    </form>
  );
}
