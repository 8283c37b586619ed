"use client";
import { useTranslations } from "use-intl";
import { nameSome, RemoveDialog, useRunsNaming } from "@/components/layout/remove-dialog";
import { useDeleteModel } from "@/lib/client/queries/models";
import type { Model } from "@/lib/contract/model";

export function RemoveModel({ model, open, onOpenChange }: { model: Model; open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("models");
  const { mutateAsync } = useDeleteModel();
  const users = useRunsNaming("modelId", model.id, open);
  const remove = async () => {
    await mutateAsync({ modelId: model.id, force: String(users.length > 0 || model.usedByRuns > 0) });
    return t("removed", { name: model.name });
  };
  return (
    <RemoveDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("removeTitle", { name: model.name })}
      confirmLabel={t("remove")}
      remove={remove}
    >
      <p>{t("removeBody")}</p>
      {users.length > 0 && <p>{t("removeUsed", { count: users.length, names: nameSome(users) })}</p>}
    </RemoveDialog>
  );
}
