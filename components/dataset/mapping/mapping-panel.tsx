"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { datasetViewQueries, useCheckDataset } from "@/lib/client/queries/dataset-view";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import { useSaidText } from "@/lib/client/use-said-text";
import type { Dataset, DatasetGuess, DatasetMapping } from "@/lib/contract/dataset";
import { FormatFields } from "./format-fields";
import { emptyMapping, missingRoles } from "./mapping-draft";
import { MappingPreview } from "./mapping-preview";
import { MappingTable } from "./mapping-table";

const SAMPLE_ROWS = 5;

type MappingPanelProps = { dataset: Dataset; onChecked: (next: Dataset) => void };

/** How the rows are to be read: what was recognised, and for anything else roles in the heads of the columns. */
export function MappingPanel({ dataset, onChecked }: MappingPanelProps) {
  const t = useTranslations("dataset.mapping");
  const guess = useQuery(datasetViewQueries.guess(dataset.id));
  const page = useQuery(
    datasetViewQueries.table(dataset.id, { offset: 0, limit: SAMPLE_ROWS, search: "", filters: [], reason: null, sort: null }),
  );
  const failed = [guess, page].find((query) => query.isError && !query.data);
  if (failed) return <ErrorState error={failed.error} onRetry={() => failed.refetch()} />;
  if (!guess.data || !page.data) return <LoadingState />;
  const guesses = guess.data.guesses.length > 0 ? guess.data.guesses : dataset.guesses;
  if (page.data.rows.length === 0) return <Card>{t("noRows")}</Card>;
  return (
    <MappingForm
      dataset={dataset}
      guesses={guesses}
      likely={guess.data.likely}
      columns={page.data.columns.length > 0 ? page.data.columns : guess.data.columns}
      rows={page.data.rows}
      onChecked={onChecked}
    />
  );
}

type MappingFormProps = MappingPanelProps & {
  guesses: readonly DatasetGuess[];
  likely: DatasetGuess | null;
  columns: readonly string[];
  rows: Parameters<typeof MappingTable>[0]["rows"];
};

function MappingForm({ dataset, guesses, likely, columns, rows, onChecked }: MappingFormProps) {
  const t = useTranslations("dataset.mapping");
  const errorText = useErrorText();
  const saidText = useSaidText();
  const check = useCheckDataset();
  const [mapping, setMapping] = useState<DatasetMapping>(dataset.mapping ?? guesses[0]?.mapping ?? likely?.mapping ?? emptyMapping);
  const missing = missingRoles(mapping);
  return (
    <div className="grid gap-4">
      <Card title={guesses.length > 0 ? t("recognised") : t("unknown")}>
        {guesses.length === 0 && (
          <p className="mb-3 text-sm">
            {t("unknownBody")} {likely && <b className="font-medium text-strong">{saidText(likely.said, likely.reason)}</b>}
          </p>
        )}
        <Guesses guesses={guesses} mapping={mapping} onChoose={setMapping} />
        <FormatFields mapping={mapping} onMapping={setMapping} />
      </Card>
      <Card title={t("columns")} flush>
        <MappingTable columns={columns} rows={rows} mapping={mapping} onMapping={setMapping} />
      </Card>
      <Card
        title={t("preview")}
        actions={
          <Button
            variant="primary"
            loading={check.isPending}
            disabled={missing.length > 0}
            onClick={() => check.mutate({ datasetId: dataset.id, mapping }, { onSuccess: onChecked })}
          >
            {dataset.status === "ready" ? t("checkNew", { version: dataset.version + 1 }) : t("check")}
          </Button>
        }
      >
        {check.isError && <p className="mb-3 text-failed text-sm">{errorText(check.error)}</p>}
        {missing.length > 0 ? (
          <p className="text-sm">{t("missing", { roles: missing.map((role) => t(`role.${role}`)).join(", ") })}</p>
        ) : (
          <MappingPreview datasetId={dataset.id} mapping={mapping} rows={rows.map(({ row }) => row)} />
        )}
      </Card>
    </div>
  );
}

type GuessesProps = { guesses: readonly DatasetGuess[]; mapping: DatasetMapping; onChoose: (mapping: DatasetMapping) => void };

function Guesses({ guesses, mapping, onChoose }: GuessesProps) {
  const t = useTranslations("dataset.mapping");
  const format = useFormat();
  const saidText = useSaidText();
  const forms = useTranslations("common.form");
  if (guesses.length === 0) return null;
  return (
    <ul className="mb-4 grid gap-2" aria-label={t("recognised")}>
      {guesses.slice(0, 4).map((guess) => {
        const chosen = JSON.stringify(guess.mapping) === JSON.stringify(mapping);
        return (
          <li key={`${guess.mapping.format}-${guess.reason}`}>
            <button
              type="button"
              aria-pressed={chosen}
              onClick={() => onChoose(guess.mapping)}
              className={`flex w-full flex-wrap items-baseline gap-x-3 rounded-md border px-3 py-2 text-left text-sm ${chosen ? "border-iris bg-iris-soft" : "border-line hover:border-line-strong"}`}
            >
              <b className="font-medium text-strong">{forms(guess.mapping.format)}</b>
              <span className="tabular-nums text-muted text-xs">{format.percent(guess.confidence)}</span>
              <span className="min-w-0 flex-1 basis-64 text-muted text-xs">{saidText(guess.said, guess.reason)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
