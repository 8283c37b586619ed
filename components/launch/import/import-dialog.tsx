"use client";
import { FileUp } from "lucide-react";
import { useDeferredValue, useId, useMemo, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { Switch } from "@/components/ui/switch";
import { toast } from "@/components/ui/toast";
import { useFormat } from "@/lib/client/use-format";
import { importText, isWhole, type Outcome } from "@/lib/domain/import/import-text";
import { MAX_IMPORT_CHARACTERS } from "@/lib/domain/import/recognise";
import type { Candidate } from "../draft";
import { useLaunch } from "../launch-context";
import { changesBetween } from "./fill";
import { ImportPreview } from "./import-preview";

export type ImportDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  text: string;
  onText: (text: string) => void;
  /** What the form would hold with these values. */
  preview: (values: Record<string, unknown>) => Candidate;
  onApply: (values: Record<string, unknown>, changes: number) => void;
  onAdd: (what: "model" | "data") => void;
};

/** Text in, form filled: with a look at every change before it is made. */
export function ImportDialog({ open, onOpenChange, text, onText, preview, onApply, onAdd }: ImportDialogProps) {
  const t = useTranslations("import");
  const { models, datasets, model, resolved } = useLaunch();
  const [wanted, setWanted] = useState<boolean | null>(null);
  const read = useDeferredValue(text);
  const { outcome, withDefaults } = useMemo(
    () => readText(read, { models, datasets, model }, wanted),
    [read, models, datasets, model, wanted],
  );
  const changes = outcome.form === null ? [] : changesBetween(resolved.candidate, preview(outcome.values));
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="lg"
      title={t("title")}
      description={t("description")}
      footer={
        <Button
          variant="primary"
          disabled={outcome.form === null || read !== text || changes.length === 0}
          onClick={() => outcome.form !== null && onApply(outcome.values, changes.length)}
        >
          {t("apply")}
        </Button>
      }
    >
      <Field
        id="import-text"
        label={t("text")}
        aside={<FileButton onText={onText} />}
        error={outcome.form === null && text !== "" ? t(`why.${outcome.why}`, outcome.params) : undefined}
      >
        <Textarea
          value={text}
          onChange={(event) => onText(event.target.value)}
          rows={outcome.form === null ? 9 : 4}
          className="font-mono text-xs"
          placeholder={t("placeholder")}
          spellCheck={false}
        />
      </Field>
      {outcome.form !== null && (
        <>
          {outcome.form !== "tuneboard" && <Defaults tool={t(`form.${outcome.form}`)} on={withDefaults} onChange={setWanted} />}
          <ImportPreview read={outcome} changes={changes} onAdd={onAdd} />
        </>
      )}
    </Dialog>
  );
}

/** A whole configuration leaves the rest to its tool; of a few arguments only these are meant. */
function readText(
  text: string,
  world: Parameters<typeof importText>[1],
  wanted: boolean | null,
): { outcome: Outcome; withDefaults: boolean } {
  const plain = importText(text, world, wanted === true);
  if (wanted !== null || !isWhole(plain)) return { outcome: plain, withDefaults: wanted === true };
  return { outcome: importText(text, world, true), withDefaults: true };
}

function Defaults({ tool, on, onChange }: { tool: string; on: boolean; onChange: (on: boolean) => void }) {
  const t = useTranslations("import");
  const id = useId();
  return (
    <div className="mt-3 flex items-center gap-2.5">
      <Switch id={id} checked={on} onCheckedChange={onChange} />
      <label htmlFor={id} className="text-sm">
        {t("defaults", { tool })} <span className="text-muted text-xs">{t("defaultsHint")}</span>
      </label>
    </div>
  );
}

function FileButton({ onText }: { onText: (text: string) => void }) {
  const t = useTranslations("import");
  const format = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    // A character has at most four bytes.
    if (file.size > MAX_IMPORT_CHARACTERS * 4) toast.error(t("fileTooLong", { name: file.name, size: format.bytes(file.size) }));
    else onText(await file.text());
  };
  return (
    <>
      <Button size="sm" variant="ghost" onClick={() => input.current?.click()}>
        <FileUp aria-hidden size={13} />
        {t("file")}
      </Button>
      <input
        ref={input}
        type="file"
        className="hidden"
        aria-label={t("file")}
        accept=".yaml,.yml,.json,.sh,.txt,.bash"
        onChange={({ target }) => {
          void take(target.files?.[0]);
          // The same file chosen again must count as a choice.
          target.value = "";
        }}
      />
    </>
  );
}
