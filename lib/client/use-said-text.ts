"use client";
import { useLocale, useTranslations } from "use-intl";
import type { Said } from "../contract/said";
import type { Words } from "./use-error-text";

export type SaidText = (said: readonly Said[] | undefined, english: string) => string;

/** Sentences of the trainer in the reader's language; its English words where one of them has none here, as of a newer trainer. */
export function useSaidText(): SaidText {
  const t = useTranslations("said");
  // Chinese sentences end with a wide stop and need no blank behind it.
  const between = useLocale() === "zh" ? "" : " ";
  return (said, english) => saidText(t, between, said, english);
}

export function saidText(t: Words, between: string, said: readonly Said[] | undefined, english: string): string {
  if (said === undefined || said.length === 0 || said.some(({ code }) => !t.has(code))) return english;
  return said.map(({ code, params }) => t(code, termsOf(t, params))).join(between);
}

/** Some figures are words themselves, such as the kind of a value. */
const termsOf = (t: Words, params: Said["params"]): Said["params"] =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, termOf(t, `term.${name}.${value}`) ?? value]));

const termOf = (t: Words, key: string): string | null => (/^[\w.]+$/.test(key) && t.has(key) ? t(key) : null);
