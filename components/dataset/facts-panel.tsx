"use client";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { useFormat } from "@/lib/client/use-format";
import { useSaidText } from "@/lib/client/use-said-text";
import type { ReadyDataset as Dataset } from "@/lib/domain/ready-dataset";

export function FactsPanel({ dataset: { fileName, createdAt, report } }: { dataset: Dataset }) {
  const t = useTranslations("data.fact");
  const data = useTranslations("data");
  const forms = useTranslations("common.form");
  const format = useFormat();
  const saidText = useSaidText();
  const { characters, turns } = report;
  const rows = `${format.count(report.usableRows)} ${data("ofRows", { total: format.count(report.rows) })}`;
  return (
    <Card className="max-w-3xl">
      <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-[160px_minmax(0,1fr)]">
        <Fact name={t("format")}>
          {forms(report.format)}
          <span className="block text-muted">{saidText(report.formatSaid, report.formatReason)}</span>
        </Fact>
        <Fact name={t("file")}>
          {fileName} <span className="text-muted">· {format.bytes(report.bytes)}</span>
        </Fact>
        <Fact name={t("rows")}>{rows}</Fact>
        <Fact name={t("columns")}>
          <span className="font-mono text-xs">{report.columns.join(", ")}</span>
        </Fact>
        <Fact name={t("characters")}>
          {t("charactersValue", {
            median: format.count(characters.median),
            p95: format.count(characters.p95),
            max: format.count(characters.max),
          })}
        </Fact>
        <Fact name={t("turns")}>{t("turnsValue", { mean: format.count(turns.mean), max: format.count(turns.max) })}</Fact>
        <Fact name={t("sha256")}>
          <span className="inline-flex max-w-full items-center gap-1">
            <code className="truncate font-mono text-xs">{report.sha256}</code>
            <CopyButton text={report.sha256} />
          </span>
        </Fact>
        <Fact name={t("added")}>{format.date(createdAt)}</Fact>
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 text-strong max-sm:-mt-2">{children}</dd>
    </>
  );
}
