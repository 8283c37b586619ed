"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { NumberField } from "@/components/ui/number-field";
import { useChangeDataset } from "@/lib/client/queries/dataset-versions";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import type { Dataset } from "@/lib/contract/dataset";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";

type SampleDialogProps = { dataset: ReadyDataset; open: boolean; onClose: () => void; onMade: (next: Dataset) => void };

const SEED = 42;
const MOST_SEED = 2_147_483_647;

/** Some of the rows that can be trained, drawn at random: the same seed draws the same rows. */
export function SampleDialog({ dataset, open, onClose, onMade }: SampleDialogProps) {
  const t = useTranslations("versions.sample");
  const common = useTranslations("common");
  const format = useFormat();
  const errorText = useErrorText();
  const change = useChangeDataset();
  const most = dataset.report.usableRows;
  const [rows, setRows] = useState<number | null>(Math.min(1000, Math.max(1, Math.floor(most / 2))));
  const [seed, setSeed] = useState<number | null>(SEED);
  const rowsOk = isWhole(rows, 1, most);
  const seedOk = isWhole(seed, 0, MOST_SEED);
  const draw = () => {
    if (rows === null || seed === null) return;
    change.mutate({ datasetId: dataset.id, change: { type: "sample", rows, seed } }, { onSuccess: onMade });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("title")}
      description={t("body", { version: dataset.version })}
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button variant="primary" loading={change.isPending} disabled={!rowsOk || !seedOk} onClick={draw}>
            {t("draw")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          id="sample-rows"
          label={t("rows")}
          hint={t("most", { count: format.count(most) })}
          error={rowsOk ? undefined : t("badRows", { most: format.count(most) })}
        >
          <NumberField id="sample-rows" value={rows} onValueChange={setRows} min={1} max={most} />
        </Field>
        <Field id="sample-seed" label={t("seed")} hint={t("seedHint")} error={seedOk ? undefined : t("badSeed")}>
          <NumberField id="sample-seed" value={seed} onValueChange={setSeed} min={0} max={MOST_SEED} />
        </Field>
      </div>
      {change.isError && (
        <p role="alert" className="mt-3 break-words text-failed text-sm">
          {errorText(change.error)}
        </p>
      )}
    </Dialog>
  );
}

const isWhole = (value: number | null, least: number, most: number): boolean =>
  value !== null && Number.isInteger(value) && value >= least && value <= most;
