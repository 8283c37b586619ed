"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import type { Run } from "@/lib/contract/run";
import { canDelete } from "@/lib/domain/run-status";

const DeleteDialog = dynamic(() => import("./delete-dialog").then((module) => module.DeleteDialog), { ssr: false });

/** What can be done with the rows chosen by x. */
export function SelectionBar({ runs, onClear }: { runs: readonly Run[]; onClear: () => void }) {
  const t = useTranslations("runs");
  const [asking, setAsking] = useState(false);
  if (runs.length === 0) return null;
  const deletable = runs.filter(canDelete);
  return (
    <div className="sticky bottom-4 z-10 mx-auto mt-4 flex w-fit items-center gap-2 rounded-lg border border-line bg-raised py-1.5 pr-1.5 pl-4 text-sm shadow-float">
      <span className="mr-2 text-strong">{t("selected", { count: runs.length })}</span>
      <Button size="sm" disabled={deletable.length === 0} onClick={() => setAsking(true)}>
        {deletable.length === 0 ? t("delete.none") : t("delete.confirm", { count: deletable.length })}
      </Button>
      <Button size="sm" variant="ghost" onClick={onClear}>
        {t("clearSelection")}
      </Button>
      {asking && <DeleteDialog runs={deletable} onClose={() => setAsking(false)} onDeleted={onClear} />}
    </div>
  );
}
