import type { LengthReport } from "../contract/inspect";

export type LengthBin = { from: number; to: number; rows: number };

/** Rows by length in bins of equal ratio, so that short and long rows are both seen. `to` is not part of its bin. */
export function binLengths({ buckets }: Pick<LengthReport, "buckets">, count: number): LengthBin[] {
  const first = buckets.length[0];
  const last = buckets.length.at(-1);
  if (first === undefined || last === undefined) return [];
  const low = Math.max(1, first);
  const ratio = Math.max((last + 1) / low, 1.0001) ** (1 / count);
  const edges = Array.from({ length: count + 1 }, (_, index) => (index === count ? last + 1 : Math.round(low * ratio ** index)));
  const bins = edges
    .slice(0, -1)
    .map((from, index) => ({ from, to: edges[index + 1] ?? from, rows: 0 }))
    .filter(({ from, to }) => to > from);
  let at = 0;
  for (const [index, length] of buckets.length.entries()) {
    while (at < bins.length - 1 && length >= (bins[at]?.to ?? Number.POSITIVE_INFINITY)) at += 1;
    const bin = bins[at];
    if (bin) bin.rows += buckets.rows[index] ?? 0;
  }
  return bins;
}

export type AtCutoff = LengthReport["cutoffs"][number];

/** The counted cutoff that is nearest, by ratio: figures between two counted ones would be guesses. */
export function nearestCutoff(cutoffs: readonly AtCutoff[], wanted: number): AtCutoff | null {
  const distance = ({ cutoff }: AtCutoff): number => Math.abs(Math.log(cutoff / Math.max(1, wanted)));
  return cutoffs.reduce<AtCutoff | null>((best, one) => (best === null || distance(one) < distance(best) ? one : best), null);
}

/** The smallest counted cutoff that cuts no more than this share of the rows; the largest where all cut more. */
export function suggestCutoff({ cutoffs, rows }: Pick<LengthReport, "cutoffs" | "rows">, cutShare = 0.01): number | null {
  const sorted = [...cutoffs].sort((a, b) => a.cutoff - b.cutoff);
  return (sorted.find(({ truncatedRows }) => truncatedRows <= rows * cutShare) ?? sorted.at(-1))?.cutoff ?? null;
}
