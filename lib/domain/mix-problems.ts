import type { FieldProblemCode } from "../contract/errors";
import type { MixCounts, Mixture } from "./mix";

/** Something that keeps a mixture from being trained; `path` begins at the spec, such as `data.sets.1.weight`. */
export type MixProblem = {
  path: string;
  code: Extract<FieldProblemCode, "noUsableRow" | "oneUsableRow" | "tooManyHeldOut" | "noRowByWeight" | "tooManyRepeats">;
  params: Record<string, number>;
  value: unknown;
};

/** An epoch of more rows than these is a slip of the weights; the trainer keeps eight bytes a row. */
export const MAX_EPOCH_ROWS = 200_000_000;

/** What the counts make impossible. */
export function mixProblems({ sets, mix, validation }: Mixture, counts: MixCounts): MixProblem[] {
  const problems: MixProblem[] = [];
  for (const [at, { kept, validation: held, train }] of counts.sets.entries()) {
    if (kept === 0) problems.push({ path: `data.sets.${at}.datasetId`, code: "noUsableRow", params: { set: at }, value: 0 });
    else if (train === 0 && mix !== "concatenate" && counts.trainRows > 0)
      problems.push({
        path: `data.sets.${at}.weight`,
        code: "noRowByWeight",
        params: { set: at, rows: kept - held },
        value: sets[at]?.weight,
      });
  }
  for (const [at, rows] of counts.validationSets.entries())
    if (rows === 0)
      problems.push({ path: `data.validation.datasetIds.${at}`, code: "noUsableRow", params: { validationSet: at }, value: 0 });
  const most = counts.sets.reduce((sum, { kept }) => sum + Math.max(0, kept - 1), 0);
  if (validation.type === "fraction" && counts.evalRows === 0 && counts.trainRows > 0)
    problems.push({ path: "data.validation.fraction", code: "oneUsableRow", params: {}, value: validation.fraction });
  if (validation.type === "rows" && validation.rows > most)
    problems.push({
      path: "data.validation.rows",
      code: "tooManyHeldOut",
      params: { rows: validation.rows, most },
      value: validation.rows,
    });
  if (counts.trainRows > MAX_EPOCH_ROWS && counts.repeatedRows > 0)
    problems.push({ path: "data.mix", code: "tooManyRepeats", params: { rows: counts.trainRows, most: MAX_EPOCH_ROWS }, value: mix });
  return problems;
}
