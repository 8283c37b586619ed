"use client";
import { CopyPlus, Ellipsis, ExternalLink, Pencil, Play, Square, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Menu, type MenuItem } from "@/components/ui/menu";
import type { Run } from "@/lib/contract/run";
import { canDelete, canResume, canStop } from "@/lib/domain/run-status";
import type { RunDialog } from "./run-actions";

export function RunMenu({ run, onDialog }: { run: Run; onDialog: (dialog: RunDialog) => void }) {
  const t = useTranslations("runs");
  const router = useRouter();
  const ask = (kind: RunDialog["kind"]) => () => onDialog({ kind, run });
  const items: MenuItem[] = [
    { label: t("action.open"), icon: <ExternalLink size={14} />, onSelect: () => router.push(`/runs/${run.id}`) },
    { label: t("action.again"), icon: <CopyPlus size={14} />, onSelect: () => router.push(`/launch?from=${run.id}`) },
    ...(canResume(run) ? [{ label: t("action.resume"), icon: <Play size={14} />, onSelect: ask("resume") }] : []),
    ...(canStop(run) ? [{ label: t("action.stop"), icon: <Square size={14} />, onSelect: ask("stop") }] : []),
    { label: t("action.rename"), icon: <Pencil size={14} />, onSelect: ask("rename") },
    "separator",
    {
      label: t("action.delete"),
      detail: canDelete(run) ? undefined : t("action.deleteLater"),
      icon: <Trash2 size={14} />,
      danger: true,
      disabled: !canDelete(run),
      onSelect: ask("delete"),
    },
  ];
  return (
    <Menu
      items={items}
      trigger={
        <Button variant="ghost" size="sm" icon aria-label={t("action.menu", { name: run.name })}>
          <Ellipsis aria-hidden size={15} />
        </Button>
      }
    />
  );
}
