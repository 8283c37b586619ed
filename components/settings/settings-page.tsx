"use client";
import { useTranslations } from "use-intl";
import { KeyList } from "@/components/layout/key-list";
import { PageHeader } from "@/components/layout/page-header";
import { Card } from "@/components/ui/card";
import { AboutCard } from "./about-card";
import { AccessCard } from "./access-card";
import { AppearanceCard } from "./appearance-card";
import { StartCard } from "./start-card";

export function SettingsPage() {
  const t = useTranslations("settings");
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title={t("title")} />
      <div className="grid gap-4">
        <AppearanceCard />
        <StartCard />
        <AccessCard />
        <Card title={t("keys")}>
          <KeyList />
        </Card>
        <AboutCard />
      </div>
    </div>
  );
}
