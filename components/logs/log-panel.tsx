"use client";
import { ArrowDownToLine, Download, Search } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import { withBase } from "@/lib/client/base-path";
import { plainLine } from "@/lib/client/log-lines";
import { useRunLog } from "@/lib/client/use-run-log";
import type { RunId } from "@/lib/contract/ids";
import { LogView } from "./log-view";

/** What the worker printed; follows the end until a person scrolls away from it. */
export function LogPanel({ runId }: { runId: RunId }) {
  const t = useTranslations("run.log");
  const { log, error, loadingEarlier, loadEarlier, loadNewest } = useRunLog(runId);
  const [follow, setFollow] = useState(true);
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const lines = useMemo(() => shownLines(log?.lines ?? [], wanted), [log, wanted]);

  if (error !== null && log === null) return <ErrorState error={error} onRetry={loadNewest} />;
  if (log === null)
    return (
      <LoadingState>
        <Skeleton className="h-[60vh]" />
      </LoadingState>
    );
  const followNow = (value: boolean) => {
    setFollow(value);
    if (value) loadNewest();
  };
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-panel">
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2">
        <div className="relative min-w-40 flex-1 sm:max-w-80">
          <Search aria-hidden size={14} className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-muted" />
          <Input
            aria-label={t("search")}
            placeholder={t("search")}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            className="pl-8"
          />
        </div>
        {wanted !== "" && <span className="text-muted text-xs tabular-nums">{t("found", { count: lines.length })}</span>}
        <span className="flex-1" />
        <Button
          size="sm"
          variant="ghost"
          aria-pressed={follow}
          onClick={() => followNow(!follow)}
          className={follow ? "text-link" : undefined}
        >
          <ArrowDownToLine aria-hidden size={14} />
          {t("follow")}
        </Button>
        <Button asChild size="sm" variant="ghost">
          <a href={withBase(`/api/runs/${runId}/log/download`)} download>
            <Download aria-hidden size={14} />
            {t("download")}
          </a>
        </Button>
      </div>
      {lines.length === 0 ? (
        <p className="grid h-[50vh] place-items-center px-6 text-center text-muted text-sm">
          {wanted === "" ? t("empty") : t("nothingFound")}
        </p>
      ) : (
        <LogView
          lines={lines}
          firstKey={wanted === "" ? log.firstKey : 0}
          follow={follow && wanted === ""}
          onLeaveEnd={() => setFollow(false)}
          onReachEnd={() => setFollow(true)}
          hasEarlier={log.from > 0 && wanted === ""}
          loadingEarlier={loadingEarlier}
          onEarlier={loadEarlier}
          mark={wanted}
        />
      )}
    </div>
  );
}

/** The empty line behind the last line end is no line. */
function shownLines(lines: readonly string[], wanted: string): string[] {
  const whole = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  const plain = whole.map(plainLine);
  return wanted === "" ? plain : plain.filter((line) => line.toLowerCase().includes(wanted));
}
