"use client";
import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { EmptyState, ErrorState, LoadingState } from "@/components/layout/states";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { datasetViewQueries } from "@/lib/client/queries/dataset-view";
import { useFormat } from "@/lib/client/use-format";
import { useSaidText } from "@/lib/client/use-said-text";
import type { InspectedRow, RenderSettings, TokenWarning } from "@/lib/contract/inspect";
import { RowsBeside } from "../rows/rows-beside";
import { RenderControls } from "./render-controls";
import { TemplateControls } from "./template-controls";
import { TokenText } from "./token-text";
import { useRenderSettings } from "./use-render-settings";

type TokensPanelProps = { datasetId: string; total: number; row: number; onRow: (row: number) => void };

/** The very tokens that will be trained, by the same code that trains them. */
export function TokensPanel({ datasetId, total, row, onRow }: TokensPanelProps) {
  const t = useTranslations("dataset.tokens");
  const choice = useRenderSettings();
  if (choice.error) return <ErrorState error={choice.error} />;
  if (choice.models?.length === 0)
    return (
      <Card>
        <EmptyState
          title={t("noModel")}
          body={t("noModelBody")}
          action={
            <Button asChild>
              <Link href="/models">{t("addModel")}</Link>
            </Button>
          }
        />
      </Card>
    );
  return (
    <RowsBeside datasetId={datasetId} total={total} row={row} onRow={onRow}>
      <RenderControls choice={choice} />
      <TemplateControls choice={choice} />
      {choice.settings && <Inspected datasetId={datasetId} row={row} settings={choice.settings} />}
    </RowsBeside>
  );
}

function Inspected({ datasetId, row, settings }: { datasetId: string; row: number; settings: RenderSettings }) {
  const inspected = useQuery(datasetViewQueries.inspect(datasetId, row, settings));
  if (inspected.isError) return <ErrorState error={inspected.error} onRetry={() => inspected.refetch()} className="mt-3" />;
  if (!inspected.data)
    return (
      <LoadingState className="mt-4">
        <Skeleton className="h-40" />
      </LoadingState>
    );
  return <InspectedText row={inspected.data} />;
}

function InspectedText({ row }: { row: InspectedRow }) {
  const t = useTranslations("dataset.tokens");
  const format = useFormat();
  const kept = row.cutAt ?? row.tokens;
  const none = row.trainedTokens === 0;
  // The template wrote nothing at all.
  if (row.refused && row.ids.length === 0)
    return (
      <div className="mt-3">
        <Warning tone="failed" warning={row.refused} />
      </div>
    );
  return (
    <>
      <p className="mt-3 mb-2 flex flex-wrap items-center gap-2">
        <Badge tone={none ? "failed" : "succeeded"}>
          {t("trained", { trained: format.count(row.trainedTokens), total: format.count(kept) })}
        </Badge>
        <span className="text-muted text-xs">{t(`mask.${row.maskMethod}`)}</span>
      </p>
      {row.refused && <Warning tone="failed" warning={row.refused} />}
      {row.warnings.map((warning) => (
        <Warning key={warning.code} tone="warning" warning={warning} />
      ))}
      <TokenText key={`${row.index}-${row.ids.length}`} row={row} />
      <p className="mt-3 text-muted text-xs">{t("help")}</p>
    </>
  );
}

type WarningProps = { tone: "warning" | "failed"; warning: TokenWarning };

/** What exactly: which message, which words, how many tokens. A refusal is first told in a few words. */
function Warning({ tone, warning: { code, message, said } }: WarningProps) {
  const t = useTranslations("dataset.tokens");
  const saidText = useSaidText();
  const title = tone === "failed" && t.has(`warning.${code}`) ? t(`warning.${code}`) : null;
  const exact = saidText(said, message);
  return (
    <p className={`mb-2 flex gap-2 rounded-md p-2.5 text-sm ${tone === "failed" ? "bg-failed-soft" : "bg-warning-soft"}`}>
      <TriangleAlert aria-hidden size={15} className={`mt-0.5 shrink-0 ${tone === "failed" ? "text-failed" : "text-warning"}`} />
      <span className="min-w-0 break-words text-strong">
        {title ?? exact}
        {title !== null && title !== exact && <span className="block text-muted text-xs">{exact}</span>}
      </span>
    </p>
  );
}
