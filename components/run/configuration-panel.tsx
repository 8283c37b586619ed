"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { EmptyState, ErrorState, LoadingState } from "@/components/layout/states";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { ScrollText } from "@/components/ui/scroll-box";
import { Segmented } from "@/components/ui/segmented";
import { runQueries } from "@/lib/client/queries/runs";
import { useFormat } from "@/lib/client/use-format";
import type { TrainSpec } from "@/lib/contract/job-spec";
import type { Run } from "@/lib/contract/run";
import { describeSpec, type SpecRow } from "./describe-spec";

/** What was asked for, by groups and in the person's language; and every value that came of it. */
export function ConfigurationPanel({ run }: { run: Run }) {
  const t = useTranslations("run");
  const [shown, setShown] = useState<"asked" | "resolved">("asked");
  if (run.spec.kind !== "train") return null;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <Segmented
          aria-label={t("config.shown")}
          value={shown}
          onValueChange={setShown}
          options={[
            { value: "asked", label: t("config.asked") },
            { value: "resolved", label: t("config.resolved") },
          ]}
        />
        {shown === "asked" && <CopyButton text={JSON.stringify(run.spec, null, 2)} label={t("config.copyJson")} />}
      </div>
      {shown === "asked" ? <Asked run={run} spec={run.spec} /> : <Resolved run={run} />}
    </>
  );
}

function Asked({ run, spec }: { run: Run; spec: TrainSpec }) {
  const t = useTranslations("run");
  const language = useLocale() === "zh" ? "zh" : "en";
  const format = useFormat();
  const { validation } = spec.data;
  const methodName = (method: TrainSpec["method"]) => (method === "lora" ? "LoRA" : method === "qlora" ? "QLoRA" : t(method));
  const heldOut = {
    share: validation.type === "fraction" ? format.percent(validation.fraction) : "",
    rows: validation.type === "rows" ? validation.rows : 0,
    sets: validation.type === "sets" ? validation.datasetIds.length : 0,
  };
  const basics: SpecRow[] = [
    { name: "modelId", label: t("model"), value: run.labels.model },
    { name: "data.sets", label: t("data"), value: [run.labels.data ?? "–", ...(run.labels.otherData ?? [])].join(", ") },
    { name: "stage", label: t("config.stage"), value: spec.stage.toUpperCase() },
    { name: "method", label: t("config.method"), value: methodName(spec.method) },
    { name: "data.validation", label: t("config.validation"), value: t(`config.validationOf.${validation.type}`, heldOut) },
  ];
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Rows title={t("config.group.basics")} rows={basics} />
      {describeSpec(spec, language).map(({ group, rows }) => (
        <Rows key={group} title={t(`config.group.${group}`)} rows={rows} />
      ))}
    </div>
  );
}

function Rows({ title, rows }: { title: string; rows: readonly SpecRow[] }) {
  const t = useTranslations("run");
  const show = (value: SpecRow["value"]) =>
    value === null ? t("config.empty") : typeof value === "boolean" ? t(value ? "config.on" : "config.off") : value;
  return (
    <Card title={title}>
      <dl className="text-sm">
        {rows.map((row) => (
          <div key={row.name} className="flex items-baseline gap-4 border-line border-b py-1.5 last:border-b-0">
            <dt className="min-w-0 flex-1">
              <span className="text-normal">{row.label}</span> <code className="break-all font-mono text-muted text-xs">{row.name}</code>
            </dt>
            <dd className="min-w-0 max-w-[60%] break-words text-right text-strong tabular-nums">
              {show(row.value)}
              {row.unit && <span className="text-muted"> {t(`config.unit.${row.unit}`)}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Resolved({ run }: { run: Run }) {
  const t = useTranslations("run");
  const resolved = useQuery(runQueries.resolved(run.id, run.attempt));
  if (resolved.isPending) return <LoadingState />;
  if (resolved.isError) return <ErrorState error={resolved.error} onRetry={() => void resolved.refetch()} />;
  if (resolved.data === null) return <EmptyState title={t("config.notResolved")} body={t("config.notResolvedBody")} />;
  const text = JSON.stringify(resolved.data, null, 2);
  return (
    <Card title={t("config.resolvedTitle", { attempt: run.attempt })} actions={<CopyButton text={text} label={t("config.copyJson")} />}>
      <ScrollText className="max-h-[70vh] border-0 bg-sunken">{text}</ScrollText>
    </Card>
  );
}
