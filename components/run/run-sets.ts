import type { Dataset } from "@/lib/contract/dataset";
import type { TrainSpec } from "@/lib/contract/job-spec";
import type { Run } from "@/lib/contract/run";
import { type MixCounts, mixCounts, type SetCounts } from "@/lib/domain/mix";
import { isReady } from "@/lib/domain/ready-dataset";
import { validationSetIds } from "@/lib/domain/train-data";

/** A set as a run used it. `dataset` is null where it was deleted since; then its rows are not known any more. */
export type RunSet = {
  id: string;
  name: string;
  dataset: Dataset | null;
  weight: number | null;
  maxRows: number | null;
  counts: SetCounts | null;
};
export type RunSets = {
  trained: RunSet[];
  validation: { id: string; name: string; dataset: Dataset | null; rows: number | null }[];
  counts: MixCounts | null;
};

/** Which sets a run trains, and how many of their rows: by the rule of the launch form and of the trainer. */
export function runSets({ labels }: Pick<Run, "labels">, { data, training }: TrainSpec, datasets: readonly Dataset[]): RunSets {
  const find = (id: string) => datasets.find((dataset) => dataset.id === id) ?? null;
  const names = [labels.data, ...(labels.otherData ?? [])];
  const rowsOf = (id: string) => {
    const dataset = find(id);
    return dataset !== null && isReady(dataset) ? dataset.report.usableRows : null;
  };
  const held = validationSetIds(data);
  const rows = { sets: data.sets.map(({ datasetId }) => rowsOf(datasetId)), validation: held.map(rowsOf) };
  const counts =
    isKnown(rows.sets) && isKnown(rows.validation)
      ? mixCounts(data, { sets: rows.sets, validation: rows.validation }, training.seed)
      : null;
  return {
    counts,
    trained: data.sets.map(({ datasetId, weight, maxRows }, at) => ({
      id: datasetId,
      name: names[at] ?? find(datasetId)?.name ?? datasetId,
      dataset: find(datasetId),
      weight: data.mix === "concatenate" || data.sets.length === 1 ? null : weight,
      maxRows,
      counts: counts?.sets[at] ?? null,
    })),
    validation: held.map((id, at) => ({ id, name: find(id)?.name ?? id, dataset: find(id), rows: rows.validation[at] ?? null })),
  };
}

const isKnown = (rows: readonly (number | null)[]): rows is readonly number[] => !rows.includes(null);
