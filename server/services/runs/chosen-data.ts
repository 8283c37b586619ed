import type { FieldProblem } from "../../../lib/contract/errors";
import type { TrainSpec } from "../../../lib/contract/job-spec";
import type { Run } from "../../../lib/contract/run";
import type { TrainData } from "../../../lib/contract/train-data";
import { type MixCounts, mixCounts } from "../../../lib/domain/mix";
import { isReady, type ReadyDataset } from "../../../lib/domain/ready-dataset";
import { trainableRows } from "../../../lib/domain/stage-rows";
import { validationSetIds } from "../../../lib/domain/train-data";
import type { ServerContext } from "../../context";
import { invalidFields } from "../../errors";
import { notChecked } from "../datasets/ready";

/** The sets of a training in the order of its spec, all of them checked. */
export type ChosenData = { sets: ReadyDataset[]; validation: ReadyDataset[] };

export function chosenData(ctx: ServerContext, data: TrainData): ChosenData {
  const problems: FieldProblem[] = [];
  const take = (id: ReadyDataset["id"], path: string): ReadyDataset[] => {
    const dataset = ctx.datasets.getOrThrow(id);
    if (isReady(dataset)) return [dataset];
    problems.push(notChecked(dataset, path));
    return [];
  };
  const chosen = {
    sets: data.sets.flatMap(({ datasetId }, at) => take(datasetId, `spec.data.sets.${at}.datasetId`)),
    validation: validationSetIds(data).flatMap((id, at) => take(id, `spec.data.validation.datasetIds.${at}`)),
  };
  if (problems.length > 0) throw invalidFields(problems);
  return chosen;
}

export function countRows({ stage, data, training }: TrainSpec, { sets, validation }: ChosenData): MixCounts {
  const rowsOf = ({ report }: ReadyDataset): number => trainableRows(report, stage);
  return mixCounts(data, { sets: sets.map(rowsOf), validation: validation.map(rowsOf) }, training.seed);
}

/** Each set with the field that names it. */
export const withPaths = ({ sets, validation }: ChosenData): { dataset: ReadyDataset; path: string }[] => [
  ...sets.map((dataset, at) => ({ dataset, path: `spec.data.sets.${at}.datasetId` })),
  ...validation.map((dataset, at) => ({ dataset, path: `spec.data.validation.datasetIds.${at}` })),
];

export function dataLabels({ sets: [first, ...others] }: ChosenData): Pick<Run["labels"], "data" | "otherData"> {
  return { data: first?.name ?? null, ...(others.length > 0 && { otherData: others.map(({ name }) => name) }) };
}
