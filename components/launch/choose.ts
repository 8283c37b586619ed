import type { Dataset } from "@/lib/contract/dataset";
import type { TrainSpec } from "@/lib/contract/job-spec";
import type { Model } from "@/lib/contract/model";
import { stages } from "@/lib/contract/stages";
import { isReady, type ReadyDataset } from "@/lib/domain/ready-dataset";
import { trainableRows } from "@/lib/domain/stage-rows";
import { readSets, withSet } from "./data-draft";
import { type Candidate, type Chosen, type Draft, setField } from "./draft";

/** A set that came just now is meant: it takes the place of a single one, and joins several. */
export function addUploaded(draft: Draft, candidate: Candidate, datasetId: string): Draft {
  const sets = readSets(candidate["data.sets"]);
  return setField(draft, "data.sets", withSet(sets.length > 1 ? sets : [], datasetId));
}

/** The person's choice, else the quick start's, else the first that can be used. */
export function choose(draft: Draft, models: readonly Model[], datasets: readonly Dataset[], quickStart: TrainSpec | null) {
  const { modelId } = draft.values;
  const usable = models.find((entry) => entry.id === quickStart?.modelId) ?? models.find((entry) => entry.present);
  const model = modelId === undefined ? usable : models.find((entry) => entry.id === modelId);
  const find = (id: string) => datasets.find((entry) => entry.id === id) ?? null;
  const ready = datasets.filter(isReady);
  const quick = quickStart?.data.sets[0]?.datasetId;
  const stage = stages.find((one) => one === draft.values.stage) ?? "sft";
  const fits = ({ report }: ReadyDataset) => trainableRows(report, stage) > 0;
  const readable = ready.find((entry) => entry.id === quick && fits(entry)) ?? ready.find(fits);
  const typed = draft.values["data.sets"];
  const ids = typed === undefined ? [readable?.id] : readSets(typed).map(({ datasetId }) => datasetId);
  const chosen: Chosen = {
    // A model that is gone leaves its field empty, and the check asks for another.
    modelId: model?.id ?? null,
    modelName: model?.name ?? null,
    datasetId: readable?.id ?? null,
    dataNames: ids.map((id) => find(id ?? "")?.name ?? ""),
    rowsOf: (id) => {
      const found = ready.find((entry) => entry.id === id);
      return found === undefined ? null : trainableRows(found.report, stage);
    },
  };
  return { model: model ?? null, chosen, ready, find };
}
