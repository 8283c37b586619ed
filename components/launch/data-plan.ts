import { MAX_WEIGHT, MIN_WEIGHT } from "@/lib/contract/mix-names";
import { trainingParameters } from "@/lib/contract/parameters/training";
import { type MixCounts, type Mixture, mixCounts } from "@/lib/domain/mix";
import { shareHeldOut } from "@/lib/domain/train-data";
import { type DataValues, readMix, readNames, readSets, readValidationType, toDataInput } from "./data-draft";

/** Usable rows of a data set; null where it is gone or not checked. */
export type RowsOf = (datasetId: string) => number | null;

/** `wrong`: a field on which the counts rest can't be counted with, so they are only what they would be without it. */
export type DataPlan = { counts: MixCounts; mixture: Mixture; wrong: boolean };

/** What each set gives, from the values of the form as they are. */
export function planData(data: DataValues, seed: unknown, rowsOf: RowsOf): DataPlan {
  const { sets } = toDataInput(data);
  const rows = sets.map(({ datasetId }) => (datasetId === null ? null : rowsOf(datasetId)));
  const validation = readValidation(data);
  const own = validation?.type === "sets" ? readNames(data["data.validation.datasetIds"]).map(rowsOf) : [];
  const mixture: Mixture = {
    sets: sets.map(({ weight, maxRows }) => ({
      weight: isWeight(weight) ? weight : 1,
      maxRows: maxRows !== null && isCount(maxRows) ? maxRows : null,
    })),
    mix: sets.length > 1 ? readMix(data["data.mix"]) : "concatenate",
    validation: validation ?? { type: "none" },
  };
  const wrong =
    validation === null ||
    [...rows, ...own].includes(null) ||
    sets.some(({ weight, maxRows }) => !isWeight(weight) || (maxRows !== null && !isCount(maxRows)));
  const counts = mixCounts(mixture, { sets: rows.map(orNone), validation: own.map(orNone) }, readSeed(seed));
  return { counts, mixture, wrong };
}

/** Null while what is typed says nothing that could be counted with. */
function readValidation(data: DataValues): Mixture["validation"] | null {
  const stratified = data["data.validation.stratified"] === true;
  switch (readValidationType(data["data.validation.type"])) {
    case "none":
      return { type: "none" };
    case "fraction": {
      const fraction = data["data.validation.fraction"];
      if (typeof fraction !== "number" || !(fraction >= 0 && fraction <= 0.5)) return null;
      return fraction === 0 ? shareHeldOut(0) : { type: "fraction", fraction, stratified };
    }
    case "rows": {
      const rows = data["data.validation.rows"];
      return isCount(rows) ? { type: "rows", rows, stratified } : null;
    }
    case "sets":
      return { type: "sets" };
  }
}

/** Rows that caps leave, before anything is held out: what suggestions go by. Null while no set is known. */
export function countKept(sets: unknown, rowsOf: RowsOf): number | null {
  const kept = readSets(sets).map(({ datasetId, maxRows }) => {
    const rows = datasetId === null ? null : rowsOf(datasetId);
    return rows === null ? null : Math.min(rows, maxRows !== null && isCount(maxRows) ? maxRows : rows);
  });
  const known = kept.filter((rows) => rows !== null);
  return known.length === 0 ? null : known.reduce((sum, rows) => sum + rows, 0);
}

const isWeight = (value: number): boolean => value >= MIN_WEIGHT && value <= MAX_WEIGHT;
const isCount = (value: unknown): value is number => typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 1e9;
const orNone = (rows: number | null): number => rows ?? 0;
const readSeed = (seed: unknown): number => (typeof seed === "number" && Number.isInteger(seed) ? seed : trainingParameters.seed.default);
