"use client";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { droppedFiles, type NamedFile } from "@/components/ui/dropped-files";
import { FileDrop } from "@/components/ui/file-drop";
import { Progress } from "@/components/ui/progress";
import { Tabs } from "@/components/ui/tabs";
import { toast } from "@/components/ui/toast";
import { useFormat } from "@/lib/client/use-format";
import type { Dataset } from "@/lib/contract/dataset";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { AddError } from "./sources/add-error";
import { HubForm } from "./sources/hub-form";
import { PasteForm } from "./sources/paste-form";
import { PathForm } from "./sources/path-form";
import { RegistryForm } from "./sources/registry-form";
import { type AddState, useAddData } from "./use-add-data";

const sources = ["file", "paste", "path", "hub", "registry"] as const;
type Source = (typeof sources)[number];
const ENDINGS = ".json,.jsonl,.ndjson,.csv,.tsv,.parquet,.arrow,.feather,.txt,.gz,.zst";

export type AddDataDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** With its rows checked, for whoever wants to train on it now. */
  onAdded?: (dataset: ReadyDataset) => void;
  /** At once, while its rows are still being read. */
  onMade?: (dataset: Dataset) => void;
};

export function AddDataDialog({ open, onOpenChange, onAdded, onMade }: AddDataDialogProps) {
  const t = useTranslations("data");
  const [source, setSource] = useState<Source>("file");
  const close = () => onOpenChange(false);
  const adding = useAddData({
    onMade: onMade && ((dataset) => [close(), onMade(dataset)]),
    onReady: (dataset) => {
      const { usableRows, rows } = dataset.report;
      toast.success(t("added", { name: dataset.name, usable: usableRows, total: rows }));
      close();
      onAdded?.(dataset);
    },
  });
  useDropAnywhere(open, (files) => {
    setSource("file");
    adding.send(files);
  });
  const change = (next: boolean) => {
    if (!next) adding.leave();
    onOpenChange(next);
  };
  const form = {
    add: adding.add,
    busy: adding.state.status === "busy",
    error: adding.state.status === "failed" ? adding.state.error : null,
  };
  return (
    <Dialog open={open} onOpenChange={change} size="md" title={t("addTitle")} description={t("addDescription")}>
      <Tabs
        value={source}
        onValueChange={(next) => {
          adding.leave();
          setSource(next);
        }}
        items={[
          { value: "file", label: t("fromFile") },
          { value: "paste", label: t("fromPaste") },
          { value: "path", label: t("fromPath") },
          { value: "hub", label: t("fromHub") },
          { value: "registry", label: t("fromRegistry") },
        ]}
      />
      <div className="mt-4">
        {source === "file" && (
          <>
            <FileDrop
              onFiles={adding.send}
              accept={ENDINGS}
              label={t("drop")}
              hint={t("dropHint")}
              busy={form.busy}
              folderLabel={t("folder")}
              multiple
            />
            {adding.state.status === "failed" && <AddError name={adding.state.name} error={adding.state.error} />}
          </>
        )}
        {source === "paste" && <PasteForm {...form} />}
        {source === "path" && <PathForm {...form} />}
        {source === "hub" && <HubForm {...form} />}
        {source === "registry" && <RegistryForm onDone={close} />}
      </div>
      <Note state={adding.state} onCancel={adding.cancel} />
    </Dialog>
  );
}

/** While the dialog is open a file may be dropped beside it just as well. */
function useDropAnywhere(open: boolean, onFiles: (files: NamedFile[]) => void) {
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    if (!open) return;
    const onDrop = (event: DragEvent) => {
      // The field in the dialog has taken it itself.
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      void droppedFiles(event.dataTransfer, ENDINGS.split(",")).then((files) => take.current(files));
    };
    document.addEventListener("drop", onDrop);
    return () => document.removeEventListener("drop", onDrop);
  }, [open]);
}

function Note({ state, onCancel }: { state: AddState; onCancel: () => void }) {
  const t = useTranslations("data");
  const common = useTranslations("common");
  const format = useFormat();
  if (state.status === "nothing")
    return <p className="mt-3 text-failed text-sm">{t("folderEmpty", { endings: ENDINGS.replaceAll(",", " ") })}</p>;
  if (state.status === "cancelled") return <p className="mt-3 text-muted text-sm">{t("cancelled")}</p>;
  if (state.status !== "busy") return null;
  const { name, sent } = state;
  const words =
    sent === null
      ? t("checking", { name })
      : t("sending", { name, sent: format.bytes(sent.sentBytes), total: format.bytes(sent.totalBytes) });
  return (
    <div className="mt-4 flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <p className="mb-1.5 truncate text-sm">{words}</p>
        <Progress value={sent?.sentBytes ?? null} max={sent?.totalBytes} tone="iris" aria-label={words} />
      </div>
      <Button size="sm" onClick={onCancel}>
        {common("cancel")}
      </Button>
    </div>
  );
}
