"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { systemQueries } from "@/lib/client/queries/system";
import { AddError } from "./add-error";
import type { SourceFormProps } from "./source-form";

/** A file or folder of the server, read where it lies: nothing is copied. */
export function PathForm({ add, busy, error }: SourceFormProps) {
  const t = useTranslations("data");
  const [path, setPath] = useState("");
  const roots = useQuery(systemQueries.report()).data?.modelRoots ?? [];
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        add({ source: { type: "path", path: path.trim() } });
      }}
    >
      <Field
        id="data-path"
        label={t("path")}
        help={t("pathHelp")}
        hint={roots.length > 0 ? t("pathHint", { roots: roots.join(", ") }) : undefined}
      >
        <Input
          value={path}
          onChange={(event) => setPath(event.target.value)}
          required
          className="font-mono"
          placeholder={`${roots[0] ?? "/home/you"}/data/train.jsonl`}
        />
      </Field>
      <div className="flex justify-end">
        <Button type="submit" variant="primary" loading={busy} disabled={path.trim() === ""}>
          {t("pasteAdd")}
        </Button>
      </div>
      {error !== null && <AddError name={path} error={error} />}
    </form>
  );
}
