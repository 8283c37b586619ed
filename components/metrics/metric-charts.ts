import type { PlotSeries } from "@/components/charts/plot-data";

/** One chart: what it is called in the messages and in the address, and its lines. */
export type MetricChart = { id: string; series: readonly PlotSeries[] };

const order = ["loss", "grad_norm", "tokens_per_second", "learning_rate"];
const colors: Record<string, string> = { loss: "--s1", grad_norm: "--s3", tokens_per_second: "--s6", learning_rate: "--s5" };
const others = ["--s4", "--s8", "--s7", "--s2"];

/** The charts of a run: a metric and its validation counterpart share one; the usual four come first. */
export function chartsOf(names: readonly string[], label: (name: string) => string): MetricChart[] {
  const bases = [...new Set(names.map((name) => (name.startsWith("eval_") && names.includes(name.slice(5)) ? name.slice(5) : name)))];
  const sorted = bases.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  return sorted.map((name, i) => ({ id: name, series: seriesOf(name, names, label, colors[name] ?? others[i % others.length] ?? "--s1") }));
}

export function seriesOf(
  name: string,
  names: readonly string[],
  label: (name: string) => string,
  color = colors[name] ?? "--s1",
): PlotSeries[] {
  const few = name.startsWith("eval_");
  const own: PlotSeries = { name, label: label(name), color: few ? "--s2" : color, kind: few ? "dots" : "curve" };
  const validation = `eval_${name}`;
  return names.includes(validation) ? [own, { name: validation, label: label(validation), color: "--s2", kind: "dots" }] : [own];
}

const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : name.startsWith("eval_") ? order.length + 1 : order.length);
