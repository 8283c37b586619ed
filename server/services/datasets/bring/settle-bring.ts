import type { Dataset } from "../../../../lib/contract/dataset";
import type { DatasetId } from "../../../../lib/contract/ids";
import type { Run } from "../../../../lib/contract/run";
import { isEnded } from "../../../../lib/domain/run-status";
import type { ServerContext } from "../../../context";
import { AppError, toWire } from "../../../errors";
import { openStaging, type Staging } from "../../../stores/dataset-files";
import { discardRun } from "../../runs/discard";
import { placeFiles } from "../place";
import { saveDataset } from "../save";
import { readBrought } from "./bring";
import { readOn } from "./import";
import { firstFault } from "./refuse-unreadable";

const settling = new Set<DatasetId>();

/** The files have come, or they have not: the data set goes on by itself, or says why it can't. */
export async function settleBring(ctx: ServerContext, run: Run): Promise<void> {
  if (run.spec.kind !== "data" || run.spec.task.type !== "bring" || !isEnded(run.status)) return;
  const { datasetId } = run.spec;
  if (settling.has(datasetId)) return;
  settling.add(datasetId);
  try {
    await settle(ctx, run, datasetId);
  } finally {
    settling.delete(datasetId);
  }
}

async function settle(ctx: ServerContext, run: Run, datasetId: DatasetId): Promise<void> {
  const dataset = ctx.datasets.find(datasetId);
  if (dataset !== null && (dataset.status !== "checking" || dataset.taskId !== run.id)) return;
  const staging = await openStaging(ctx.env.home, datasetId);
  if (dataset === null) {
    await staging.discard();
    await discardRun(ctx, run.id);
    return;
  }
  if (run.status !== "succeeded") {
    await staging.discard();
    saveDataset(ctx, { ...dataset, status: "failed" });
    return;
  }
  try {
    // With files it was placed before the server was ended.
    const placed = dataset.files.length > 0 ? dataset : await place(ctx, dataset, staging);
    const fault = await firstFault(ctx, placed);
    if (fault !== null) throw fault;
    await readOn(ctx, placed, placed.mapping);
  } catch (error) {
    await staging.discard();
    await fail(ctx, datasetId, error);
  }
}

/** It stays in the same state until it is known how its rows are read. */
async function place(ctx: ServerContext, { id }: Dataset, staging: Staging): Promise<Dataset> {
  const brought = await readBrought(staging);
  const { files } = await placeFiles(ctx, staging, id, brought.files);
  // Deleted meanwhile: nothing of it is published.
  const now = ctx.datasets.getOrThrow(id);
  await staging.publish();
  return saveDataset(ctx, { ...now, files, fileName: files[0]?.name ?? now.fileName, mapping: brought.mapping });
}

async function fail(ctx: ServerContext, id: DatasetId, error: unknown): Promise<void> {
  const dataset = ctx.datasets.find(id);
  if (dataset === null) return;
  if (!(error instanceof AppError)) ctx.log.error("dataset.bring_fault", { datasetId: id, error });
  const reason = error instanceof Error ? error.message : String(error);
  const told =
    error instanceof AppError
      ? error
      : new AppError("dataset_not_readable", `${dataset.name}: ${reason}`, { params: { fileName: dataset.name, reason } });
  saveDataset(ctx, { ...dataset, status: "failed", fault: toWire(told).error });
}
