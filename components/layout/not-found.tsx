"use client";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { EmptyState } from "./states";

export function NotFound() {
  const t = useTranslations("nav");
  return (
    <EmptyState
      title={t("notFound")}
      body={t("notFoundBody")}
      action={
        <Button asChild variant="primary">
          <Link href="/">{t("toRuns")}</Link>
        </Button>
      }
    />
  );
}
