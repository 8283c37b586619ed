"use client";
import { useTranslations } from "use-intl";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { useLanguage } from "@/lib/client/use-language";
import { setTheme, useTheme } from "@/lib/client/use-theme";
import { asTheme, themes } from "@/lib/domain/theme";
import { SettingRow } from "./setting-row";

export function AppearanceCard() {
  const t = useTranslations("settings");
  const { locale, setLocale } = useLanguage();
  const theme = useTheme();
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
          value={theme ?? ""}
          onValueChange={(name) => setTheme(asTheme(name))}
          options={themes.map((name) => ({ value: name as string, label: t(`theme_${name}`) }))}
        />
      </SettingRow>
    </Card>
  );
}
