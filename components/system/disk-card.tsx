"use client";
import { useTranslations } from "use-intl";
import { Card } from "@/components/ui/card";
import { Progress } from "@/components/ui/progress";
import { useFormat } from "@/lib/client/use-format";
import type { SystemReport } from "@/lib/contract/system";
import { FactList } from "./fact-list";

const TIGHT_SHARE = 0.05;
type DiskCardProps = Pick<SystemReport, "disk" | "home" | "modelRoots">;

export function DiskCard({ disk, home, modelRoots }: DiskCardProps) {
  const t = useTranslations("system");
  const format = useFormat();
  const used = disk.totalBytes - disk.freeBytes;
  const tight = disk.freeBytes < disk.totalBytes * TIGHT_SHARE;
  return (
    <Card title={t("disk")}>
      <div className="mb-1 flex justify-between text-xs">
        <span className={tight ? "font-medium text-failed" : "text-muted"}>{t("freeBytes", { bytes: format.bytes(disk.freeBytes) })}</span>
        <span>{t("of", { used: format.bytes(used), total: format.bytes(disk.totalBytes) })}</span>
      </div>
      <Progress value={used} max={disk.totalBytes} tone={tight ? "failed" : "neutral"} aria-label={t("disk")} />
      <FactList
        className="mt-4"
        facts={[
          { name: t("home"), value: home, copy: true },
          { name: t("homeSize"), value: disk.usedByHomeBytes === null ? t("counting") : format.bytes(disk.usedByHomeBytes) },
          ...modelRoots.map((root, index) => ({ name: index === 0 ? t("modelRoots") : "", value: root, copy: true })),
        ]}
      />
    </Card>
  );
}
