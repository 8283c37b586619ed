import { type MixCounts, mixCounts } from "@/lib/domain/mix";
import { shareHeldOut } from "@/lib/domain/train-data";

/** Rows of one set with a share held out. */
export const planRows = (usableRows: number, evalFraction: number): MixCounts =>
  mixCounts(
    { sets: [{ weight: 1, maxRows: null }], mix: "concatenate", validation: shareHeldOut(evalFraction) },
    { sets: [usableRows], validation: [] },
    0,
  );
