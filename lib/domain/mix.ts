import type { MixMode } from "../contract/mix-names";
import type { TrainSet, Validation } from "../contract/train-data";

/** What of `TrainData` the counts rest on; a form has it before there are ids. */
export type Mixture = {
  sets: readonly Pick<TrainSet, "weight" | "maxRows">[];
  mix: MixMode;
  validation: Exclude<Validation, { type: "sets" }> | { type: "sets" };
};

/** What becomes of the rows of one set. `rows` = left out by the cap + `validation` + `unused` + (`train` − `repeated`). */
export type SetCounts = {
  rows: number;
  /** Rows that the cap leaves. */
  kept: number;
  /** Rows held out. */
  validation: number;
  /** Rows of one epoch, repeated ones counted as often as they are trained. */
  train: number;
  /** Of these, rows that come again. */
  repeated: number;
  /** Rows that interleaving leaves aside because another set was used up before. */
  unused: number;
};

export type MixCounts = {
  sets: SetCounts[];
  /** Usable rows of the sets that serve only for validation. */
  validationSets: number[];
  trainRows: number;
  evalRows: number;
  repeatedRows: number;
  unusedRows: number;
};

/** Usable rows of the sets and of the sets for validation, in the order of the spec. */
export type RowsKnown = { sets: readonly number[]; validation: readonly number[] };

/**
 * How many rows of which set train, known before anything starts; trainer/data/mix.py counts by the same arithmetic, and shared
 * fixtures hold both to it. The steps: cap each set, hold out, mix what is left.
 *
 * - Held out of a share: the rounded-down share of all kept rows, at least one. Stratified: by the largest remainder, each set in
 *   proportion to its rows; else drawn one by one by the seed. One row of every set always stays.
 * - Interleaving by weights w: with p rows left in each set, `periods` T = the least p/w (until the first is used up) or the greatest
 *   (until all are), and each set gives round(w × T) rows. That is `datasets.interleave_datasets` with `probabilities` = w / sum of w
 *   (first_exhausted, all_exhausted), had its draws come out exactly at their probabilities: without drawing the number is known
 *   beforehand. A set that gives more than it has is gone through again. Within an epoch the trainer shuffles all of it.
 */
export function mixCounts(data: Mixture, rows: RowsKnown, seed: number): MixCounts {
  const kept = data.sets.map(({ maxRows }, at) => Math.min(rows.sets[at] ?? 0, maxRows ?? Number.POSITIVE_INFINITY));
  const held = heldOut(data.validation, kept, seed);
  const pools = kept.map((count, at) => count - (held[at] ?? 0));
  const train = mixed(data, pools);
  const sets = kept.map((count, at): SetCounts => {
    const [pool = 0, given = 0] = [pools[at], train[at]];
    return {
      rows: rows.sets[at] ?? 0,
      kept: count,
      validation: held[at] ?? 0,
      train: given,
      repeated: Math.max(0, given - pool),
      unused: Math.max(0, pool - given),
    };
  });
  const validationSets = data.validation.type === "sets" ? [...rows.validation] : [];
  return {
    sets,
    validationSets,
    trainRows: sum(train),
    evalRows: sum(held) + sum(validationSets),
    repeatedRows: sum(sets.map(({ repeated }) => repeated)),
    unusedRows: sum(sets.map(({ unused }) => unused)),
  };
}

/** Rows that each set gives for validation. */
function heldOut(validation: Mixture["validation"], kept: readonly number[], seed: number): number[] {
  if (validation.type === "none" || validation.type === "sets") return kept.map(() => 0);
  const spare = kept.map((count) => Math.max(0, count - 1));
  const wanted = validation.type === "rows" ? validation.rows : Math.max(1, Math.floor(sum(kept) * validation.fraction));
  const count = Math.min(wanted, sum(spare));
  return validation.stratified ? inProportion(kept, spare, count) : drawn(spare, count, seed);
}

/** Largest remainder (Hamilton): the rounded-down quota of each, then one more where most was cut off; earlier sets first. */
function inProportion(sizes: readonly number[], limits: readonly number[], count: number): number[] {
  const whole = sum(sizes);
  const quotas = sizes.map((size) => (whole === 0 ? 0 : (size * count) / whole));
  const given = quotas.map((quota, at) => Math.min(Math.floor(quota), limits[at] ?? 0));
  const order = quotas.map((quota, at) => ({ at, cut: quota - Math.floor(quota) })).sort((a, b) => b.cut - a.cut || a.at - b.at);
  for (let left = count - sum(given); left > 0; ) {
    const before = left;
    for (const { at } of order) {
      if (left === 0 || (given[at] ?? 0) >= (limits[at] ?? 0)) continue;
      given[at] = (given[at] ?? 0) + 1;
      left -= 1;
    }
    if (left === before) break;
  }
  return given;
}

/** So many rows are drawn one by one; with more than these the shares are those of a stratified split to a thousandth. */
const MAX_DRAWS = 200_000;

/** Rows drawn without putting back, from all sets together: a set is met as often as it has rows left. */
function drawn(limits: readonly number[], count: number, seed: number): number[] {
  const bulk = inProportion(limits, limits, Math.max(0, count - MAX_DRAWS));
  const left = limits.map((limit, at) => limit - (bulk[at] ?? 0));
  const given = [...bulk];
  const random = mulberry32(seed);
  let rest = sum(left);
  for (let draw = count - sum(bulk); draw > 0; draw -= 1) {
    let place = Math.floor(random() * rest);
    const at = left.findIndex((rows) => {
      place -= rows;
      return place < 0;
    });
    left[at] = (left[at] ?? 0) - 1;
    given[at] = (given[at] ?? 0) + 1;
    rest -= 1;
  }
  return given;
}

/** Rows of one epoch. */
function mixed({ mix, sets }: Mixture, pools: readonly number[]): number[] {
  if (mix === "concatenate" || sets.length === 1) return [...pools];
  const periods = pools.map((pool, at) => pool / weightOf(sets[at]));
  const span = mix === "interleave_first" ? Math.min(...periods) : Math.max(...periods);
  return pools.map((pool, at) => {
    if (pool === 0) return 0;
    const share = Math.floor(weightOf(sets[at]) * span + 0.5);
    // The set that is used up gives exactly what it has, whatever the last bit of the product says.
    return mix === "interleave_first" ? Math.min(share, pool) : Math.max(share, pool);
  });
}

const weightOf = (set: Mixture["sets"][number] | undefined): number => set?.weight ?? 1;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Tommy Ettinger's generator of 32 bits; two draws make one number of 53 bits, as in Python's `random`. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
}
