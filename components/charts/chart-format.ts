import type { XAxis } from "@/lib/domain/series";

/** Numbers on axes: short, and the same in every language. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-3) return shortExponent(value);
  if (size >= 1e9) return `${trim(value / 1e9)}G`;
  if (size >= 1e6) return `${trim(value / 1e6)}M`;
  if (size >= 1e4) return `${trim(value / 1e3)}k`;
  return size >= 1000 ? grouped(value) : String(Number(value.toPrecision(6)));
}

/** Numbers to read off: four significant digits. */
export function formatReading(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-3) return shortExponent(value);
  if (size >= 1000) return grouped(Math.round(value));
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3);
}

export function formatX(value: number, axis: XAxis): string {
  if (axis === "time") return formatClock(value);
  return axis === "tokens" ? formatTick(Math.round(value)) : grouped(Math.round(value));
}

/** 0:45, 12:30, 1:05:00 */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${two(whole % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

const trim = (value: number) => String(Number(value.toPrecision(3)));
const grouped = (value: number) => value.toLocaleString("en-US");
const shortExponent = (value: number) => Number(value.toPrecision(3)).toExponential().replace("e+", "e");
