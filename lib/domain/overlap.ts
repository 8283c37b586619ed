import type { DatasetReport } from "../contract/dataset";
import type { OverlapReport } from "../contract/overlap";
import { leakKinds } from "../contract/overlap-names";

/** Validation rows that also stand in training. */
export const leakedRows = ({ counts }: OverlapReport): number => leakKinds.reduce((sum, kind) => sum + counts[kind], 0);

export const comparedRows = ({ sets, trainingSets }: OverlapReport, part: "training" | "validation"): number =>
  (part === "training" ? sets.slice(0, trainingSets) : sets.slice(trainingSets)).reduce((sum, one) => sum + one.comparedRows, 0);

export const leakingRows = ({ sets }: OverlapReport): number => sets.reduce((sum, one) => sum + one.leakingRows, 0);

/** Training rows that say what an earlier one says too. */
export const repeatedRows = ({ repeats }: OverlapReport): number => repeats.reduce((sum, { size, groups }) => sum + (size - 1) * groups, 0);

/** How many held-out rows have a twin in training where a share of all rows is drawn at random: of a group of k rows, k·f·(1 − f^(k−1)). */
export const leaksOfSplit = ({ repeats }: OverlapReport, share: number): number =>
  repeats.reduce((sum, { size, groups }) => sum + groups * size * share * (1 - share ** (size - 1)), 0);

const repeated: readonly string[] = ["duplicate", "near_duplicate"];

/** Rows that the check found to repeat an earlier one, and that stay. */
export const keptRepeats = ({ reasons }: DatasetReport): number =>
  reasons.reduce((sum, { reason, action, rows }) => (repeated.includes(reason) && action === "keep" ? sum + rows : sum), 0);
