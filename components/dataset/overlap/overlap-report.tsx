"use client";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Card } from "@/components/ui/card";
import type { OverlapKind, OverlapSets } from "@/lib/client/queries/overlap";
import { useFormat } from "@/lib/client/use-format";
import type { OverlapReport } from "@/lib/contract/overlap";
import { overlapKinds } from "@/lib/contract/overlap-names";
import { comparedRows, leakedRows, leakingRows, leaksOfSplit, repeatedRows } from "@/lib/domain/overlap";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { OverlapFindings } from "./overlap-findings";
import { LeaveOut } from "./overlap-leave-out";

/** The share that people hold out most often. */
const TENTH = 0.1;
type ReportProps = { sets: OverlapSets; all: readonly ReadyDataset[]; report: OverlapReport };

export function OverlapReportView({ sets, all, report }: ReportProps) {
  const t = useTranslations("dataset.overlap");
  const format = useFormat();
  const [kind, setKind] = useState<OverlapKind | null>(null);
  const alone = sets.validationIds.length === 0;
  const total = Object.values(report.counts).reduce((sum, count) => sum + count, 0);
  const shown = overlapKinds.filter((one) => (alone ? one === "contradiction" : true));
  return (
    <>
      <Card>
        {alone ? <Alone report={report} /> : <Leaks report={report} />}
        <LeaveOut sets={sets} all={all} report={report} />
        <fieldset className="mt-4 grid grid-cols-2 gap-2 sm:grid-cols-3 xl:grid-cols-7">
          <legend className="sr-only">{t("filter")}</legend>
          {shown.map((one) => (
            <Tile
              key={one}
              name={t(`kind.${one}`)}
              count={report.counts[one]}
              chosen={kind === one}
              onChoose={() => setKind(kind === one ? null : one)}
            />
          ))}
        </fieldset>
        {report.notes.map(({ code, count }) => (
          <p key={code} className="mt-3 text-sm text-warning">
            {t(`note.${code}`, { count: format.count(count) })}
          </p>
        ))}
      </Card>
      {total > 0 && <OverlapFindings key={kind} sets={sets} all={all} kind={kind} />}
    </>
  );
}

function Leaks({ report }: { report: OverlapReport }) {
  const t = useTranslations("dataset.overlap");
  const format = useFormat();
  const count = leakedRows(report);
  const total = format.count(comparedRows(report, "validation"));
  return count === 0 ? (
    <Sentence good title={t("clean")} body={t("cleanBody", { total })} />
  ) : (
    <Sentence title={t("leaked", { count, total })} body={t("leakedBody", { count: leakingRows(report) })} />
  );
}

function Alone({ report }: { report: OverlapReport }) {
  const t = useTranslations("dataset.overlap");
  const format = useFormat();
  const count = repeatedRows(report);
  const held = format.count(Math.round(comparedRows(report, "training") * TENTH));
  const leaked = format.count(Number(leaksOfSplit(report, TENTH).toPrecision(2)));
  return (
    <Sentence
      good={count === 0}
      title={t("aloneTitle", { count })}
      body={count === 0 ? t("aloneClean") : t("aloneBody", { leaked, held })}
    />
  );
}

function Sentence({ good = false, title, body }: { good?: boolean; title: string; body: string }) {
  const Icon = good ? CircleCheck : TriangleAlert;
  return (
    <div role="status" className="flex gap-2.5">
      <Icon aria-hidden size={18} className={good ? "mt-0.5 shrink-0 text-succeeded" : "mt-0.5 shrink-0 text-warning"} />
      <div className="min-w-0">
        <p className="font-medium text-strong">{title}</p>
        <p className="text-muted text-sm">{body}</p>
      </div>
    </div>
  );
}

type TileProps = { name: string; count: number; chosen: boolean; onChoose: () => void };

function Tile({ name, count, chosen, onChoose }: TileProps) {
  const format = useFormat();
  return (
    <button
      type="button"
      aria-pressed={chosen}
      disabled={count === 0}
      onClick={onChoose}
      className="flex min-w-0 flex-col justify-between gap-1 rounded-md border border-line px-3 py-2 text-left transition-colors enabled:hover:bg-sunken disabled:cursor-default aria-pressed:border-iris aria-pressed:bg-sunken"
    >
      <span className="text-muted text-xs">{name}</span>
      <span className={`font-semibold text-base tabular-nums ${count > 0 ? "text-warning" : "text-strong"}`}>{format.count(count)}</span>
    </button>
  );
}
