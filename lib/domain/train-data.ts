import type { DatasetId } from "../contract/ids";
import type { TrainData, Validation } from "../contract/train-data";

/** All rows of one set, a share of them held out. */
export const oneSet = (datasetId: DatasetId, evalFraction: number): TrainData => ({
  sets: [{ datasetId, weight: 1, maxRows: null }],
  mix: "concatenate",
  validation: shareHeldOut(evalFraction),
});

/** A share of every set; 0 is no validation. */
export const shareHeldOut = (fraction: number): Exclude<Validation, { type: "sets" }> =>
  fraction === 0 ? { type: "none" } : { type: "fraction", fraction, stratified: true };

export const validationSetIds = ({ validation }: TrainData): readonly DatasetId[] =>
  validation.type === "sets" ? validation.datasetIds : [];

/** Every set that a training reads, those for validation too. */
export const datasetIdsOf = (data: TrainData): DatasetId[] => [...data.sets.map(({ datasetId }) => datasetId), ...validationSetIds(data)];
