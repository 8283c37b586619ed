"use client";
import { SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { EmptyState } from "@/components/layout/states";
import { Button } from "@/components/ui/button";

export function RunNotFound({ runId }: { runId: string }) {
  const t = useTranslations("run");
  return (
    <EmptyState
      icon={<SearchX aria-hidden size={28} />}
      title={t("notFound")}
      body={t("notFoundBody", { id: runId })}
      action={
        <Button asChild variant="primary">
          <Link href="/">{t("allRuns")}</Link>
        </Button>
      }
    />
  );
}
