"use client";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { versionQueries } from "@/lib/client/queries/dataset-versions";
import type { ComparedRow, Difference } from "@/lib/contract/dataset-view";
import { textsOf } from "@/lib/domain/row-texts";
import { diffWords } from "@/lib/domain/word-diff";
import { Conversation } from "../conversation";
import { MarkedText } from "../marked-text";
import { Pager } from "../pager";
import { firstWords } from "../rows/rows-beside";

const PAGE_ROWS = 10;

type ComparedRowsProps = { afterId: string; beforeId: string; kind: Difference };

export function ComparedRows({ afterId, beforeId, kind }: ComparedRowsProps) {
  const [offset, setOffset] = useState(0);
  const page = useQuery(versionQueries.differences(afterId, beforeId, kind, offset, PAGE_ROWS));
  if (page.isError) return <ErrorState error={page.error} onRetry={() => page.refetch()} />;
  if (!page.data) return <LoadingState />;
  const { rows, total } = page.data;
  return (
    <div className="-mx-4 mt-3 -mb-4">
      <Pager
        offset={offset}
        pageRows={PAGE_ROWS}
        total={total}
        whole={false}
        onRow={(row) => setOffset(Math.floor(row / PAGE_ROWS) * PAGE_ROWS)}
      />
      <ol className={`divide-y divide-line transition-opacity ${page.isPlaceholderData ? "opacity-60" : ""}`}>
        {rows.map((row) => (
          <li key={(row.after ?? row.before)?.index} className="min-w-0 px-4 py-3">
            {kind === "changed" ? <Changed row={row} /> : <Alone row={row} />}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Only the texts that differ, each with its words. */
function Changed({ row: { before, after } }: { row: ComparedRow }) {
  const t = useTranslations("versions.compare");
  const texts = useMemo(() => {
    const [was, is] = [textsOf(before), textsOf(after)];
    const fields = [...new Set([...was.keys(), ...is.keys()])].filter((field) => was.get(field) !== is.get(field));
    return fields.map((field) => ({ field, parts: diffWords(was.get(field) ?? "", is.get(field) ?? "") }));
  }, [before, after]);
  return (
    <>
      <p className="mb-1.5 text-muted text-xs tabular-nums">{t("row", { row: after?.index ?? 0 })}</p>
      <dl className="grid gap-2">
        {texts.map(({ field, parts }) => (
          <div key={field} className="min-w-0">
            <dt className="font-mono text-muted text-xs">{field}</dt>
            <dd className="max-h-80 overflow-y-auto">
              <MarkedText parts={parts} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** A row of one version only; its words are unfolded where somebody wants them. */
function Alone({ row }: { row: ComparedRow }) {
  const t = useTranslations("versions.compare");
  const [open, setOpen] = useState(false);
  const shown = row.after ?? row.before;
  if (shown === null) return null;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer truncate text-sm text-strong">
        <span className="mr-2 text-muted text-xs tabular-nums">{t("row", { row: shown.index })}</span>
        {firstWords(shown)}
      </summary>
      {open && (
        <div className="mt-3">
          <Conversation row={shown} />
        </div>
      )}
    </details>
  );
}
