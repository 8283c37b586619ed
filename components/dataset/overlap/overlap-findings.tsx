"use client";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { EmptyState, ErrorState, LoadingState } from "@/components/layout/states";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { ScrollBox } from "@/components/ui/scroll-box";
import { Sheet } from "@/components/ui/sheet";
import { type OverlapKind, type OverlapSets, overlapQueries } from "@/lib/client/queries/overlap";
import { useFormat } from "@/lib/client/use-format";
import type { OverlapFinding } from "@/lib/contract/overlap";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { Pager } from "../pager";
import { OverlapPair } from "./overlap-pair";

const PAGE_ROWS = 50;
type FindingsProps = { sets: OverlapSets; all: readonly ReadyDataset[]; kind: OverlapKind | null };

/** Findings left, both rows of the chosen one right; on small screens these open over the list. */
export function OverlapFindings({ sets, all, kind }: FindingsProps) {
  const t = useTranslations("dataset.overlap");
  const [offset, setOffset] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [sheet, setSheet] = useState(false);
  const page = useQuery(overlapQueries.findings(sets, kind, offset, PAGE_ROWS));
  if (page.isError) return <ErrorState error={page.error} onRetry={() => page.refetch()} />;
  if (!page.data) return <LoadingState />;
  const { findings, total } = page.data;
  const finding = findings[chosen - offset] ?? findings[0];
  if (!finding) return <EmptyState title={t("nothing")} />;
  const choose = (at: number) => {
    setChosen(offset + at);
    if (!window.matchMedia("(min-width: 64rem)").matches) setSheet(true);
  };
  const pair = <OverlapPair key={JSON.stringify(finding.places)} sets={sets} all={all} finding={finding} />;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(300px,380px)_minmax(0,1fr)]">
      <Card className="overflow-hidden">
        <div className="-mx-4 -mt-4 -mb-4">
          <Pager
            offset={offset}
            pageRows={PAGE_ROWS}
            total={total}
            whole={false}
            onRow={(row) => {
              setOffset(row);
              setChosen(row);
            }}
          />
          <FindingList findings={findings} chosen={chosen - offset} onChoose={choose} onMove={(at) => setChosen(offset + at)} />
        </div>
      </Card>
      <Card className="sticky top-18 hidden lg:block">{pair}</Card>
      <Sheet open={sheet} onOpenChange={setSheet} title={t("finding", { number: chosen + 1 })} className="w-[94vw] sm:w-[640px]">
        <div className="p-4">{pair}</div>
      </Sheet>
    </div>
  );
}

type ListProps = { findings: readonly OverlapFinding[]; chosen: number; onChoose: (at: number) => void; onMove: (at: number) => void };

/** One stop of the tab key; arrows go from one to the next. */
function FindingList({ findings, chosen, onChoose, onMove }: ListProps) {
  const t = useTranslations("dataset.overlap");
  const format = useFormat();
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const at = chosen + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0);
    if (at === chosen || findings[at] === undefined) return;
    event.preventDefault();
    onMove(at);
    event.currentTarget.querySelectorAll("button")[at]?.focus();
  };
  return (
    <ScrollBox className="lg:max-h-[calc(100dvh-270px)]">
      <ul onKeyDown={move} className="divide-y divide-line">
        {findings.map(({ kind, text, jaccard, answers, rows, places }, at) => (
          <li key={JSON.stringify(places)}>
            <button
              type="button"
              aria-pressed={at === chosen}
              tabIndex={at === chosen ? 0 : -1}
              onClick={() => onChoose(at)}
              className="block w-full px-3 py-2 text-left hover:bg-sunken aria-pressed:bg-sunken"
            >
              <span className="block truncate text-sm text-strong">{text || "–"}</span>
              <span className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-muted text-xs">
                <Badge tone="warning">{t(`kind.${kind}`)}</Badge>
                {jaccard !== null && <span>{t("shared", { share: format.percent(jaccard) })}</span>}
                {answers !== null && <span>{t("answers", { answers, rows })}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </ScrollBox>
  );
}
