import { join } from "node:path";
import type { Model } from "../../../lib/contract/model";
import type { StartFrom, TrainSpec } from "../../../lib/contract/train-spec";
import type { DatasetInput } from "../../../lib/contract/worker-spec";
import type { ReadyDataset } from "../../../lib/domain/ready-dataset";
import { trainableRows } from "../../../lib/domain/stage-rows";
import type { ServerContext } from "../../context";
import { rowsPath } from "../../stores/dataset-files";
import type { Work } from "../../tasks/tasks";
import type { ChosenData } from "./chosen-data";

type Given = { spec: TrainSpec; model: Model; data: ChosenData; resumeFrom: string | null };

/** The person's choices with the paths behind them. */
export function trainWork(ctx: ServerContext, { spec, model, data, resumeFrom }: Given): Work {
  const hub = model.source.type === "hub" ? model.source : null;
  return {
    kind: "train",
    job: spec,
    inputs: {
      model: {
        label: model.name,
        path: model.path,
        repo: hub?.repo ?? null,
        revision: hub?.revision ?? null,
        adapterPath: null,
        trustRemoteCode: model.trustRemoteCode,
      },
      datasets: data.sets.map((dataset) => datasetInput(ctx, spec.stage, dataset)),
      validation: data.validation.map((dataset) => datasetInput(ctx, spec.stage, dataset)),
      resumeFrom,
      startFrom: spec.startFrom === null ? null : checkpointFolder(ctx, spec.startFrom),
    },
  };
}

const checkpointFolder = (ctx: ServerContext, { runId, checkpoint }: StartFrom): string =>
  join(ctx.runDirs.paths(runId).checkpoints, checkpoint);

const datasetInput = (ctx: ServerContext, stage: TrainSpec["stage"], { id, name, report }: ReadyDataset): DatasetInput => ({
  label: name,
  rowsPath: rowsPath(ctx.env.home, id),
  usableRows: trainableRows(report, stage),
  sha256: report.sha256,
});
