"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { useChangeDataset } from "@/lib/client/queries/dataset-versions";
import { useErrorText } from "@/lib/client/use-error-text";
import type { Dataset } from "@/lib/contract/dataset";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { emptyReplace, toChange } from "./replace-draft";
import { ReplacePairs } from "./replace-pairs";
import { ReplacePreview } from "./replace-preview";
import { ReplaceScope } from "./replace-scope";

type ReplaceSheetProps = { dataset: ReadyDataset; open: boolean; onClose: () => void; onMade: (next: Dataset) => void };

/** Text in the place of other text: what it would do is seen beside the form before anything is made. */
export function ReplaceSheet({ dataset, open, onClose, onMade }: ReplaceSheetProps) {
  const t = useTranslations("versions.replace");
  return (
    <Sheet open={open} onOpenChange={(next) => !next && onClose()} title={t("title")} className="w-[96vw] sm:w-[720px]">
      {open && <ReplaceForm dataset={dataset} onMade={onMade} />}
    </Sheet>
  );
}

function ReplaceForm({ dataset, onMade }: { dataset: ReadyDataset; onMade: (next: Dataset) => void }) {
  const t = useTranslations("versions.replace");
  const errorText = useErrorText();
  const make = useChangeDataset();
  const [draft, setDraft] = useState(emptyReplace);
  const [paths, setPaths] = useState<string[][]>([]);
  const change = toChange(draft);
  return (
    <form
      className="grid gap-5 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (change !== null) make.mutate({ datasetId: dataset.id, change }, { onSuccess: onMade });
      }}
    >
      <p className="text-muted text-sm">{t("body", { version: dataset.version })}</p>
      <ReplacePairs draft={draft} onDraft={setDraft} />
      <ReplaceScope draft={draft} onDraft={setDraft} paths={paths} />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" variant="primary" loading={make.isPending} disabled={change === null}>
          {t("make")}
        </Button>
        <span className="min-w-0 flex-1 basis-60 text-muted text-xs">{t("stays", { version: dataset.version })}</span>
      </div>
      {make.isError && (
        <p role="alert" className="break-words text-failed text-sm">
          {errorText(make.error)}
        </p>
      )}
      <ReplacePreview datasetId={dataset.id} total={dataset.report.rows} change={change} onPaths={setPaths} />
    </form>
  );
}
