"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { LoadingState } from "@/components/layout/states";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { versionQueries } from "@/lib/client/queries/dataset-versions";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import type { ReplaceChange } from "@/lib/contract/dataset";
import type { ReplacePreview as Seen } from "@/lib/contract/dataset-view";
import { MarkedText } from "../marked-text";
import { useSettled } from "../use-settled";

type ReplacePreviewProps = {
  datasetId: string;
  total: number;
  change: ReplaceChange | null;
  /** Where the rows have text. */
  onPaths: (paths: string[][]) => void;
};

/** Looked up before anything is typed, so that the places to choose from are known. */
const NOTHING: ReplaceChange = {
  type: "replace",
  pairs: [{ find: "\u0000", replace: "" }],
  scope: { paths: null, matchCase: true, wholeWord: false },
};

/** What would change in some rows, by the code that will change all of them. */
export function ReplacePreview({ datasetId, total, change, onPaths }: ReplacePreviewProps) {
  const t = useTranslations("versions.replace");
  const errorText = useErrorText();
  const [from, setFrom] = useState(0);
  const asked = useSettled(change);
  const preview = useQuery(versionQueries.replace(datasetId, asked ?? NOTHING, from));
  const paths = preview.data?.paths;
  useEffect(() => {
    if (paths !== undefined && paths.length > 0) onPaths(paths);
  }, [paths, onPaths]);
  if (change === null || asked === null) return <p className="text-muted text-sm">{t("begin")}</p>;
  if (preview.isError) return <p className="break-words text-failed text-sm">{errorText(preview.error)}</p>;
  if (!preview.data) return <LoadingState />;
  const next = from + preview.data.lookedAt;
  return (
    <section aria-label={t("preview")} className={`transition-opacity ${preview.isPlaceholderData ? "opacity-60" : ""}`}>
      <Counts seen={preview.data} pairs={change.pairs} />
      <ol className="mt-3 grid gap-2">
        {preview.data.changes.map(({ row, field, parts }) => (
          <li key={`${row}-${field}`} className="min-w-0 rounded-md border border-line p-3">
            <p className="mb-1 truncate font-mono text-muted text-xs">
              {t("row", { row })} · {field}
            </p>
            <MarkedText parts={parts} />
          </li>
        ))}
      </ol>
      <p className="mt-3 flex flex-wrap gap-2">
        {from > 0 && (
          <Button size="sm" onClick={() => setFrom(0)}>
            {t("fromStart")}
          </Button>
        )}
        {next < total && (
          <Button size="sm" onClick={() => setFrom(next)}>
            {t("lookOn")}
          </Button>
        )}
      </p>
    </section>
  );
}

function Counts({ seen, pairs }: { seen: Seen; pairs: ReplaceChange["pairs"] }) {
  const t = useTranslations("versions.replace");
  const format = useFormat();
  return (
    <div aria-live="polite">
      <p className="font-medium text-sm text-strong">
        {t("looked", { from: format.count(seen.from), to: format.count(Math.max(seen.from, seen.from + seen.lookedAt - 1)) })}{" "}
        {t("changed", { count: seen.changedRows })}
      </p>
      <p className="mt-1.5 flex flex-wrap gap-2">
        {pairs.map(({ find }, at) => (
          <Badge key={find} tone={seen.counts[at] ? "iris" : "neutral"}>
            <span className="truncate">{find}</span> <b className="font-semibold">{format.count(seen.counts[at] ?? 0)}</b>
          </Badge>
        ))}
      </p>
    </div>
  );
}
