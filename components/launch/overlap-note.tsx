"use client";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import { type OverlapSets, overlapHref, overlapQueries, useCompareSets } from "@/lib/client/queries/overlap";
import { useErrorText } from "@/lib/client/use-error-text";
import { keptRepeats, leakedRows } from "@/lib/domain/overlap";
import { isReady, type ReadyDataset } from "@/lib/domain/ready-dataset";
import { readNames, readValidationType } from "./data-draft";
import { useLaunch } from "./launch-context";

const STILL_WORKING_MS = 1000;

/** What is known of rows that stand in training and in validation; it warns and never keeps from launching. */
export function OverlapNote() {
  const { resolved, chosenSets, find } = useLaunch();
  const type = readValidationType(resolved.candidate["data.validation.type"]);
  if (type === "none" || chosenSets.length === 0) return null;
  if (type !== "sets") return <Repeats sets={chosenSets} />;
  const named = readNames(resolved.candidate["data.validation.datasetIds"]).map(find);
  const validation = named.filter(
    (set): set is ReadyDataset => set !== null && isReady(set) && !chosenSets.some(({ id }) => id === set.id),
  );
  if (validation.length === 0) return null;
  const sets = { trainIds: chosenSets.map(({ id }) => id), validationIds: validation.map(({ id }) => id) };
  return <Compared key={JSON.stringify(sets)} sets={sets} />;
}

/** A row that stands in the set twice may be trained once and judge once. */
function Repeats({ sets }: { sets: readonly ReadyDataset[] }) {
  const t = useTranslations("launch.overlap");
  const counts = sets.map(({ id, report }) => ({ id, rows: keptRepeats(report) }));
  const most = counts.reduce((one, other) => (other.rows > one.rows ? other : one));
  if (most.rows === 0) return null;
  const count = counts.reduce((sum, { rows }) => sum + rows, 0);
  return (
    <Note warn>
      <Link href={`/data/${most.id}?tab=health`} className="hover:underline">
        {t("repeats", { count })}
      </Link>
    </Note>
  );
}

function Compared({ sets }: { sets: OverlapSets }) {
  const t = useTranslations("launch.overlap");
  const errorText = useErrorText();
  const known = useQuery({
    ...overlapQueries.known(sets),
    refetchInterval: ({ state: { data } }) => (data && data.taskId !== null ? STILL_WORKING_MS : false),
  });
  const compare = useCompareSets();
  if (!known.data) return null;
  const { report, taskId } = known.data;
  if (report === null)
    return (
      <Note>
        <span className="flex flex-wrap items-center justify-between gap-2">
          {t("unknown")}
          <Button
            size="sm"
            loading={compare.isPending || taskId !== null}
            onClick={() => compare.mutate(sets, { onError: (error) => toast.error(errorText(error)) })}
          >
            {t(taskId === null ? "check" : "checking")}
          </Button>
        </span>
      </Note>
    );
  const count = leakedRows(report);
  return (
    <Note warn={count > 0} good={count === 0}>
      <Link href={overlapHref(sets)} className="hover:underline">
        {count > 0 ? t("leaked", { count }) : t("clean")}
      </Link>
      {report.counts.contradiction > 0 && (
        <span className="block text-muted">{t("contradictions", { count: report.counts.contradiction })}</span>
      )}
    </Note>
  );
}

function Note({ warn = false, good = false, children }: { warn?: boolean; good?: boolean; children: ReactNode }) {
  return (
    <div
      role="status"
      className={`mt-3 flex gap-2 rounded-md p-2 text-xs ${warn ? "bg-warning-soft text-strong" : "bg-sunken text-normal"}`}
    >
      {warn && <TriangleAlert aria-hidden size={14} className="mt-px shrink-0 text-warning" />}
      {good && <CircleCheck aria-hidden size={14} className="mt-px shrink-0 text-succeeded" />}
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
