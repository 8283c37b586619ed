import type { DatasetReport } from "../contract/dataset";
import type { Stage } from "../contract/stages";
import { assertNever } from "./assert-never";

/** What a stage learns from: wanted answers, plain text, pairs of answers, or answers with a verdict. */
export type RowKind = "answers" | "texts" | "pairs" | "verdicts";

export function rowKindOf(stage: Stage): RowKind {
  switch (stage) {
    case "sft":
      return "answers";
    case "pt":
      return "texts";
    case "rm":
    case "dpo":
    case "orpo":
    case "simpo":
      return "pairs";
    case "kto":
      return "verdicts";
    default:
      return assertNever(stage);
  }
}

/** A set without a row for the stage may have rows for another: then that is what is wrong with it. */
export const isOtherKind = (report: Counted | null | undefined, stage: Stage): boolean =>
  report != null && report.usableRows > 0 && trainableRows(report, stage) === 0;

type Counted = Pick<DatasetReport, "format" | "usableRows" | "unwantedRows">;

/** Rows of a set that a stage trains, as trainer/data/rows.py takes them. All rows of a set are of one format, so that tells. */
export function trainableRows({ format, usableRows, unwantedRows = 0 }: Counted, stage: Stage): number {
  const compared = format === "preference" || format === "ranked";
  switch (rowKindOf(stage)) {
    case "answers":
      return usableRows - unwantedRows;
    case "texts":
      return format === "text" ? usableRows : 0;
    case "pairs":
      return compared ? usableRows : 0;
    case "verdicts":
      // A pair is one wanted and one unwanted answer.
      return compared ? 2 * usableRows : format === "kto" ? usableRows : 0;
  }
}
