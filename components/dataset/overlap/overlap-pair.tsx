"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Segmented } from "@/components/ui/segmented";
import { datasetQueries } from "@/lib/client/queries/datasets";
import type { OverlapSets } from "@/lib/client/queries/overlap";
import type { DatasetRow, Message } from "@/lib/contract/dataset";
import type { TextPart } from "@/lib/contract/dataset-view";
import type { OverlapFinding } from "@/lib/contract/overlap";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { diffWords } from "@/lib/domain/word-diff";

type Place = OverlapFinding["places"][number];
type PairProps = { sets: OverlapSets; all: readonly ReadyDataset[]; finding: OverlapFinding };

/** Two rows beside each other; the words that differ are marked. */
export function OverlapPair({ sets, all, finding: { places } }: PairProps) {
  const t = useTranslations("dataset.overlap");
  const [second, setSecond] = useState(1);
  const [left, right] = [places[0], places[second]];
  const ids = [...sets.trainIds, ...sets.validationIds];
  const one = useRow(ids, left);
  const other = useRow(ids, right);
  if (!left || !right) return null;
  if (one.isError || other.isError)
    return <ErrorState error={one.error ?? other.error} onRetry={() => void [one.refetch(), other.refetch()]} />;
  if (!one.data || !other.data) return <LoadingState />;
  const turns = pairTurns(one.data, other.data);
  const alike = turns.every(({ parts }) => parts.every(({ is }) => is === "same"));
  return (
    <div>
      {places.length > 2 && (
        <Segmented
          aria-label={t("compare")}
          className="mb-3 overflow-x-auto"
          value={String(second)}
          onValueChange={(value) => setSecond(Number(value))}
          options={places.slice(1).map((place, at) => ({ value: String(at + 1), label: t("place", { row: place.row }) }))}
        />
      )}
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
        {[left, right].map((place, side) => (
          <Side key={JSON.stringify(place)} sets={sets} all={all} place={place} turns={turns} side={side === 0 ? 0 : 1} />
        ))}
      </div>
      {alike && <p className="mt-3 text-muted text-xs">{t("noDifference")}</p>}
    </div>
  );
}

function useRow(ids: readonly string[], place: Place | undefined) {
  const id = place && ids[place.set];
  const page = useQuery({ ...datasetQueries.rows(id ?? "", place?.row ?? 0, 1), enabled: id !== undefined, placeholderData: undefined });
  return { ...page, data: page.data?.rows[0] };
}

type Turn = { role: Message["role"] | null; parts: TextPart[] };

/** Turn by turn; where one row has fewer, the others stand alone. */
function pairTurns(one: DatasetRow, other: DatasetRow): Turn[] {
  const [left, right] = [turnsOf(one), turnsOf(other)];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) => ({
    role: left[at]?.role ?? right[at]?.role ?? null,
    parts: diffWords(left[at]?.text ?? "", right[at]?.text ?? ""),
  }));
}

const turnsOf = ({ messages, text }: DatasetRow): { role: Message["role"] | null; text: string }[] =>
  messages === null ? [{ role: null, text: text ?? "" }] : messages.map((message) => ({ role: message.role, text: said(message) }));

const said = ({ reasoning, content, toolCalls }: Message): string =>
  [reasoning, content, ...(toolCalls ?? []).map((call) => `${call.name}(${call.arguments})`)].filter(Boolean).join("\n");

type SideProps = { sets: OverlapSets; all: readonly ReadyDataset[]; place: Place; turns: readonly Turn[]; side: 0 | 1 };

function Side({ sets, all, place, turns, side }: SideProps) {
  const t = useTranslations("dataset.overlap");
  const data = useTranslations("data");
  const trained = place.set < sets.trainIds.length;
  const id = [...sets.trainIds, ...sets.validationIds][place.set];
  return (
    <section className="min-w-0">
      <p className="flex flex-wrap items-baseline gap-x-2 text-muted text-xs">
        <span className={trained ? "font-medium text-strong" : "font-medium text-warning"}>{t(trained ? "training" : "validation")}</span>
        <Link href={`/data/${id}?row=${place.row}`} className="flex min-w-0 gap-2 hover:underline" title={t("openRow")}>
          <span className="min-w-0 truncate">{all.find((one) => one.id === id)?.name}</span>
          <span className="shrink-0 tabular-nums">{t("place", { row: place.row })}</span>
        </Link>
      </p>
      {turns.map(({ role, parts }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the turns of a row never move
        <div key={at} className="mt-2">
          {role && <p className="mb-0.5 text-muted text-xs">{data(`role.${role}`)}</p>}
          <p className="whitespace-pre-wrap break-words rounded-lg bg-sunken px-3 py-2 text-normal text-sm">
            <Marked parts={parts.filter(({ is }) => is !== (side === 0 ? "added" : "removed"))} />
          </p>
        </div>
      ))}
    </section>
  );
}

/** The text of one side; words that the other has not are marked. */
const Marked = ({ parts }: { parts: readonly TextPart[] }) =>
  parts.map(({ text, is }, at) => {
    const Mark = is === "same" ? "span" : "mark";
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move
      <Mark key={at} className={is === "same" ? undefined : "rounded-sm bg-warning-soft text-strong"}>
        {text}
      </Mark>
    );
  });
