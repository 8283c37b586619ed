"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { EmptyState } from "@/components/layout/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { NumberField } from "@/components/ui/number-field";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { exportQueries, useCreateExport } from "@/lib/client/queries/exports";
import { ApiError } from "@/lib/client/request";
import { useErrorText, useFieldText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import type { ExportSpec } from "@/lib/contract/job-spec";
import type { Run } from "@/lib/contract/run";
import { bestCheckpoint } from "@/lib/domain/best-checkpoint";
import { formatLoss } from "@/lib/domain/format";
import { type ExportDraft, emptyDraft, exportableRuns, hasAdapter, toExportSpec } from "./export-draft";
import { ForecastPanel } from "./forecast-panel";

const dtypes: readonly ExportSpec["dtype"][] = ["auto", "bfloat16", "float16", "float32"];
const GB = 1e9;

/** Which checkpoint, in which form; the forecast beside it follows every choice. */
export function ExportForm({ runs }: { runs: readonly Run[] }) {
  const t = useTranslations("exports");
  const search = useSearchParams();
  const errorText = useErrorText();
  const fieldText = useFieldText();
  const create = useCreateExport();
  const usable = exportableRuns(runs);
  const [draft, setDraft] = useState<ExportDraft>(() => ({
    ...emptyDraft,
    runId: search.get("run") ?? usable[0]?.id ?? null,
    checkpoint: search.get("checkpoint"),
  }));
  const set = (part: Partial<ExportDraft>) => setDraft((now) => ({ ...now, ...part }));
  const spec = toExportSpec(draft, runs);
  const shardWrong = !(draft.maxShardBytes >= 1e6 && draft.maxShardBytes <= 100 * GB);
  const nameWrong = spec !== null && (spec.name.trim() === "" || spec.name.length > 80 || /[/\\]/.test(spec.name));
  const complete = spec !== null && !shardWrong && !nameWrong ? spec : null;
  const forecast = useQuery({ ...exportQueries.forecast(complete), placeholderData: keepPreviousData, retry: false });
  const possible = forecast.data?.fits === true && forecast.data.problem === null;
  const fieldError = (path: string) => {
    const problem =
      create.error instanceof ApiError ? create.error.fields.find((one) => one.path.replace(/^spec\./, "") === path) : undefined;
    return problem && fieldText(problem);
  };
  const start = () => {
    if (complete === null) return;
    create.mutate(
      { spec: complete },
      { onSuccess: (run) => toast.success(t("started", { name: run.name })), onError: (error) => toast.error(errorText(error)) },
    );
  };

  if (usable.length === 0)
    return (
      <Card>
        <EmptyState
          title={t("nothingToExport")}
          body={t("nothingToExportBody")}
          action={
            <Button asChild variant="primary">
              <Link href="/launch">{t("trainFirst")}</Link>
            </Button>
          }
        />
      </Card>
    );
  const run = usable.find((one) => one.id === draft.runId);
  return (
    <Card>
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_320px]">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="export-run" label={t("run")} error={draft.runId !== null && run === undefined ? t("runGone") : fieldError("runId")}>
            <Select
              id="export-run"
              value={run?.id ?? null}
              placeholder={t("chooseRun")}
              onValueChange={(runId) => set({ runId, checkpoint: null, name: null })}
              options={usable.map((one) => ({ value: one.id, label: one.name, detail: one.labels.model }))}
            />
          </Field>
          <CheckpointField run={run} value={spec?.checkpoint ?? null} onValue={(checkpoint) => set({ checkpoint, name: null })} />
          <Field id="export-form" label={t("form")} hint={t(`formHint.${spec?.form ?? draft.form}`)}>
            <Segmented
              id="export-form"
              aria-label={t("form")}
              className="w-full"
              value={spec?.form ?? draft.form}
              onValueChange={(form) => set({ form, name: null })}
              options={[
                { value: "merged", label: t("merged") },
                {
                  value: "adapter",
                  label: t("adapter"),
                  disabled: run !== undefined && !hasAdapter(run),
                  title: run !== undefined && !hasAdapter(run) ? t("noAdapter") : undefined,
                },
              ]}
            />
          </Field>
          <Field id="export-dtype" label={t("dtype")} help={t("dtypeHelp")} error={fieldError("dtype")}>
            <Select
              id="export-dtype"
              value={spec?.dtype ?? draft.dtype}
              disabled={spec?.form === "adapter"}
              onValueChange={(value) => set({ dtype: dtypes.find((dtype) => dtype === value) ?? "auto" })}
              options={dtypes.map((value) => ({ value, label: value, detail: t(`dtypeHint.${value}`) }))}
            />
          </Field>
          <Field
            id="export-shard"
            label={t("maxShard")}
            help={t("maxShardHelp")}
            error={shardWrong ? t("maxShardRange") : fieldError("maxShardBytes")}
          >
            <NumberField
              id="export-shard"
              unit="GB"
              value={draft.maxShardBytes / GB}
              min={0.001}
              max={100}
              step={0.5}
              onValueChange={(value) => set({ maxShardBytes: value === null ? Number.NaN : Math.round(value * GB) })}
            />
          </Field>
          <Field id="export-name" label={t("name")} error={nameWrong ? t("nameWrong") : fieldError("name")}>
            <Input
              id="export-name"
              value={spec?.name ?? draft.name ?? ""}
              maxLength={80}
              onChange={(event) => set({ name: event.target.value })}
            />
          </Field>
        </div>
        <ForecastPanel spec={complete} forecast={forecast.data} error={forecast.error} stale={forecast.isPlaceholderData}>
          <Button
            variant="primary"
            className="w-full"
            loading={create.isPending}
            disabled={!possible || forecast.isPlaceholderData}
            onClick={start}
          >
            {t("start")}
          </Button>
        </ForecastPanel>
      </div>
    </Card>
  );
}

function CheckpointField({ run, value, onValue }: { run: Run | undefined; value: string | null; onValue: (name: string) => void }) {
  const t = useTranslations("exports");
  const format = useFormat();
  const best = run === undefined ? null : bestCheckpoint(run);
  const options = [...(run?.checkpoints ?? [])].reverse().map((checkpoint) => ({
    value: checkpoint.name,
    label: checkpoint.name,
    detail: [
      checkpoint.name === best && t("best"),
      checkpoint.evalLoss !== null && t("validation", { loss: formatLoss(checkpoint.evalLoss) }),
      format.bytes(checkpoint.bytes),
    ]
      .filter(Boolean)
      .join(" · "),
  }));
  return (
    <Field id="export-checkpoint" label={t("checkpoint")}>
      <Select
        id="export-checkpoint"
        value={value}
        disabled={run === undefined}
        placeholder={t("chooseRunFirst")}
        onValueChange={onValue}
        options={options}
      />
    </Field>
  );
}
