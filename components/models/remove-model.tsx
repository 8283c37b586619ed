"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";
import { useDeleteModel } from "@/lib/client/queries/models";
import { runQueries } from "@/lib/client/queries/runs";
import { useErrorText } from "@/lib/client/use-error-text";
import type { Model } from "@/lib/contract/model";

export function RemoveModel({ model, open, onOpenChange }: { model: Model; open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("models");
  const errorText = useErrorText();
  const remove = useDeleteModel();
  const runs = useQuery({ ...runQueries.list(), enabled: open }).data ?? [];
  const users = runs.filter((run) => run.spec.kind === "train" && run.spec.modelId === model.id);
  const confirm = async () => {
    await remove.mutateAsync({ modelId: model.id, force: String(users.length > 0 || model.usedByRuns > 0) });
    toast.success(t("removed", { name: model.name }));
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("removeTitle", { name: model.name })}
      confirmLabel={t("remove")}
      danger
      onConfirm={confirm}
      body={
        <div className="space-y-2">
          <p>{t("removeBody")}</p>
          {users.length > 0 && <p>{t("removeUsed", { count: users.length, names: nameSome(users.map((run) => run.name)) })}</p>}
          {remove.error && (
            <p role="alert" className="text-failed">
              {errorText(remove.error)}
            </p>
          )}
        </div>
      }
    />
  );
}

const MOST_NAMED = 6;
const nameSome = (names: readonly string[]): string => names.slice(0, MOST_NAMED).join(", ") + (names.length > MOST_NAMED ? ", …" : "");
