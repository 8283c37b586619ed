"use client";
import { Moon, Sun } from "lucide-react";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { followTheme, switchTheme } from "@/lib/client/use-theme";

/** Both icons are in the page and CSS shows one: the server does not know what the system shows. */
export function ThemeToggle() {
  const t = useTranslations("nav");
  useEffect(followTheme, []);
  return (
    <Button variant="ghost" size="sm" icon className="text-muted" aria-label={t("theme")} title={t("theme")} onClick={switchTheme}>
      <Moon aria-hidden size={15} className="dark:hidden" />
      <Sun aria-hidden size={15} className="hidden dark:block" />
    </Button>
  );
}
