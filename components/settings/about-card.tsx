"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Card } from "@/components/ui/card";
import { systemQueries } from "@/lib/client/queries/system";

export function AboutCard() {
  const t = useTranslations("settings");
  const { data: report } = useQuery(systemQueries.report());
  return (
    <Card title={t("about")}>
      <p className="text-sm">
        Tuneboard {report?.version} · {t("aboutBody")}{" "}
        <Link href="/system" className="text-link underline underline-offset-2">
          {t("aboutSystem")}
        </Link>
      </p>
    </Card>
  );
}
