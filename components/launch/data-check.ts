import type { Dataset } from "@/lib/contract/dataset";
import type { Stage } from "@/lib/contract/stages";
import { type MixProblem, mixProblems } from "@/lib/domain/mix-problems";
import { isReady } from "@/lib/domain/ready-dataset";
import { isOtherKind, rowKindOf } from "@/lib/domain/stage-rows";
import { type DataValues, readNames, readSets, readValidationType } from "./data-draft";
import type { DataPlan } from "./data-plan";

type Params = Record<string, string | number>;
/** Of a choice that only this form can see; or with the code that the server would refuse by. */
export type DataProblem =
  | { kind: "data"; path: string; code: "setGone" | "setTwice" | "validationTwice" | "alsoTrained"; params: Params }
  | { kind: "counts"; path: string; code: "notChecked" | "noRowForStage" | MixProblem["code"]; params: Params };

const OWN_SETS = "data.validation.datasetIds";

/** What only the sets themselves and the counts can tell; the schema says the rest. */
export function dataProblems(data: DataValues, plan: DataPlan, find: (id: string) => Dataset | null, stage: Stage = "sft"): DataProblem[] {
  const trained = readSets(data["data.sets"]).map(({ datasetId }) => datasetId);
  const own = readValidationType(data["data.validation.type"]) === "sets" ? readNames(data[OWN_SETS]) : [];
  const nameOf = (id: string) => find(id)?.name ?? id;
  const figuresOf = (id: string | null): Params => {
    const report = id === null ? null : find(id)?.report;
    if (id === null || !report) return id === null ? {} : { name: nameOf(id), rows: 0 };
    if (isOtherKind(report, stage)) return { name: nameOf(id), rows: report.usableRows, stage, kind: rowKindOf(stage) };
    return { name: nameOf(id), rows: report.rows };
  };
  const at = (path: string, code: (DataProblem & { kind: "data" })["code"], id: string): DataProblem => ({
    kind: "data",
    path,
    code,
    params: { name: nameOf(id) },
  });
  const usable = (id: string, path: string): DataProblem[] => {
    const dataset = find(id);
    if (dataset === null) return [at(path, "setGone", id)];
    return isReady(dataset) ? [] : [{ kind: "counts", path, code: "notChecked", params: { name: dataset.name } }];
  };
  const ofSets = trained.flatMap((id, index) => {
    if (id === null) return [];
    const path = `data.sets.${index}.datasetId`;
    return trained.indexOf(id) < index ? [at(path, "setTwice", id)] : usable(id, path);
  });
  const ofOwn = own.flatMap((id, index) => {
    if (own.indexOf(id) < index) return [at(OWN_SETS, "validationTwice", id)];
    return trained.includes(id) ? [at(OWN_SETS, "alsoTrained", id)] : usable(id, OWN_SETS);
  });
  return [...ofSets, ...ofOwn, ...countProblems(plan, trained.map(figuresOf), own.map(figuresOf))];
}

/** Only where every figure is known: what a wrong one leads to is no second thing to mend. */
function countProblems({ wrong, mixture, counts }: DataPlan, sets: readonly Params[], own: readonly Params[]): DataProblem[] {
  if (wrong) return [];
  return mixProblems(mixture, counts).map(({ path, code, params: { set, validationSet, ...params } }) => {
    const figures = validationSet === undefined ? sets[set ?? 0] : own[validationSet];
    return {
      kind: "counts",
      path: path.startsWith(OWN_SETS) ? OWN_SETS : path,
      code: code === "noUsableRow" && figures?.kind !== undefined ? "noRowForStage" : code,
      params: { ...figures, ...params },
    };
  });
}
