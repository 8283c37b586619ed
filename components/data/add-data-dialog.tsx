"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FileDrop } from "@/components/ui/file-drop";
import { Input, Textarea } from "@/components/ui/input";
import { Progress } from "@/components/ui/progress";
import { Tabs } from "@/components/ui/tabs";
import { toast } from "@/components/ui/toast";
import { ApiError } from "@/lib/client/request";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import type { Dataset } from "@/lib/contract/dataset";
import { type UploadState, useUpload } from "./use-upload";

export type AddDataDialogProps = { open: boolean; onOpenChange: (open: boolean) => void; onAdded: (dataset: Dataset) => void };

export function AddDataDialog({ open, onOpenChange, onAdded }: AddDataDialogProps) {
  const t = useTranslations("data");
  const [source, setSource] = useState<"file" | "paste">("file");
  const { state, start, cancel, fail, clear } = useUpload((dataset) => {
    const { usableRows, rows } = dataset.report;
    toast.success(t("added", { name: dataset.name, usable: usableRows, total: rows }));
    onOpenChange(false);
    onAdded(dataset);
  });
  const busy = state.status === "sending";
  const change = (next: boolean) => {
    if (!next) {
      cancel();
      clear();
    }
    onOpenChange(next);
  };
  const take = ([file]: File[]) => {
    if (!file) return;
    if (/\.jsonl?$/i.test(file.name)) void start(file, file.name);
    else fail(file.name, new Error(t("wrongType", { name: file.name })));
  };
  return (
    <Dialog open={open} onOpenChange={change} size="md" title={t("addTitle")} description={t("addDescription")}>
      <Tabs
        value={source}
        onValueChange={setSource}
        items={[
          { value: "file", label: t("fromFile") },
          { value: "paste", label: t("fromPaste") },
        ]}
      />
      <div className="mt-4">
        {source === "file" ? (
          <FileDrop onFiles={take} accept=".json,.jsonl" label={t("drop")} hint={t("dropHint")} busy={busy} />
        ) : (
          <PasteForm busy={busy} onAdd={(text, name) => void start(new Blob([text]), name)} />
        )}
      </div>
      <UploadNote state={state} onCancel={cancel} />
    </Dialog>
  );
}

/** Pasted text is sent as a file; an array is JSON, everything else a line for each row. */
function PasteForm({ busy, onAdd }: { busy: boolean; onAdd: (text: string, fileName: string) => void }) {
  const t = useTranslations("data");
  const [text, setText] = useState("");
  const [name, setName] = useState("");
  const extension = text.trimStart().startsWith("[") ? "json" : "jsonl";
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(text, `${name.trim().replace(/\.jsonl?$/i, "") || t("pasteDefault")}.${extension}`);
      }}
    >
      <Field id="paste-text" label={t("pasteLabel")}>
        <Textarea
          value={text}
          onChange={(event) => setText(event.target.value)}
          rows={9}
          className="font-mono text-xs"
          placeholder={t("pastePlaceholder")}
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
    </form>
  );
}

function UploadNote({ state, onCancel }: { state: UploadState; onCancel: () => void }) {
  const t = useTranslations("data");
  const common = useTranslations("common");
  const format = useFormat();
  if (state.status === "idle") return null;
  if (state.status === "cancelled") return <p className="mt-3 text-muted text-sm">{t("cancelled")}</p>;
  if (state.status === "failed") return <UploadError name={state.name} error={state.error} />;
  const { sentBytes, totalBytes, checking } = state.progress;
  const words = checking
    ? t("checking", { name: state.name })
    : t("sending", { name: state.name, sent: format.bytes(sentBytes), total: format.bytes(totalBytes) });
  return (
    <div className="mt-4 flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <p className="mb-1.5 truncate text-sm">{words}</p>
        <Progress value={checking ? null : sentBytes} max={totalBytes} tone="iris" aria-label={words} />
      </div>
      <Button size="sm" onClick={onCancel}>
        {common("cancel")}
      </Button>
    </div>
  );
}

/** Where in the file, what stands there, why it can't be, what to do. */
function UploadError({ name, error }: { name: string; error: unknown }) {
  const t = useTranslations("data");
  const errorText = useErrorText();
  const { row, line, field, value } = error instanceof ApiError ? error.params : {};
  return (
    <div role="alert" className="mt-4 rounded-md bg-failed-soft p-3 text-sm">
      <p className="font-medium text-strong">{t("failed", { name })}</p>
      <p className="mt-0.5 break-words text-strong">{errorText(error)}</p>
      {(row !== undefined || field !== undefined) && (
        <p className="mt-1.5 text-muted text-xs">
          {row !== undefined && t("place", { row: Number(row), line: Number(line ?? 0) })}
          {field !== undefined && field !== "" && ` · ${t("placeField", { field: String(field) })}`}
          {value !== undefined && <code className="ml-1.5 break-all font-mono">{String(value)}</code>}
        </p>
      )}
    </div>
  );
}
