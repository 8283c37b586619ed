"use client";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { NumberField } from "@/components/ui/number-field";
import { Select } from "@/components/ui/select";
import { useFormat } from "@/lib/client/use-format";
import type { ReadyDataset as Dataset } from "@/lib/domain/ready-dataset";
import { isChanged } from "./draft";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { Section } from "./section";
import { useProblemText } from "./use-problem-text";

export function DataSection({ onAdd }: { onAdd: () => void }) {
  const t = useTranslations("launch.data");
  const forms = useTranslations("common.form");
  const format = useFormat();
  const problemText = useProblemText();
  const { datasets, dataset, check, set, resolved } = useLaunch();
  const problem = problemAt(check, "datasetId");
  const chosen = resolved.candidate.datasetId;
  return (
    <Section
      name="data"
      actions={
        <Button size="sm" variant="ghost" onClick={onAdd}>
          {t("add")}
        </Button>
      }
    >
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_168px]">
        <Field
          id={fieldId("datasetId")}
          label={t("choose")}
          error={problem && problemText(problem)}
          hint={datasets.length === 0 ? t("none") : undefined}
        >
          <Select
            value={typeof chosen === "string" ? chosen : null}
            onValueChange={(id) => set("datasetId", id)}
            placeholder={t("choose")}
            options={datasets.map(({ id, name, report }) => ({
              value: id,
              label: name,
              detail: `${t("rows", { usable: format.count(report.usableRows), total: format.count(report.rows) })} · ${forms(report.format)}`,
            }))}
          />
        </Field>
        <ValidationField />
      </div>
      {dataset && <DataFactsLine dataset={dataset} />}
    </Section>
  );
}

function ValidationField() {
  const t = useTranslations("launch.data");
  const problemText = useProblemText();
  const { resolved, check, set, reset } = useLaunch();
  const problem = problemAt(check, "evalFraction");
  const value = resolved.candidate.evalFraction;
  return (
    <Field
      id={fieldId("evalFraction")}
      label={t("validation")}
      help={
        <>
          <p>{t("validationHelp")}</p>
          <p className="mt-1.5 text-muted">{t("validationUsual")}</p>
        </>
      }
      error={problem && problemText(problem)}
      changed={isChanged(resolved, "evalFraction")}
      onReset={() => reset("evalFraction")}
    >
      <NumberField
        value={typeof value === "number" ? value : Number.NaN}
        onValueChange={(next) => set("evalFraction", next)}
        step={0.01}
        min={0}
        max={0.5}
      />
    </Field>
  );
}

function DataFactsLine({ dataset }: { dataset: Dataset }) {
  const t = useTranslations("launch.data");
  const forms = useTranslations("common.form");
  const format = useFormat();
  const { rows, usableRows } = dataset.report;
  const bad = rows - usableRows;
  return (
    <div className="mt-2.5 flex flex-wrap items-center gap-1.5">
      <Badge tone={bad === 0 ? "succeeded" : "neutral"}>
        {bad === 0
          ? t("allRows", { total: format.count(rows) })
          : t("rows", { usable: format.count(usableRows), total: format.count(rows) })}
      </Badge>
      <Badge>{forms(dataset.report.format)}</Badge>
      {bad > 0 && (
        <Link href={`/data/${dataset.id}?tab=health`} prefetch={false}>
          <Badge tone="warning">{t("problems", { count: bad })}</Badge>
        </Link>
      )}
      <Link href={`/data/${dataset.id}`} prefetch={false} className="ml-1 font-medium text-link text-sm hover:underline">
        {t("look")} →
      </Link>
    </div>
  );
}
