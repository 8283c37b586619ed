"use client";
import { useTranslations } from "use-intl";
import { Card } from "@/components/ui/card";
import { useFormat } from "@/lib/client/use-format";
import type { SystemReport } from "@/lib/contract/system";
import { FactList } from "./fact-list";

/** `now`: when the report was fetched, so that drawing it again gives the same words. */
export function ServerCard({ report, now }: { report: SystemReport; now: number }) {
  const t = useTranslations("system");
  const format = useFormat();
  return (
    <Card title={t("server")}>
      <FactList
        facts={[
          { name: "Tuneboard", value: report.version },
          { name: "Node.js", value: report.node },
          { name: t("host"), value: report.host },
          { name: t("upSince"), value: format.ago(report.startedAt, now), title: format.date(report.startedAt) },
          { name: t("work"), value: t("workValue", { running: report.running, queued: report.queued }) },
        ]}
      />
    </Card>
  );
}
