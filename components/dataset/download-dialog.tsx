"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { withBase } from "@/lib/client/base-path";
import { versionQueries } from "@/lib/client/queries/dataset-versions";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import { type RowForm, rowForms } from "@/lib/contract/dataset-names";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";

/** The rows that train as a file in another form; what has no place in it is said before. */
export function DownloadDialog({ dataset, open, onClose }: { dataset: ReadyDataset; open: boolean; onClose: () => void }) {
  const t = useTranslations("versions.download");
  const common = useTranslations("common");
  const [form, setForm] = useState<RowForm>("parquet");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("title", { version: dataset.version })}
      description={t("body")}
      size="md"
      footer={
        <>
          <Button onClick={onClose}>{common("close")}</Button>
          <Button asChild variant="primary">
            <a href={withBase(`/api/datasets/${dataset.id}/export?format=${form}`)} download>
              {t("start")}
            </a>
          </Button>
        </>
      }
    >
      <fieldset className="grid gap-2">
        <legend className="sr-only">{t("form")}</legend>
        {rowForms.map((one) => (
          <label
            key={one}
            className={`flex cursor-pointer items-baseline gap-2.5 rounded-md border px-3 py-2 ${one === form ? "border-iris bg-iris-soft" : "border-line hover:border-line-strong"}`}
          >
            <input type="radio" name="form" value={one} checked={one === form} onChange={() => setForm(one)} className="accent-iris" />
            <span className="min-w-0">
              <span className="font-medium text-strong">{t(`name.${one}`)}</span>
              <span className="block text-muted text-xs">{t(`about.${one}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {open && <Forecast datasetId={dataset.id} form={form} />}
    </Dialog>
  );
}

function Forecast({ datasetId, form }: { datasetId: string; form: RowForm }) {
  const t = useTranslations("versions.download");
  const format = useFormat();
  const errorText = useErrorText();
  const { data, error } = useQuery(versionQueries.forecast(datasetId, form));
  if (error) return <p className="mt-3 text-failed">{errorText(error)}</p>;
  if (!data) return <p className="mt-3 text-muted">{t("counting")}</p>;
  return (
    <div aria-live="polite" className="mt-3">
      <p className="text-strong">{t("rows", { count: data.rows })}</p>
      {data.left.length > 0 && (
        <ul className="mt-1.5 list-disc rounded-md bg-warning-soft py-2 pr-3 pl-7 text-strong">
          {data.left.map(({ reason, rows }) => (
            <li key={reason}>
              {t("left", { rows: format.count(rows), reason: t.has(`reason.${reason}`) ? t(`reason.${reason}`) : reason })}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
