import { cookies, headers } from "next/headers";
import { chooseLocale, LOCALE_COOKIE, type Locale } from "@/lib/i18n/locale";

export async function requestLocale(): Promise<Locale> {
  const [cookieJar, header] = await Promise.all([cookies(), headers()]);
  return chooseLocale(cookieJar.get(LOCALE_COOKIE)?.value, header.get("accept-language"));
}
