export type Result = {
  name: string;
  value: number;
  unit: string;
  goal: string;
  met: boolean;
  against: string;
};

/** Ends a bench: the last line is one JSON object, the exit status tells whether the goal was met. */
export function report(result: Result): never {
  console.log(JSON.stringify({ ...result, value: round(result.value) }));
  process.exit(result.met ? 0 : 1);
}

export const round = (value: number, digits = 4) => Number(value.toPrecision(digits));

/** Middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) throw new Error("no values");
  return low + (high - low) * (at - Math.floor(at));
}

/** min / median / max, as the baselines are written. */
export const spread = (values: readonly number[]) =>
  `${round(Math.min(...values))} / ${round(median(values))} / ${round(Math.max(...values))}`;
