"use client";
import { useTranslations } from "use-intl";

/** Words for a code of RowProblem; a code of a newer trainer is shown as it is. */
export function useReasonText(): (reason: string) => string {
  const t = useTranslations("dataset.reason");
  return (reason) => (t.has(reason) ? t(reason) : reason.replaceAll("_", " "));
}
