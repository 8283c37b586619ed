import type { PlotSeries } from "@/components/charts/plot-data";

/** One chart: what it is called in the messages and in the address, and its lines. */
export type MetricChart = { id: string; series: readonly PlotSeries[] };

const order = [
  "loss",
  "rewards/margins",
  "rewards/accuracies",
  "rewards",
  "accuracy",
  "margin",
  "grad_norm",
  "tokens_per_second",
  "learning_rate",
];
const colors: Record<string, string> = { loss: "--s1", grad_norm: "--s3", tokens_per_second: "--s6", learning_rate: "--s5" };
const others = ["--s4", "--s8", "--s7", "--s2"];
const sides = [
  { name: "chosen", color: "--s6" },
  { name: "rejected", color: "--s3" },
] as const;

/** The charts of a run: a metric and its validation counterpart share one, and so do chosen and rejected answers; the usual come first. */
export function chartsOf(names: readonly string[], label: (name: string) => string): MetricChart[] {
  const ids = [...new Set(names.map((name) => chartOf(name, names)))];
  const sorted = ids.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  return sorted.map((id, i) => ({ id, series: seriesOf(id, names, label, colors[id] ?? others[i % others.length] ?? "--s1") }));
}

export function seriesOf(
  name: string,
  names: readonly string[],
  label: (name: string) => string,
  color = colors[name] ?? "--s1",
): PlotSeries[] {
  const compared = sides.flatMap((side) => linesOf(`${name}/${side.name}`, names, label, side.color, side.color));
  return compared.length > 0 ? compared : linesOf(name, names, label, color, "--s2", true);
}

/** A metric as a curve and its validation as dots; of a metric without points only where it is `wanted` anyway. */
function linesOf(
  name: string,
  names: readonly string[],
  label: (name: string) => string,
  color: string,
  dots: string,
  wanted = false,
): PlotSeries[] {
  const few = name.startsWith("eval_");
  const validation = `eval_${name}`;
  const own: PlotSeries = { name, label: label(name), color: few ? dots : color, kind: few ? "dots" : "curve" };
  return [
    ...(wanted || names.includes(name) ? [own] : []),
    ...(names.includes(validation) ? [{ name: validation, label: label(validation), color: dots, kind: "dots" as const }] : []),
  ];
}

/** `eval_loss` stands with `loss`, `rewards/chosen` in the chart `rewards`. */
function chartOf(name: string, names: readonly string[]): string {
  const base = name.startsWith("eval_") && names.includes(name.slice(5)) ? name.slice(5) : name;
  return base.replace(/\/(chosen|rejected)$/, "");
}

const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : name.startsWith("eval_") ? order.length + 1 : order.length);
