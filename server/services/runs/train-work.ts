import { join } from "node:path";
import type { TrainSpec } from "../../../lib/contract/job-spec";
import type { Model } from "../../../lib/contract/model";
import type { ReadyDataset } from "../../../lib/domain/ready-dataset";
import type { ServerContext } from "../../context";
import type { Work } from "../../tasks/tasks";

type Given = { spec: TrainSpec; model: Model; dataset: ReadyDataset; resumeFrom: string | null };

/** The person's choices with the paths behind them. */
export function trainWork(ctx: ServerContext, { spec, model, dataset, resumeFrom }: Given): Work {
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
      dataset: {
        label: dataset.name,
        rowsPath: join(ctx.env.home, "datasets", dataset.id, "rows.jsonl"),
        usableRows: dataset.report.usableRows,
        sha256: dataset.report.sha256,
      },
      resumeFrom,
    },
  };
}
