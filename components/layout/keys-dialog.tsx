"use client";
import { useTranslations } from "use-intl";
import { Dialog } from "@/components/ui/dialog";
import { KeyList } from "./key-list";

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("nav");
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("keys")} size="md">
      <KeyList />
    </Dialog>
  );
}
