import { memo } from "react";
import type { Sparkline as SparkValues } from "@/lib/contract/run";

const WIDTH = 92;
const HEIGHT = 22;
const EDGE = 2;

/** Loss so far, as one path; the figures stand on the run's page. */
export const Sparkline = memo(function Sparkline({ spark, failed }: { spark: SparkValues; failed?: boolean }) {
  const path = pathOf([...spark.values, ...spark.pending.slice(-1)]);
  if (path === null) return <span className="inline-block" style={{ width: WIDTH, height: HEIGHT }} />;
  return (
    <svg aria-hidden width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="block">
      <path d={path} fill="none" stroke={failed ? "var(--failed)" : "var(--s1)"} strokeWidth="1.4" strokeLinejoin="round" />
    </svg>
  );
});

export function pathOf(values: readonly number[]): string | null {
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const x = (index: number) => EDGE + (index / (values.length - 1)) * (WIDTH - 2 * EDGE);
  const y = (value: number) => HEIGHT - EDGE - ((value - low) / span) * (HEIGHT - 2 * EDGE);
  return values.map((value, index) => `${index === 0 ? "M" : "L"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join("");
}
