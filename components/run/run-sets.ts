import type { Dataset } from "@/lib/contract/dataset";
import type { PlannedSet } from "@/lib/contract/event";
import type { TrainSpec } from "@/lib/contract/job-spec";
import type { Run } from "@/lib/contract/run";
import { mixCounts } from "@/lib/domain/mix";
import { isReady } from "@/lib/domain/ready-dataset";
import { trainableRows } from "@/lib/domain/stage-rows";
import { validationSetIds } from "@/lib/domain/train-data";

type Figures = Pick<PlannedSet, "rows" | "train" | "repeated" | "validation" | "dropped">;
/** A set as a run uses it. `dataset` is null where it was deleted since; `weight` where weights do not count. */
export type RunSet = {
  id: string;
  name: string;
  dataset: Dataset | null;
  weight: number | null;
  maxRows: number | null;
  figures: Figures | null;
};

/** The sets of a run, those for validation last: as the worker counted them, and before it has, by the same rule. */
export function runSets({ labels, plan }: Pick<Run, "labels" | "plan">, spec: TrainSpec, datasets: readonly Dataset[]): RunSet[] {
  const { sets, mix } = spec.data;
  const find = (id: string) => datasets.find((dataset) => dataset.id === id) ?? null;
  const names = [labels.data, ...(labels.otherData ?? [])];
  const expected = expectFigures(spec, find);
  const weighted = mix !== "concatenate" && sets.length > 1;
  const ids = [...sets.map(({ datasetId }) => datasetId), ...validationSetIds(spec.data)];
  return ids.map((id, at) => {
    const set = sets[at];
    const counted = plan?.sets?.[at];
    return {
      id,
      name: counted?.name ?? names[at] ?? find(id)?.name ?? id,
      dataset: find(id),
      weight: weighted && set ? set.weight : null,
      maxRows: set?.maxRows ?? null,
      figures: counted ?? expected?.[at] ?? null,
    };
  });
}

/** Null where the rows of a set are not known any more. */
function expectFigures({ stage, data, training }: TrainSpec, find: (id: string) => Dataset | null): Figures[] | null {
  const rowsOf = (id: string) => {
    const dataset = find(id);
    return dataset !== null && isReady(dataset) ? trainableRows(dataset.report, stage) : null;
  };
  const sets = data.sets.map(({ datasetId }) => rowsOf(datasetId));
  const validation = validationSetIds(data).map(rowsOf);
  if (!areKnown(sets) || !areKnown(validation)) return null;
  const counts = mixCounts(data, { sets, validation }, training.seed);
  return [
    ...counts.sets.map((set) => ({ ...set, dropped: 0 })),
    ...counts.validationSets.map((rows) => ({ rows, train: 0, repeated: 0, validation: rows, dropped: 0 })),
  ];
}

/** Sums of what the worker told, else of what is expected. */
export function sumRows(plan: Run["plan"], sets: readonly RunSet[]): { train: number; validation: number } | null {
  if (plan !== null) return { train: plan.trainRows, validation: plan.evalRows };
  const figures = sets.map((set) => set.figures);
  if (!figures.every((one) => one !== null)) return null;
  return figures.reduce((sum, one) => ({ train: sum.train + one.train, validation: sum.validation + one.validation }), {
    train: 0,
    validation: 0,
  });
}

const areKnown = (rows: readonly (number | null)[]): rows is readonly number[] => !rows.includes(null);
