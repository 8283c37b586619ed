import { useMemo } from "react";
import { useLocale } from "use-intl";
import { formatAgo, formatBytes, formatCount, formatDate, formatDuration, formatLoss, formatPercent, formatRate } from "../domain/format";
import { isLocale } from "../i18n/locale";

/** lib/domain/format in the page's language. */
export function useFormat() {
  const locale = useLocale();
  return useMemo(() => {
    const language = isLocale(locale) ? locale : "en";
    return {
      bytes: formatBytes,
      loss: formatLoss,
      count: (value: number) => formatCount(value, language),
      percent: (ratio: number) => formatPercent(ratio, language),
      duration: (seconds: number) => formatDuration(seconds, language),
      rate: (value: number, unit: string) => formatRate(value, unit, language),
      ago: (thenMs: number, nowMs: number) => formatAgo(thenMs, nowMs, language),
      date: (ms: number) => formatDate(ms, language),
    };
  }, [locale]);
}
