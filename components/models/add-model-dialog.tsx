"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { toast } from "@/components/ui/toast";
import { modelQueries, useAddModel } from "@/lib/client/queries/models";
import { systemQueries } from "@/lib/client/queries/system";
import { ApiError } from "@/lib/client/request";
import { useErrorText } from "@/lib/client/use-error-text";
import type { Model } from "@/lib/contract/model";

export type AddModelDialogProps = { open: boolean; onOpenChange: (open: boolean) => void; onAdded: (model: Model) => void };

export function AddModelDialog(props: AddModelDialogProps) {
  const t = useTranslations("models");
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} size="md" title={t("addTitle")}>
      <AddModelForm {...props} />
    </Dialog>
  );
}

/** Lives only while the dialog is open, so that it starts empty each time. */
function AddModelForm({ onOpenChange, onAdded }: AddModelDialogProps) {
  const t = useTranslations("models");
  const errorText = useErrorText();
  const add = useAddModel();
  const [type, setType] = useState<"folder" | "hub">("folder");
  const [values, setValues] = useState({ path: "", name: "", repo: "", revision: "" });
  const [trustRemoteCode, setTrust] = useState(false);
  const roots = useQuery(systemQueries.report()).data?.modelRoots ?? [];
  const text = (name: keyof typeof values) => ({
    value: values[name],
    onChange: (event: { target: { value: string } }) => setValues({ ...values, [name]: event.target.value }),
  });
  const client = useQueryClient();
  const fields = add.error instanceof ApiError ? add.error.fields : [];
  const atPlace = add.error instanceof ApiError && fields.length === 0 && /^(path|model|hub)_/.test(add.error.code);
  const errorAt = (path: string) => {
    // What is wrong with the folder or the hub's model is said where it was named.
    if (atPlace && (path === "path" || path === "repo")) return errorText(add.error);
    return fields.find((field) => field.path === path)?.message;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { path, name, repo, revision } = values;
    const input =
      type === "folder"
        ? ({ type, path, ...(name.trim() === "" ? {} : { name }), trustRemoteCode } as const)
        : ({ type, repo, ...(revision.trim() === "" ? {} : { revision }), trustRemoteCode } as const);
    const known = client.getQueryData(modelQueries.list().queryKey);
    add.mutate(input, {
      onSuccess: (model) => {
        toast.success(t(known?.some(({ id }) => id === model.id) ? "addedAgain" : "added", { name: model.name }));
        onOpenChange(false);
        onAdded(model);
      },
    });
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <Segmented
        value={type}
        onValueChange={(next) => {
          setType(next);
          add.reset();
        }}
        aria-label={t("addTitle")}
        options={[
          { value: "folder", label: t("folder") },
          { value: "hub", label: t("hub") },
        ]}
      />
      {type === "folder" ? (
        <>
          <Field
            id="model-path"
            label={t("path")}
            help={t("pathHelp")}
            hint={roots.length > 0 ? t("pathHint", { roots: roots.join(", ") }) : undefined}
            error={errorAt("path")}
          >
            <Input {...text("path")} required className="font-mono" placeholder={`${roots[0] ?? "/home/you/models"}/my-model`} />
          </Field>
          <Field id="model-name" label={t("name")} hint={t("nameHint")} error={errorAt("name")}>
            <Input {...text("name")} maxLength={80} />
          </Field>
        </>
      ) : (
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_140px]">
          <Field id="model-repo" label={t("repo")} hint={t("repoHint")} error={errorAt("repo")}>
            <Input {...text("repo")} required className="font-mono" placeholder="Qwen/Qwen3-0.6B" />
          </Field>
          <Field id="model-revision" label={t("revision")} hint={t("revisionHint")} error={errorAt("revision")}>
            <Input {...text("revision")} placeholder="main" className="font-mono" />
          </Field>
        </div>
      )}
      <TrustChoice checked={trustRemoteCode} onChange={setTrust} />
      {add.error && fields.length === 0 && !atPlace && (
        <p role="alert" className="break-words rounded-md bg-failed-soft p-2.5 text-strong">
          {errorText(add.error)}
        </p>
      )}
      <div className="flex justify-end">
        <Button type="submit" variant="primary" loading={add.isPending}>
          {t("submit")}
        </Button>
      </div>
    </form>
  );
}

/** Off unless a person says otherwise, with what it means beside it. */
function TrustChoice({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  const t = useTranslations("models");
  return (
    <label className="flex cursor-pointer gap-2.5 rounded-md border border-line p-3">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-iris"
      />
      <span>
        <span className="font-medium text-strong">{t("trust")}</span>
        <span className="mt-0.5 block text-muted text-xs">{t("trustHelp")}</span>
      </span>
    </label>
  );
}
