import { useRouter } from "next/navigation";
import { useLocale } from "use-intl";
import { LOCALE_COOKIE, type Locale } from "../i18n/locale";
import { rememberChoice } from "./cookies";

/** The page's language and how to change it: the server renders anew, what is typed stays. */
export function useLanguage(): { locale: string; setLocale: (locale: Locale) => void; toggle: () => void } {
  const locale = useLocale();
  const router = useRouter();
  const setLocale = (next: Locale) => {
    rememberChoice(LOCALE_COOKIE, next);
    router.refresh();
  };
  return { locale, setLocale, toggle: () => setLocale(locale === "zh" ? "en" : "zh") };
}
