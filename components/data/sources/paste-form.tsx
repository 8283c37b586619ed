"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { AddError } from "./add-error";
import type { SourceFormProps } from "./source-form";

/** Rows as text; what kind of text it is the server sees by itself. */
export function PasteForm({ add, busy, error }: SourceFormProps) {
  const t = useTranslations("data");
  const [text, setText] = useState("");
  const [name, setName] = useState("");
  const title = name.trim() || t("pasteDefault");
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        add({ name: title, source: { type: "paste", text } });
      }}
    >
      <Field id="paste-text" label={t("pasteLabel")}>
        <Textarea
          value={text}
          onChange={(event) => setText(event.target.value)}
          rows={9}
          className="font-mono text-xs"
          placeholder={String(t.raw("pastePlaceholder"))}
          spellCheck={false}
        />
      </Field>
      <div className="flex items-end gap-3">
        <Field id="paste-name" label={t("pasteName")} className="flex-1">
          <Input value={name} onChange={(event) => setName(event.target.value)} placeholder={t("pasteDefault")} maxLength={100} />
        </Field>
        <Button type="submit" variant="primary" loading={busy} disabled={text.trim() === ""}>
          {t("pasteAdd")}
        </Button>
      </div>
      {error !== null && <AddError name={title} error={error} />}
    </form>
  );
}
