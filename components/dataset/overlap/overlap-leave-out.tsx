"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import { useChangeDataset } from "@/lib/client/queries/dataset-versions";
import type { OverlapSets } from "@/lib/client/queries/overlap";
import { useErrorText } from "@/lib/client/use-error-text";
import type { OverlapReport } from "@/lib/contract/overlap";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";

/** A button for each training set that holds validation rows: it makes a version without them. */
export function LeaveOut({ sets, all, report }: { sets: OverlapSets; all: readonly ReadyDataset[]; report: OverlapReport }) {
  const t = useTranslations("dataset.overlap");
  const router = useRouter();
  const errorText = useErrorText();
  const leaveOut = useChangeDataset();
  const leaking = sets.trainIds.flatMap((id, at) => {
    const count = report.sets[at]?.leakingRows ?? 0;
    return count === 0 ? [] : [{ id, count, name: all.find((one) => one.id === id)?.name ?? id }];
  });
  if (leaking.length === 0) return null;
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {leaking.map(({ id, count, name }) => (
        <Button
          key={id}
          size="sm"
          loading={leaveOut.isPending && leaveOut.variables.datasetId === id}
          disabled={leaveOut.isPending}
          onClick={() =>
            leaveOut.mutate(
              { datasetId: id, change: { type: "leave_out", ...sets } },
              { onSuccess: (next) => router.push(`/data/${next.id}`), onError: (error) => toast.error(errorText(error)) },
            )
          }
        >
          {sets.trainIds.length === 1 ? t("leaveOut", { count }) : t("leaveOutOf", { count, name })}
        </Button>
      ))}
    </div>
  );
}
