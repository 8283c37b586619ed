"use client";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { useFormat } from "@/lib/client/use-format";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { trainableRows } from "@/lib/domain/stage-rows";
import { CapField } from "./cap-field";
import { fieldId, problemAt, useLaunch } from "./launch-context";
import { useProblemText } from "./use-problem-text";
import { LOOK_THROUGH, useSetOptions, useSets } from "./use-sets";

const PATH = "data.sets.0.datasetId";

export function OneSet() {
  const t = useTranslations("launch.data");
  const problemText = useProblemText();
  const { datasets, chosenSets, check, sought } = useLaunch();
  const { sets, change } = useSets();
  const [wanted, setWanted] = useState(false);
  const options = useSetOptions([]);
  const problem = problemAt(check, PATH);
  const [dataset] = chosenSets;
  const capped = wanted || sought === "data.sets.0.maxRows" || typeof sets[0]?.maxRows === "number";
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_auto]">
        <Field
          id={fieldId(PATH)}
          label={t("choose")}
          error={problem && problemText(problem)}
          hint={datasets.length === 0 ? t("none") : undefined}
          className={capped ? undefined : "col-span-full"}
        >
          <Select
            searchable={options.length > LOOK_THROUGH}
            value={sets[0]?.datasetId ?? null}
            onValueChange={(datasetId) => change(0, { datasetId })}
            placeholder={t("choose")}
            options={options}
          />
        </Field>
        {capped && <CapField at={0} className="sm:w-42" />}
      </div>
      {dataset && <FactsLine dataset={dataset} onLimit={capped ? null : () => setWanted(true)} />}
    </>
  );
}

function FactsLine({ dataset, onLimit }: { dataset: ReadyDataset; onLimit: (() => void) | null }) {
  const t = useTranslations("launch.data");
  const forms = useTranslations("common.form");
  const format = useFormat();
  const { rows, usableRows } = dataset.report;
  const fitting = trainableRows(dataset.report, useLaunch().resolved.stage);
  const bad = rows - usableRows;
  return (
    <div className="mt-2.5 flex flex-wrap items-center gap-1.5">
      <Badge tone={bad === 0 ? "succeeded" : "neutral"}>
        {bad === 0
          ? t("allRows", { total: format.count(rows) })
          : t("rows", { usable: format.count(usableRows), total: format.count(rows) })}
      </Badge>
      <Badge>{forms(dataset.report.format)}</Badge>
      {fitting !== usableRows && <Badge tone={fitting === 0 ? "warning" : "neutral"}>{t("fits", { count: fitting })}</Badge>}
      {bad > 0 && (
        <Link href={`/data/${dataset.id}?tab=health`} prefetch={false}>
          <Badge tone="warning">{t("problems", { count: bad })}</Badge>
        </Link>
      )}
      <Link href={`/data/${dataset.id}`} prefetch={false} className="ml-1 font-medium text-link text-sm hover:underline">
        {t("look")} →
      </Link>
      {onLimit && (
        <button type="button" onClick={onLimit} className="ml-2 font-medium text-link text-sm hover:underline">
          {t("limit")}
        </button>
      )}
    </div>
  );
}
