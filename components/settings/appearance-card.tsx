"use client";
import { useTheme } from "next-themes";
import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { useLanguage } from "@/lib/client/use-language";
import { SettingRow } from "./setting-row";

const themes = ["light", "dark", "system"] as const;

export function AppearanceCard() {
  const t = useTranslations("settings");
  const { locale, setLocale } = useLanguage();
  const { theme, setTheme } = useTheme();
  // The server does not know the theme: nothing is marked until the page lives.
  const alive = useSyncExternalStore(
    noChange,
    () => true,
    () => false,
  );
  return (
    <Card title={t("appearance")}>
      <SettingRow title={t("language")} body={t("languageBody")}>
        <Segmented
          aria-label={t("language")}
          value={locale === "zh" ? "zh" : "en"}
          onValueChange={setLocale}
          options={[
            { value: "en", label: "English" },
            { value: "zh", label: "中文" },
          ]}
        />
      </SettingRow>
      <SettingRow title={t("theme")} body={t("themeBody")}>
        <Segmented
          aria-label={t("theme")}
          value={alive ? (themes.find((name) => name === theme) ?? "system") : ""}
          onValueChange={setTheme}
          options={themes.map((name) => ({ value: name as string, label: t(`theme_${name}`) }))}
        />
      </SettingRow>
    </Card>
  );
}

const noChange = () => () => {};
