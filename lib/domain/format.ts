export type FormatLocale = "en" | "zh";

/** 38 MiB: binary units, three figures at most. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(Math.abs(bytes)) / 10));
  const value = bytes / 1024 ** power;
  // 1023.9 would read as 1024 of the smaller unit.
  if (power < units.length - 1 && power > 0 && Math.round(value) >= 1024) return `1 ${units[power + 1]}`;
  return `${power === 0 ? Math.round(value) : threeFigures(value)} ${units[power]}`;
}

/** 12,480 as it is; from a million on 2.29 M, 1.1 B. */
export function formatCount(value: number, locale: FormatLocale): string {
  const size = Math.abs(value);
  if (size >= 999.5e6) return `${threeFigures(value / 1e9)} B`;
  if (size >= 1e6) return `${threeFigures(value / 1e6)} M`;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: size < 10 ? 2 : size < 1000 ? 1 : 0 }).format(value);
}

/** 62 %, 0.38 %; whole figures from 10 % on. */
export function formatPercent(ratio: number, locale: FormatLocale): string {
  const percent = ratio * 100;
  const size = Math.abs(percent);
  // 99.7 % is not done: only what is whole may read as 100.
  const shown =
    size >= 10
      ? ratio < 1
        ? Math.min(99, Math.round(percent))
        : Math.round(percent)
      : size >= 1 || size === 0
        ? round(percent, 1)
        : round(percent, 2);
  return locale === "zh" ? `${shown}%` : `${shown} %`;
}

/** 48 s, 3 min 20 s, 2 h 04 min, 1 d 3 h. */
export function formatDuration(seconds: number, locale: FormatLocale): string {
  const word = durationWords[locale];
  const whole = Math.max(0, Math.round(seconds));
  if (seconds > 0 && seconds < 9.95) return `${round(seconds, 1)} ${word.s}`;
  if (whole < 60) return `${whole} ${word.s}`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return join(`${minutes} ${word.min}`, whole % 60, word.s);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return join(`${hours} ${word.h}`, minutes % 60, word.min);
  return join(`${Math.floor(hours / 24)} ${word.d}`, hours % 24, word.h);
}

/** 0.842, 12.35, 3.1e-5: enough figures to see a curve move. */
export function formatLoss(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e6)
    return value
      .toExponential(size < 1e-3 ? 1 : 2)
      .replace("e+", "e")
      .replace(".0e", "e");
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3);
}

/** 3,120 tok/s. */
export const formatRate = (value: number, unit: string, locale: FormatLocale): string => `${formatCount(value, locale)} ${unit}`;

/** 2 h ago; the date stands on hover (formatDate). */
export function formatAgo(thenMs: number, nowMs: number, locale: FormatLocale): string {
  const seconds = Math.max(0, (nowMs - thenMs) / 1000);
  const { now, ago } = agoWords[locale];
  if (seconds < 45) return now;
  const minutes = Math.max(1, Math.round(seconds / 60));
  const word = durationWords[locale];
  if (minutes < 60) return ago(`${minutes} ${word.min}`);
  if (minutes < 60 * 24) return ago(`${Math.round(minutes / 60)} ${word.h}`);
  return ago(`${Math.round(minutes / 60 / 24)} ${word.d}`);
}

export const formatDate = (ms: number, locale: FormatLocale): string =>
  new Intl.DateTimeFormat(locale === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "medium" }).format(ms);

const durationWords = {
  en: { s: "s", min: "min", h: "h", d: "d" },
  zh: { s: "秒", min: "分", h: "小时", d: "天" },
};
const agoWords = {
  en: { now: "just now", ago: (span: string) => `${span} ago` },
  zh: { now: "刚刚", ago: (span: string) => `${span.replace(" 分", " 分钟")}前` },
};

const join = (large: string, small: number, unit: string): string =>
  small === 0 ? large : `${large} ${String(small).padStart(2, "0")} ${unit}`;
const round = (value: number, digits: number): number => Number(value.toFixed(digits));
const threeFigures = (value: number): string => String(Number(value.toPrecision(3)));
