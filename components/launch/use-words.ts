"use client";
import { useLocale } from "use-intl";
import type { Words } from "@/lib/contract/parameters/parameter";

/** The words of the parameter table in the page's language. */
export function useWords(): (words: Words) => string {
  const locale = useLocale();
  return (words) => (locale === "zh" ? words.zh : words.en);
}
