"use client";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { useLanguage } from "@/lib/client/use-language";

/** Shows the language that one gets. */
export function LanguageSwitch() {
  const t = useTranslations("nav");
  const { locale, toggle } = useLanguage();
  return (
    <Button
      variant="ghost"
      size="sm"
      onClick={toggle}
      className="px-2 text-muted"
      title={t("otherLanguage")}
      aria-label={t("otherLanguage")}
    >
      {locale === "zh" ? "EN" : "中文"}
    </Button>
  );
}
