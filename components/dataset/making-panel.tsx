"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { Card } from "@/components/ui/card";
import { toast } from "@/components/ui/toast";
import { useChangeDataset } from "@/lib/client/queries/dataset-versions";
import { useErrorText } from "@/lib/client/use-error-text";
import type { Dataset, RowsChange } from "@/lib/contract/dataset";
import { TaskProgress } from "./task-progress";

/** A version that is being made of another, or was not: it has no rows of its own yet. */
export function MakingPanel({ dataset: { taskId, parentId, change, status } }: { dataset: Dataset }) {
  const t = useTranslations("versions.making");
  const router = useRouter();
  const errorText = useErrorText();
  const make = useChangeDataset();
  const again = () => {
    if (parentId === null || !isRowsChange(change)) return;
    make.mutate(
      { datasetId: parentId, change },
      { onSuccess: (next) => router.push(`/data/${next.id}`), onError: (error) => toast.error(errorText(error)) },
    );
  };
  return (
    <Card>
      {taskId !== null && <TaskProgress taskId={taskId} words={t(isRowsChange(change) ? change.type : "replace")} onAgain={again} />}
      {status === "failed" && parentId !== null && (
        <p className="mt-3 text-sm">
          {t("asItWas")}{" "}
          <Link href={`/data/${parentId}`} className="text-link hover:underline">
            {t("back")}
          </Link>
        </p>
      )}
    </Card>
  );
}

const isRowsChange = (change: Dataset["change"]): change is RowsChange =>
  change.type === "replace" || change.type === "sample" || change.type === "leave_out";
