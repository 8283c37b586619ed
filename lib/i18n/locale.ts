export const locales = ["en", "zh"] as const;
export type Locale = (typeof locales)[number];
export const LOCALE_COOKIE = "tb-locale";

export const isLocale = (value: string | undefined): value is Locale => locales.some((locale) => locale === value);

/** The cookie's choice, else the first language of the browser that we speak, else English. */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null): Locale {
  if (isLocale(cookie)) return cookie;
  const wished = (acceptLanguage ?? "")
    .split(",")
    .map((part) => part.split(";q="))
    .map(([tag = "", q]) => ({ language: tag.trim().slice(0, 2).toLowerCase(), q: q === undefined ? 1 : Number(q) }))
    .sort((a, b) => b.q - a.q);
  return wished.map((wish) => wish.language).find(isLocale) ?? "en";
}
